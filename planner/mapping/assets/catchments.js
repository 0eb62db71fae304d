/* Catchments of the stations open at the moment shown, for the need shown: one soft fill however many overlap, those that are new in red. */
(function () {
  'use strict';

  const TODAY = { fill: 'rgba(64, 78, 160, 0.13)', line: 'rgba(64, 78, 160, 0.75)' };
  /* More catchments than this, seen from further away than so many metres a pixel, are fills without lines. */
  const MANY = 40;
  const LINES_FROM = 6;
  const CHOSEN = { fill: 'rgba(20, 110, 80, 0.24)', line: 'rgba(9, 84, 58, 0.95)' };
  const ADDED = { fill: 'rgba(176, 36, 44, 0.10)', line: 'rgba(176, 36, 44, 0.75)' };

  planMap.catchments = function (data) {
    const origin = [data.origin[1] * data.unit, data.origin[0] * data.unit];
    const paths = data.areas.map((rings) => {
      const path = new Path2D();
      planMap.chunks(planMap.parts(data, rings || []), origin).forEach((chunk) => path.addPath(chunk.area));
      return path;
    });
    const unions = {};
    const union = (need, from, to) => {
      const number = data.of_need[need];
      const key = `${number} ${from} ${to}`;
      if (!unions[key]) {
        unions[key] = new Path2D();
        paths.filter((path, place) => data.moment[place] >= from && data.moment[place] <= to && data.need[place] === number)
          .forEach((path) => unions[key].addPath(path));
      }
      return unions[key];
    };

    const Catchments = planMap.Ground.extend({
      onAdd(map) {
        if (!map.getPane('planCatchments')) map.createPane('planCatchments').style.zIndex = 220;
        this._state = planMap.stateOf(map);
        planMap.Ground.prototype.onAdd.call(this, map);
        this._state.on('change', this._redrawState, this);
        planMap.register(map, 'catchments', this);
      },
      onRemove(map) {
        this._state.off('change', this._redrawState, this);
        planMap.Ground.prototype.onRemove.call(this, map);
      },
      _redrawState() {
        this.redraw();
      },
      /* Draw the catchment of one station stronger; `of` says whose emphasis ends, unless another has begun. */
      emphasise(site, of = null) {
        if (of !== null && this.site !== of) return;
        this.site = site;
        if (this._map) this.redraw();
      },
    });
    const layer = new Catchments(
      origin,
      (ctx, view) => {
        const { need } = layer._state;
        const number = data.of_need[need];
        const lined = data.areas.length <= MANY || view.metresPerPx < LINES_FROM;
        if (layer._state.standard === null && layer.site) {
          data.site.forEach((site, place) => {
            if (site === layer.site && data.need[place] === number) paint(ctx, view, paths[place], CHOSEN, true);
          });
        }
        if (layer._state.view === 'whatif' || layer._state.standard !== null) return; // drawn for the plan alone
        const now = data.moments.indexOf(layer._state.view);
        if (now > 0) onlyPlan(ctx, view, layer, () => paint(ctx, view, union(need, 1, now), ADDED, lined));
        paint(ctx, view, union(need, 0, 0), TODAY, lined);
      },
      { pane: 'planCatchments' }
    );
    return layer;
  };

  /* What the plan adds stands on the right of the divider, where there is one. */
  function onlyPlan(ctx, view, layer, draw) {
    const { planSwipe } = layer._map;
    if (!planSwipe) {
      draw();
      return;
    }
    const [west, north, east, south] = view.box;
    const edge = west + view.px * (layer._map.containerPointToLayerPoint([planSwipe.x, 0]).x - layer._bounds.min.x);
    ctx.save();
    ctx.beginPath();
    ctx.rect(edge, north, Math.max(0, east - edge), south - north);
    ctx.clip();
    draw();
    ctx.restore();
  }

  function paint(ctx, view, path, style, lined) {
    ctx.fillStyle = style.fill;
    ctx.fill(path, 'nonzero');
    if (!lined) return;
    ctx.setLineDash([6 * view.px, 3 * view.px]);
    ctx.strokeStyle = style.line;
    ctx.lineWidth = 1.2 * view.px;
    ctx.stroke(path);
  }
})();
