/* Gates of compounds: small white squares, seen from close by. */
(function () {
  'use strict';

  const SEEN_FROM_ZOOM = 14.5;

  const Gates = planMap.VectorLayer.extend({
    build(map, renderer) {
      planMap.places(this.data, this.data.points).forEach((where, place) => {
        this.add(L.circleMarker(where, { renderer, radius: 3 }), place);
      });
      map.on('zoomend', () => this._map && this.restyle());
    },

    styleOf() {
      const seen = this._map.getZoom() >= SEEN_FROM_ZOOM;
      return { stroke: seen, fill: seen, color: '#3f3a33', weight: 1.3, fillColor: '#ffffff', fillOpacity: 1, opacity: 1 };
    },

    describe(place) {
      const { data } = this;
      const title = (data.name && data.name[place]) || ['出入口', 'Gate'];
      return planMap.card(title, planMap.line([data.compound && data.compound[place]]), [
        [['类型', 'Kind'], ['小区出入口', 'gate of a compound']],
        [['状态', 'State'], data.state[place]],
        ...(data.hours && data.hours[place] ? [[['开放时间', 'Hours'], data.hours[place]]] : []),
      ]);
    },
  });

  planMap.gates = (data) => new Gates('gates', data);
})();
