/* Changes of the streets: added paths dashed, closed ones crossed out; pale where they are only compared. */
(function () {
  'use strict';

  const CASING = { color: '#ffffff', weight: 6.5 };
  const STYLES = {
    add: { color: '#0b6b3a', weight: 3.5, dashArray: '7 6' },
    improve: { color: '#0b6b3a', weight: 3.5 },
    close: { color: '#a3123a', weight: 2.5 },
  };

  const CROSS = { every: 24, arm: 4.5 };

  /* A line with crosses on it, as large at every zoom. */
  const Crossed = L.Polyline.extend({
    _updatePath() {
      const renderer = this._renderer;
      renderer._updatePoly(this);
      if (!renderer._drawing || !this._parts.length) return;
      const ctx = renderer._ctx;
      ctx.beginPath();
      this._parts.forEach((part) => crosses(part).forEach(({ x, y }) => {
        [-CROSS.arm, CROSS.arm].forEach((arm) => {
          ctx.moveTo(x - CROSS.arm, y - arm);
          ctx.lineTo(x + CROSS.arm, y + arm);
        });
      }));
      renderer._fillStroke(ctx, this);
    },
  });

  /* Places on a line of pixels, evenly apart. */
  function crosses(line) {
    const steps = line.slice(1).map((to, place) => line[place].distanceTo(to));
    const length = steps.reduce((sum, step) => sum + step, 0);
    const count = Math.max(1, Math.round(length / CROSS.every));
    return Array.from({ length: count }, (_, number) => {
      let left = ((number + 0.5) * length) / count;
      const place = steps.findIndex((step) => (left <= step ? true : ((left -= step), false)));
      const [from, to] = place < 0 ? [line[0], line[0]] : [line[place], line[place + 1]];
      const share = place < 0 || !steps[place] ? 0 : left / steps[place];
      return L.point(from.x + share * (to.x - from.x), from.y + share * (to.y - from.y));
    });
  }

  const Changes = planMap.VectorLayer.extend({
    build(map, renderer) {
      this.data.lines.forEach((parts, place) => {
        const lines = planMap.parts(this.data, parts || []);
        const Line = this.data.kind[place] === 'close' ? Crossed : L.Polyline;
        [[L.Polyline, CASING], [Line, STYLES[this.data.kind[place]]]].forEach(([Shape, own]) => {
          this.add(new Shape(lines, { renderer, lineCap: 'butt', lineJoin: 'round', smoothFactor: 0.5 }), place).own = own;
        });
      });
    },

    restyle() {
      this.eachLayer((one) => one.setStyle({ ...one.own, opacity: this.data.on[one.place] ? 1 : 0.6 }));
    },

    describe(place) {
      const { data } = this;
      const people = (moment) => data.people[moment] && data.people[moment][place];
      const gain = (label, moment) => {
        const more = people(moment);
        return more === null || more === undefined ? null : [label, planMap.fill(['{n} 人', '{n} people'], { n: more.toLocaleString('en-US') })];
      };
      return planMap.card(data.name[place], planMap.line([data.label[place]]), [
        [['状态', 'State'], data.on[place] ? ['已计入方案', 'in the plan'] : ['仅作比较', 'compared only']],
        [['造价', 'Cost'], planMap.fill(['{n} 万元', '{n} × 10,000 CNY'], { n: data.cost[place].toLocaleString('en-US') })],
        gain(['现状下新增覆盖', 'People gained, today'], 'today'),
        gain(['方案下新增覆盖', 'People gained, plan'], 'plan'),
      ]);
    },
  });

  planMap.changes = (data) => new Changes('changes', data);
})();
