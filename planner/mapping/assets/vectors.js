/* Everything that can be clicked is drawn on one canvas, in one order; popups are built from text, never from markup. */
(function () {
  'use strict';

  const ORDER = ['grids', 'zones', 'demand', 'compounds', 'changes', 'gates', 'candidates', 'proposals', 'routes'];

  planMap.ORDER = ORDER;

  /* What gates are, the legend's order. */
  planMap.GATE_STATES = [
    ['open', ['对外开放', 'open to everybody']],
    ['residents', ['仅供本小区居民', 'residents only']],
    ['closed', ['关闭', 'closed']],
    ['assumed', ['假定，待核实', 'assumed, to be checked']],
  ];

  planMap.canvasOf = function (map) {
    if (!map.planCanvas) {
      map.planCanvas = L.canvas({ padding: 0.3, tolerance: 3 });
      map.planCanvas.addTo(map);
    }
    return map.planCanvas;
  };

  /* After a layer was switched on, put what belongs above it back above it. */
  planMap.restack = function (map) {
    ORDER.map((key) => (map.planLayers || {})[key])
      .filter((layer) => layer && map.hasLayer(layer))
      .forEach((layer) => layer.eachLayer((one) => one.bringToFront()));
  };

  /* A group of vectors that redraws itself when the state changes and answers clicks with a popup. */
  planMap.VectorLayer = L.FeatureGroup.extend({
    initialize(key, data) {
      this.key = key;
      this.data = data;
      L.FeatureGroup.prototype.initialize.call(this);
      this.on('click', this._answer, this);
    },

    onAdd(map) {
      if (!this.getLayers().length) this.build(map, planMap.canvasOf(map));
      L.FeatureGroup.prototype.onAdd.call(this, map);
      planMap.stateOf(map).on('change', this.restyle, this);
      planMap.register(map, this.key, this);
      this.restyle();
      planMap.restack(map);
    },

    onRemove(map) {
      planMap.stateOf(map).off('change', this.restyle, this);
      L.FeatureGroup.prototype.onRemove.call(this, map);
    },

    state() {
      return planMap.stateOf(this._map);
    },

    restyle() {
      this.eachLayer((one) => one.setStyle(this.styleOf(one.place)));
    },

    add(shape, place) {
      shape.place = place;
      this.addLayer(shape);
      return shape;
    },

    _answer(event) {
      L.DomEvent.stopPropagation(event);
      const shape = event.layer;
      this.open(shape.place, shape.getLatLng ? shape.getLatLng() : event.latlng);
    },

    /* Open the card of a thing; what asked for it by the keyboard gets the focus back. */
    open(place, where, trigger = null) {
      this.chosen(place, planMap.showPopup(this._map, where, () => this.describe(place), trigger));
    },

    /* What else a click does, besides its popup. */
    chosen() {},
  });

  planMap.Diamond = L.CircleMarker.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const { x, y } = this._point;
      const r = this._radius;
      const ctx = renderer._ctx;
      ctx.beginPath();
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + r);
      ctx.lineTo(x - r, y);
      ctx.closePath();
      renderer._fillStroke(ctx, this);
    },
  });

  planMap.Triangle = planMap.Diamond.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const { x, y } = this._point;
      const r = this._radius;
      const ctx = renderer._ctx;
      ctx.beginPath();
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y + 0.8 * r);
      ctx.lineTo(x - r, y + 0.8 * r);
      ctx.closePath();
      renderer._fillStroke(ctx, this);
    },
  });

  /* A popup asked for by the keyboard takes the focus, and gives it back to what asked for it. */
  planMap.showPopup = function (map, where, build, trigger = null, lift = 0) {
    const width = Math.min(300, map.getSize().x - 120);
    const popup = L.popup({
      maxWidth: width,
      minWidth: Math.min(220, width),
      offset: [0, -lift],
      autoPanPaddingTopLeft: [16, 16],
      autoPanPaddingBottomRight: [60, 16],
      className: 'pm-popup',
    });
    const rebuild = () => popup.setContent(build());
    popup.setLatLng(where).setContent(build());
    planMap.stateOf(map).on('change', rebuild);
    popup.on('remove', () => planMap.stateOf(map).off('change', rebuild));
    popup.openOn(map);
    const close = popup.getElement().querySelector('.leaflet-popup-close-button');
    if (close) planMap.nameControl(close, ['关闭', 'Close']);
    if (close && trigger) {
      close.focus({ preventScroll: true });
      popup.on('remove', () => trigger.focus({ preventScroll: true }));
    }
    return popup;
  };

  /* A card: title, line below it, rows of [label, value] and whole nodes. */
  planMap.card = function (title, subtitle, rows) {
    const { element, words } = planMap;
    const parts = [];
    let list = null;
    rows.filter(Boolean).forEach((row) => {
      if (row instanceof Node) {
        parts.push(row);
        list = null; // a list holds labels and values only
        return;
      }
      if (!list) parts.push(list = element('dl', 'pm-facts'));
      list.append(element('dt', '', words(row[0])), element('dd', '', row[1] instanceof Node ? row[1] : words(row[1])));
    });
    const heading = element('h3', 'pm-card-title');
    const name = element('bdi', '', words(title));
    heading.append(name);
    const card = element('div', 'pm-card', heading, subtitle ? element('p', 'pm-card-sub', subtitle) : null, ...parts);
    card.tabIndex = 0; // a long card scrolls, with the keyboard too
    return card;
  };

  /* Words side by side with a middle dot; names are isolated, so that no name turns its neighbours around. */
  planMap.line = function (parts) {
    const line = document.createDocumentFragment();
    parts.filter((part) => part !== null && part !== undefined && part !== '').forEach((part, place) => {
      if (place) line.append(' · ');
      line.append(planMap.element('bdi', '', planMap.words(part)));
    });
    return line.childNodes.length ? line : null;
  };
})();
