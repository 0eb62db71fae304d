/* A canvas behind the vectors: paths are made once in metres and drawn at any zoom by one transformation. */
(function () {
  'use strict';

  const RADIUS = 6378137;
  const PARTS_A_CHUNK = 300;
  const project = (lat, lng) => [
    (RADIUS * lng * Math.PI) / 180,
    -RADIUS * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)),
  ];

  planMap.Ground = L.Renderer.extend({
    options: { padding: 0.25 },

    initialize(origin, draw, options) {
      L.setOptions(this, options);
      L.stamp(this);
      this._layers = {};
      this._origin = origin;
      this._draw = draw;
    },

    _initContainer() {
      this._container = L.DomUtil.create('canvas', 'pm-ground');
      this._container.setAttribute('aria-hidden', 'true');
    },

    _destroyContainer() {
      L.DomUtil.remove(this._container);
      delete this._container;
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = planMap.printing ? 2 : Math.max(1, window.devicePixelRatio || 1);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = Math.round(size.x * ratio);
      this._container.height = Math.round(size.y * ratio);
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this.redraw();
    },

    redraw() {
      if (!this._container) return;
      const map = this._map;
      const ratio = this._container.width / this._bounds.getSize().x;
      const zoom = map.getZoom();
      const scale = map.options.crs.scale(zoom) / (2 * Math.PI * RADIUS);
      const corner = map.project(this._origin, zoom).subtract(map.getPixelOrigin()).subtract(this._bounds.min);
      const size = this._bounds.getSize();
      const ctx = this._container.getContext('2d');
      this._container.width += 0; // an empty canvas with no transformation
      ctx.transform(ratio * scale, 0, 0, ratio * scale, ratio * corner.x, ratio * corner.y);
      this._draw(ctx, {
        px: 1 / scale,
        metresPerPx: Math.cos((this._origin[0] * Math.PI) / 180) / scale,
        box: [-corner.x / scale, -corner.y / scale, (size.x - corner.x) / scale, (size.y - corner.y) / scale],
      });
    },
  });

  /* Lines and rings [[lat, lng], ...] as paths in metres around an origin, in chunks that can be left out unseen. */
  planMap.chunks = function (parts, origin) {
    const [x0, y0] = project(origin[0], origin[1]);
    const chunks = [];
    for (let first = 0; first < parts.length; first += PARTS_A_CHUNK) {
      const chunk = { area: new Path2D(), line: new Path2D(), box: [Infinity, Infinity, -Infinity, -Infinity] };
      parts.slice(first, first + PARTS_A_CHUNK).forEach((part) => trace(part, chunk, x0, y0));
      chunks.push(chunk);
    }
    return chunks;
  };

  planMap.inView = (chunk, box) =>
    chunk.box[0] <= box[2] && chunk.box[2] >= box[0] && chunk.box[1] <= box[3] && chunk.box[3] >= box[1];

  function trace(part, chunk, x0, y0) {
    const last = part[part.length - 1];
    const closed = part.length > 3 && part[0][0] === last[0] && part[0][1] === last[1];
    const path = closed ? chunk.area : chunk.line;
    part.forEach(([lat, lng], place) => {
      const [wx, wy] = project(lat, lng);
      const x = wx - x0;
      const y = wy - y0;
      if (place) path.lineTo(x, y);
      else path.moveTo(x, y);
      const box = chunk.box;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
    if (closed) path.closePath();
  }
})();
