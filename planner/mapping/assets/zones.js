/* Zones where no station may stand: a dashed outline and a thin red wash below the homes. */
(function () {
  'use strict';

  const Zones = planMap.VectorLayer.extend({
    build(map, renderer) {
      this.data.areas.forEach((rings, place) => {
        if (rings) this.add(L.polygon(planMap.parts(this.data, rings), { renderer }), place);
      });
    },

    styleOf() {
      return { stroke: true, color: '#a3123a', weight: 1.6, opacity: 0.9, dashArray: '7 4', fill: true, fillColor: '#a3123a', fillOpacity: 0.1 };
    },

    describe(place) {
      return planMap.card(this.data.name[place], planMap.words(['禁止设站的区域', 'no station may stand here']), []);
    },
  });

  planMap.zones = (data) => new Zones('zones', data);
})();
