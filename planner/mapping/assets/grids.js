/* Management grids; those with people of whom most have no station within reach are hatched. */
(function () {
  'use strict';

  const LINE = '#59544a';
  let hatch = null;

  function hatchPattern() {
    if (hatch) return hatch;
    const tile = document.createElement('canvas');
    tile.width = tile.height = 9;
    const ctx = tile.getContext('2d');
    ctx.strokeStyle = 'rgba(125, 42, 8, 0.55)';
    ctx.lineWidth = 1.1;
    ctx.beginPath();
    [-9, 0, 9].forEach((shift) => {
      ctx.moveTo(shift - 1, 10);
      ctx.lineTo(shift + 10, -1);
    });
    ctx.stroke();
    hatch = ctx.createPattern(tile, 'repeat');
    return hatch;
  }

  const Grids = planMap.VectorLayer.extend({
    build(map, renderer) {
      this.data.areas.forEach((rings, place) => {
        if (rings) this.add(L.polygon(planMap.parts(this.data, rings), { renderer, fillRule: 'nonzero' }), place);
      });
    },

    figures() {
      return this.data.needs[this.state().need][this.state().view];
    },

    styleOf(place) {
      const unserved = Boolean(this.figures().unserved[place]);
      return {
        color: unserved ? '#8c3b12' : LINE,
        weight: unserved ? 1.8 : 1.1,
        dashArray: unserved ? null : '2 4',
        opacity: unserved ? 0.95 : 0.7,
        fillColor: unserved ? hatchPattern() : '#000',
        fillOpacity: unserved ? 1 : 0,
      };
    },

    describe(place) {
      const { fill, people, percent } = planMap;
      const figures = this.figures();
      const standing = this.data.stations[this.state().view][place];
      return planMap.card(this.data.name[place], planMap.words(['网格', 'Grid']), [
        [['人数', 'People'], people(figures.people[place])],
        [['标准内人数', 'Within the standard'], people(figures.covered[place])],
        [['覆盖比例', 'Share covered'], percent(figures.share[place])],
        [['网格内驿站', 'Stations inside'], fill(['{n} 座', '{n}'], { n: standing })],
        figures.unserved[place] ? planMap.element('p', 'pm-verdict pm-no', planMap.words(['空白网格：多数人未在标准内', 'Unserved: most people are beyond the standard'])) : null,
        ...planMap.gridCard(this, place),
      ]);
    },
  });

  planMap.grids = (data) => new Grids('grids', data);
})();
