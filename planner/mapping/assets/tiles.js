/* A base map from outside, below everything else. Our own background stays until the first picture has come. */
(function () {
  'use strict';

  const A = 6378245;
  const E2 = 0.00669342162296594323;
  const { sin, cos, sqrt, abs, PI } = Math;

  /* WGS-84 to GCJ-02, as planner/loading/coordinates.py has it. */
  planMap.toGcj02 = function (place) {
    const { lng, lat } = L.latLng(place);
    if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) return L.latLng(lat, lng);
    const x = lng - 105;
    const y = lat - 35;
    const root = sqrt(abs(x));
    const ripple = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
      + (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
      + (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
    const radians = lat * PI / 180;
    const curvature = 1 - E2 * sin(radians) ** 2;
    const meridian = A * (1 - E2) / (curvature * sqrt(curvature));
    const parallel = A / sqrt(curvature) * cos(radians);
    return L.latLng(lat + north / meridian * 180 / PI, lng + east / parallel * 180 / PI);
  };

  /* The shift differs from place to place by metres a kilometre: the view's centre is always exact. */
  const Shifted = L.TileLayer.extend({
    _getTiledPixelBounds(center) {
      return L.TileLayer.prototype._getTiledPixelBounds.call(this, planMap.toGcj02(center));
    },
    _setZoomTransform(level, center, zoom) {
      L.TileLayer.prototype._setZoomTransform.call(this, level, planMap.toGcj02(center), zoom);
    },
    _onMoveEnd() {
      L.TileLayer.prototype._onMoveEnd.call(this);
      if (this._map && !this._map._animatingZoom) this._setZoomTransforms(this._map.getCenter(), this._map.getZoom());
    },
  });

  const Tiles = L.LayerGroup.extend({
    initialize(data) {
      const Kind = data.shifted ? Shifted : L.TileLayer;
      const options = { maxNativeZoom: 18, maxZoom: 20, opacity: 0.75 };
      L.LayerGroup.prototype.initialize.call(this, data.layers.map((address) => new Kind(address, options)));
      this.data = data;
      this.eachLayer((layer) => layer.on({ tileload: this._came, tileerror: this._failed }, this));
    },
    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      planMap.register(map, 'tiles', this);
      if (this.came) this._showOwn(false);
      if (this.prints) return;
      this.prints = true;
      window.addEventListener('beforeprint', () => this.hid && map.addLayer(map.planLayers.background));
      window.addEventListener('afterprint', () => this.hid && map.removeLayer(map.planLayers.background));
    },
    onRemove(map) {
      L.LayerGroup.prototype.onRemove.call(this, map);
      if (this.hid) this._showOwn(true);
    },
    _came() {
      if (this.came) return;
      this.came = true;
      this._say('');
      this._showOwn(false);
    },
    _failed() {
      if (!this.came) this._say(planMap.words(this.data.failed));
    },
    _say(words) {
      const place = document.querySelector('.pm-tiles-failed');
      if (place) place.replaceChildren(words);
    },
    /* By its box in the list of layers, so that the list tells what is shown. */
    _showOwn(shown) {
      const box = document.querySelector('[data-layer="background"]');
      if (!box || box.checked === shown) return;
      this.hid = !shown;
      box.click();
    },
  });

  planMap.tiles = (data) => new Tiles(data);
})();
