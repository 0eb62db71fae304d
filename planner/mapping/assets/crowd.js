/* Thousands of homes as one path of the canvas: outlines lie in paths by tile and colour, made once and drawn at any zoom;
   what a click or the mouse meets is found by boxes. */
(function () {
  'use strict';

  const RADIUS = 6378137;
  const TILES = 10;
  /* Outlines of fewer pixels than this have no line around them, and stand on the map like dots. */
  const LINE_FROM_PX = 9;

  const x = (lng) => (RADIUS * lng * Math.PI) / 180;
  const y = (lat) => -RADIUS * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));

  planMap.Crowd = L.Path.extend({
    options: { fill: true, interactive: true },

    /* The places are [[lat, lng], ...]; the owner tells the steps of each outline, styles and radii. */
    initialize(places, owner, options) {
      L.setOptions(this, options);
      this.owner = owner;
      this.places = places;
      this.origin = places[0];
      [this.x0, this.y0] = [x(this.origin[1]), y(this.origin[0])];
      this.spots = new Float32Array(2 * places.length);
      this.rings = places.map(([lat, lng], place) => this._ringsOf(place, lat, lng));
      this.boxes = this._boxes();
      this.extent = extentOf(this.boxes, places.length);
      this._layOut();
    },

    _ringsOf(place, lat, lng) {
      this.spots[2 * place] = x(lng) - this.x0;
      this.spots[2 * place + 1] = y(lat) - this.y0;
      const [start, rings] = this.owner.stepsOf(place);
      if (!rings) return null;
      const { unit } = this.owner.data;
      const metres = (RADIUS * unit * Math.PI) / 180;
      let [east, north] = start;
      return rings.map((steps) => {
        const flat = new Float32Array(steps.length);
        let [i, j] = [east, north];
        for (let at = 0; at < steps.length; at += 2) {
          i += steps[at];
          j += steps[at + 1];
          flat[at] = metres * i - this.x0;
          flat[at + 1] = y(j * unit) - this.y0;
        }
        east += steps[0];
        north += steps[1];
        return flat;
      });
    },

    _boxes() {
      const boxes = new Float32Array(4 * this.places.length);
      this.rings.forEach((rings, place) => {
        const box = rings ? boxOf(rings[0]) : [this.spots[2 * place], this.spots[2 * place + 1], this.spots[2 * place], this.spots[2 * place + 1]];
        boxes.set(box, 4 * place);
      });
      return boxes;
    },

    _layOut() {
      const [west, north, east, south] = this.extent;
      const tile = (value, low, high) => Math.min(TILES - 1, Math.floor((TILES * (value - low)) / (high - low || 1)));
      this.tiles = Array.from({ length: TILES * TILES }, () => ({ places: [], paths: null, box: null }));
      this.tileOf = new Uint8Array(this.places.length);
      this.places.forEach((where, place) => {
        const number = tile(this.spots[2 * place + 1], north, south) * TILES + tile(this.spots[2 * place], west, east);
        this.tileOf[place] = number;
        this.tiles[number].places.push(place);
      });
      this.tiles.forEach((one) => {
        one.box = [Infinity, Infinity, -Infinity, -Infinity];
        one.places.forEach((place) => widen(one.box, this.boxes.subarray(4 * place, 4 * place + 4)));
      });
      this.mean = meanSize(this.rings, this.boxes);
    },

    /* Ask the layer for every style again; only tiles in which a home changed its colours are laid out anew. */
    recolour() {
      const known = new Map();
      const styles = [];
      const of = new Uint8Array(this.places.length);
      this.places.forEach((where, place) => {
        const style = this.owner.styleOf(place);
        const key = `${style.fillColor} ${style.color} ${style.rank || 0}`;
        if (!known.has(key)) {
          known.set(key, styles.length);
          styles.push({ ...style, key });
        }
        of[place] = known.get(key);
      });
      const before = this.styles;
      this.places.forEach((where, place) => {
        if (!before || before[this.of[place]].key !== styles[of[place]].key) this.tiles[this.tileOf[place]].paths = null;
      });
      this.styles = styles;
      this.of = of;
      this.order = styles.map((style, number) => number).sort((a, b) => (styles[a].rank || 0) - (styles[b].rank || 0));
      if (this._map) this.redraw();
    },

    _paths(tile) {
      if (tile.paths) return tile.paths;
      tile.paths = new Map();
      tile.places.forEach((place) => {
        if (!this.rings[place]) return;
        const { key } = this.styles[this.of[place]];
        if (!tile.paths.has(key)) tile.paths.set(key, new Path2D());
        const path = tile.paths.get(key);
        this.rings[place].forEach((ring) => {
          path.moveTo(ring[0], ring[1]);
          for (let at = 2; at < ring.length; at += 2) path.lineTo(ring[at], ring[at + 1]);
          path.closePath();
        });
      });
      return tile.paths;
    },

    /* Pixels of the layer are scale * metres + corner. */
    _project() {
      const zoom = this._map.getZoom();
      this._scale = this._map.options.crs.scale(zoom) / (2 * Math.PI * RADIUS);
      this._corner = this._map.project(this.origin, zoom).subtract(this._map.getPixelOrigin());
      const at = (px, py) => L.point(px * this._scale + this._corner.x, py * this._scale + this._corner.y);
      const [west, north, east, south] = this.extent;
      this._pxBounds = new L.Bounds(at(west, north).subtract([20, 20]), at(east, south).add([20, 20]));
    },

    _update() {
      this._updatePath();
    },

    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || !this.styles) return;
      const ctx = renderer._ctx;
      const { min, max } = renderer._bounds;
      const [scale, corner] = [this._scale, this._corner];
      const box = [(min.x - corner.x) / scale, (min.y - corner.y) / scale, (max.x - corner.x) / scale, (max.y - corner.y) / scale];
      const seen = this.tiles.filter((tile) => tile.places.length && overlap(tile.box, box, 20 / scale));
      ctx.save();
      ctx.transform(scale, 0, 0, scale, corner.x, corner.y);
      ctx.lineJoin = 'round';
      ctx.setLineDash([]);
      const lined = this.mean * scale >= LINE_FROM_PX;
      this.order.forEach((number) => {
        const style = this.styles[number];
        ctx.fillStyle = style.fillColor;
        ctx.strokeStyle = style.color;
        ctx.lineWidth = style.weight / scale;
        seen.forEach((tile) => {
          const path = this._paths(tile).get(style.key);
          if (!path) return;
          ctx.globalAlpha = style.fillOpacity;
          ctx.fill(path, 'nonzero');
          if (!lined) return;
          ctx.globalAlpha = style.opacity;
          ctx.stroke(path);
        });
      });
      ctx.restore();
      this._drawCircles(ctx, seen, box);
      this.drawnAt = this.drawnAt || performance.now();
    },

    _drawCircles(ctx, seen, box) {
      if (!this.circles) this.circles = this.rings.some((rings) => !rings) ? 1 : 2;
      if (this.circles === 2) return;
      ctx.save();
      ctx.setLineDash([]);
      this.order.forEach((number) => {
        const style = this.styles[number];
        ctx.beginPath();
        seen.forEach((tile) => tile.places.forEach((place) => {
          if (this.of[place] !== number || this.rings[place]) return;
          const [px, py, radius] = this._circle(place);
          ctx.moveTo(px + radius, py);
          ctx.arc(px, py, radius, 0, 2 * Math.PI);
        }));
        Object.assign(ctx, { fillStyle: style.fillColor, strokeStyle: style.color, lineWidth: style.weight, globalAlpha: style.fillOpacity });
        ctx.fill();
        ctx.globalAlpha = style.opacity;
        ctx.stroke();
      });
      ctx.restore();
    },

    _circle(place) {
      return [
        this.spots[2 * place] * this._scale + this._corner.x,
        this.spots[2 * place + 1] * this._scale + this._corner.y,
        this.owner.radiusOf(place),
      ];
    },

    /* The home at a point of the layer is kept for whoever asks next: the last drawn of those that lie there. */
    _containsPoint(point) {
      if (!this.styles) return false;
      const px = (point.x - this._corner.x) / this._scale;
      const py = (point.y - this._corner.y) / this._scale;
      const near = (this._clickTolerance() + 12) / this._scale;
      const found = [];
      for (let place = 0, at = 0; place < this.places.length; place += 1, at += 4) {
        if (px < this.boxes[at] - near || px > this.boxes[at + 2] + near || py < this.boxes[at + 1] - near || py > this.boxes[at + 3] + near) continue;
        const away = this._away(place, px, py, point);
        if (away <= this._clickTolerance()) found.push([away, place]);
      }
      if (!found.length) return false;
      const rank = (place) => this.order.indexOf(this.of[place]);
      found.sort((a, b) => a[0] - b[0] || rank(b[1]) - rank(a[1]) || b[1] - a[1]);
      [[, this.place]] = found;
      return true;
    },

    /* Pixels from a point to a home: 0 inside. */
    _away(place, px, py, point) {
      const rings = this.rings[place];
      if (rings) return inside(rings, px, py) ? 0 : outside(rings, px, py) * this._scale;
      const [cx, cy, radius] = this._circle(place);
      return Math.max(0, Math.hypot(cx - point.x, cy - point.y) - radius);
    },

    /* West, south and east, north of one home, in degrees. */
    boundsOf(place) {
      const rings = this.owner.ringsOf(place);
      return L.latLngBounds(rings ? rings[0] : [this.places[place]]);
    },
  });

  function extentOf(boxes, count) {
    const extent = [Infinity, Infinity, -Infinity, -Infinity];
    for (let place = 0; place < count; place += 1) widen(extent, boxes.subarray(4 * place, 4 * place + 4));
    return extent;
  }

  function widen(box, other) {
    box[0] = Math.min(box[0], other[0]);
    box[1] = Math.min(box[1], other[1]);
    box[2] = Math.max(box[2], other[2]);
    box[3] = Math.max(box[3], other[3]);
  }

  function boxOf(ring) {
    let [west, north, east, south] = [ring[0], ring[1], ring[0], ring[1]];
    for (let at = 2; at < ring.length; at += 2) {
      if (ring[at] < west) west = ring[at];
      if (ring[at] > east) east = ring[at];
      if (ring[at + 1] < north) north = ring[at + 1];
      if (ring[at + 1] > south) south = ring[at + 1];
    }
    return [west, north, east, south];
  }

  const overlap = (a, b, more) => a[0] <= b[2] + more && a[2] >= b[0] - more && a[1] <= b[3] + more && a[3] >= b[1] - more;

  function meanSize(rings, boxes) {
    let [sum, count] = [0, 0];
    rings.forEach((one, place) => {
      if (!one) return;
      sum += boxes[4 * place + 2] - boxes[4 * place];
      count += 1;
    });
    return count ? sum / count : 0;
  }

  /* Holes count: each edge that a ray crosses turns inside into outside. */
  function inside(rings, px, py) {
    let within = false;
    rings.forEach((ring) => {
      for (let at = 0, last = ring.length - 2; at < ring.length; last = at, at += 2) {
        if (ring[at + 1] > py !== ring[last + 1] > py
          && px < ((ring[last] - ring[at]) * (py - ring[at + 1])) / (ring[last + 1] - ring[at + 1]) + ring[at]) within = !within;
      }
    });
    return within;
  }

  function outside(rings, px, py) {
    let least = Infinity;
    const point = L.point(px, py);
    rings.forEach((ring) => {
      for (let at = 0, last = ring.length - 2; at < ring.length; last = at, at += 2) {
        least = Math.min(least, L.LineUtil.pointToSegmentDistance(point, L.point(ring[last], ring[last + 1]), L.point(ring[at], ring[at + 1])));
      }
    });
    return least;
  }
})();
