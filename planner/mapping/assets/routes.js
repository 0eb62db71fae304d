/* The way from a clicked home to its nearest station at the moment shown, for each need whose routes are in the page, until the popup closes. */
(function () {
  'use strict';

  const CASING = { color: '#ffffff', weight: 7, opacity: 0.9 };
  const LINE = { color: '#111418', weight: 3, opacity: 1 };
  const SHAPE = { interactive: false, lineCap: 'round', lineJoin: 'round', smoothFactor: 0.5 };
  const TIP = 20;
  const PARTS = [
    ['道路\u00a0{n}', 'streets\u00a0{n}'],
    ['台阶\u00a0{n}', 'steps\u00a0{n}'],
    ['等候\u00a0{n}', 'waiting\u00a0{n}'],
    ['路外\u00a0{n}', 'off\u00a0the\u00a0paths\u00a0{n}'],
    ['小区内\u00a0{n}', 'inside\u00a0the\u00a0compound\u00a0{n}'],
    ['楼内\u00a0{n}', 'inside\u00a0the\u00a0building\u00a0{n}'],
  ];

  const STRAIGHT = ['直线估算\u00a0{n}', 'straight,\u00a0estimated\u00a0{n}'];

  const Routes = L.FeatureGroup.extend({
    initialize(data) {
      this.data = data;
      this.home = this.popup = null;
      L.FeatureGroup.prototype.initialize.call(this);
    },

    onAdd(map) {
      L.FeatureGroup.prototype.onAdd.call(this, map);
      planMap.stateOf(map).on('change', this._draw, this);
      planMap.register(map, 'routes', this);
    },

    onRemove(map) {
      planMap.stateOf(map).off('change', this._draw, this);
      L.FeatureGroup.prototype.onRemove.call(this, map);
    },

    /* Draw the route of a home for as long as its popup is open. */
    show(home, popup) {
      this.home = home;
      this.popup = popup;
      this._draw();
      popup.on('remove', () => {
        if (this.popup === popup) this.home = this.popup = null;
        this._draw();
      });
    },

    /* Position of a home's route at the moment shown, -1 where there is none. */
    _route(home) {
      const state = this._map && planMap.stateOf(this._map);
      return home === null || !state ? -1 : this._of(home, state.need, state.view);
    },

    /* Another moment takes the way of today, or of the plan, where the nearest station is the same. */
    _of(home, need, view) {
      const ways = this.data.needs[need];
      if (!ways) return -1;
      if (ways[view]) return ways[view][home];
      const { demand } = this._map.planLayers;
      const walks = demand && demand.data.walks[need];
      const like = walks && walks[view] && ['after', 'before'].find((one) => walks[one] && walks[one].station[home] === walks[view].station[home]);
      return like && walks[view].station[home] >= 0 ? ways[like][home] : -1;
    },

    /* Whether the way of a home is drawn at the moment shown. */
    has(home) {
      return this._route(home) >= 0;
    },

    _draw() {
      this.clearLayers();
      const route = this._route(this.home);
      if (route < 0) return;
      const renderer = planMap.canvasOf(this._map);
      planMap.parts(this.data, this.data.lines[route]).forEach((line) => {
        const styles = this.data.estimated ? [CASING, { ...LINE, dashArray: '8 8' }] : [CASING, LINE];
        styles.forEach((style) => this.addLayer(L.polyline(line, { ...SHAPE, ...style, renderer })));
        this._keepClear(line.map((place) => this._map.latLngToLayerPoint(place)));
      });
    },

    /* The popup stands below its home where it would hide more of the route above. */
    _keepClear(line) {
      const popup = this.popup.getElement();
      const { x, y } = this._map.latLngToLayerPoint(this.popup.getLatLng());
      const [half, height] = [popup.offsetWidth / 2, popup.offsetHeight + TIP];
      const above = hidden(line, L.bounds([x - half, y - height], [x + half, y]));
      const below = hidden(line, L.bounds([x - half, y], [x + half, y + height]));
      popup.classList.toggle('pm-below', below < above);
      const room = this._map.getContainer().getBoundingClientRect().bottom - popup.getBoundingClientRect().bottom;
      if (below < above && room < TIP) this._map.panBy([0, TIP - room]);
    },

    /* "：道路 10.1，台阶 0.6", or nothing. */
    describe(home) {
      const route = this._route(home);
      if (route < 0) return null;
      const labels = this.data.estimated ? [STRAIGHT, ...PARTS.slice(1)] : PARTS;
      const parts = this.data.tenths[route]
        .map((tenths, place) => tenths && planMap.fill(labels[place], { n: (tenths / 10).toFixed(1) }))
        .filter(Boolean);
      if (!parts.length) return null;
      const told = ['：', ': '].map((colon, side) => colon + parts.map((part) => part[side]).join(side ? ', ' : '，'));
      return planMap.element('span', 'pm-walk-parts', planMap.words(told));
    },
  });

  /* Pixels of a line that lie in a box. */
  function hidden(line, box) {
    return line.slice(1).reduce((length, to, place) => {
      const inside = L.LineUtil.clipSegment(line[place], to, box);
      return length + (inside ? inside[0].distanceTo(inside[1]) : 0);
    }, 0);
  }

  planMap.routes = (data) => new Routes(data);
})();
