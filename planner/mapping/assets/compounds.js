/* Walls of compounds: thin dark lines that stand above the homes and let clicks through to them. */
(function () {
  'use strict';

  const SEEN_FROM_ZOOM = 13.5;

  const Compounds = planMap.VectorLayer.extend({
    build(map, renderer) {
      this.data.areas.forEach((rings, place) => {
        if (rings) this.add(L.polyline(planMap.parts(this.data, rings).map(closed), { renderer }), place);
      });
      map.on('zoomend', () => this._map && this.restyle());
    },

    styleOf() {
      return { stroke: this._map.getZoom() >= SEEN_FROM_ZOOM, color: '#2b2621', weight: 1.2, opacity: 0.85 };
    },

    describe(place) {
      const { data } = this;
      const count = (state) => (data.gates[state] || [])[place];
      return planMap.card(data.name[place], planMap.words(['有围墙的小区', 'walled compound']), planMap.GATE_STATES
        .filter(([state]) => count(state))
        .map(([state, label]) => [label, planMap.fill(['{n} 处', '{n}'], { n: count(state) })]));
    },
  });

  function closed(ring) {
    return [...ring, ring[0]];
  }

  planMap.compounds = (data) => new Compounds('compounds', data);
})();
