/* Gates of compounds, seen from close by. Shapes differ, not only colours: ring, square, cross, triangle. */
(function () {
  'use strict';

  const SEEN_FROM_ZOOM = 14.5;
  const SIZE = 4.6;
  const STYLES = {
    open: { color: '#1f1b16', fillColor: '#ffffff', weight: 1.6, fill: true },
    residents: { color: '#1f1b16', fillColor: '#3b6fb6', weight: 1.3, fill: true },
    closed: { color: '#a3123a', weight: 2.6, fill: false },
    assumed: { color: '#1f1b16', fillColor: '#f2c230', weight: 1.3, fill: true },
  };

  const Gate = L.CircleMarker.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const { x, y } = this._point;
      const ctx = renderer._ctx;
      const to = (steps) => steps.forEach(([dx, dy], place) => ctx[place ? 'lineTo' : 'moveTo'](x + dx * SIZE, y + dy * SIZE));
      ctx.beginPath();
      if (this.options.state === 'residents') to([[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85], [-0.85, -0.85]]);
      else if (this.options.state === 'assumed') to([[0, -1.1], [1.1, 0.9], [-1.1, 0.9], [0, -1.1]]);
      else if (this.options.state === 'closed') [[-1, 1], [1, -1]].forEach(([from, end]) => to([[from, -1], [end, 1]]));
      else ctx.arc(x, y, SIZE * 0.85, 0, 2 * Math.PI);
      renderer._fillStroke(ctx, this);
    },
  });

  const Gates = planMap.VectorLayer.extend({
    build(map, renderer) {
      planMap.places(this.data, this.data.points).forEach((where, place) => {
        this.add(new Gate(where, { renderer, radius: SIZE, state: this.data.state[place] }), place);
      });
      map.on('zoomend', () => this._map && this.restyle());
    },

    styleOf(place) {
      const seen = this._map.getZoom() >= SEEN_FROM_ZOOM;
      const style = STYLES[this.data.state[place]];
      return { ...style, stroke: seen, fill: seen && style.fill, fillOpacity: 1, opacity: 1 };
    },

    describe(place) {
      const { data } = this;
      const title = (data.name && data.name[place]) || ['出入口', 'Gate'];
      const label = planMap.GATE_STATES.find(([state]) => state === data.state[place])[1];
      return planMap.card(title, planMap.line([data.compound && data.compound[place]]), [
        [['类型', 'Kind'], ['小区出入口', 'gate of a compound']],
        [['状态', 'State'], label],
        [['依据', 'Because'], data.reasons[data.why[place]]],
        ...(data.hours && data.hours[place] ? [[['开放时间', 'Hours'], data.hours[place]]] : []),
      ]);
    },
  });

  planMap.gates = (data) => new Gates('gates', data);
})();
