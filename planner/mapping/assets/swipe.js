/* Today on the left, the plan on the right, and a divider between them to drag. What can be clicked is drawn a second time for
   today, on a canvas of its own that ends at the divider; catchments and stations ask on which side they are. */
(function () {
  'use strict';

  /* More homes than this are not drawn twice. */
  const HOMES = 5000;
  const MOVES = 'move zoomend moveend viewreset resize';
  const SIDES = ['左侧为现状，右侧为{m}', 'Today on the left, {m} on the right'];

  /* The same layer with shapes of its own, as it is today. */
  function twinOf(layer, renderer) {
    const twin = Object.create(layer);
    Object.assign(twin, { _layers: {}, _events: {}, _eventParents: {}, _leaflet_id: undefined, _map: null, crowd: undefined });
    delete twin._leaflet_id;
    Object.defineProperty(twin, '_leaflet_id', { value: L.stamp({}), writable: true });
    twin.state = () => ({ ...plain(planMap.stateOf(twin._map)), view: 'before' });
    twin.onAdd = function (map) {
      this.build(map, renderer);
      L.FeatureGroup.prototype.onAdd.call(this, map);
      planMap.stateOf(map).on('change', this.restyle, this);
      this.restyle();
    };
    twin.on('click', layer._answer, layer);
    return twin;
  }

  const plain = ({ view, need, standard }) => ({ view, need, standard });

  class Swipe {
    constructor(map, { button, told }) {
      Object.assign(this, { map, button, told, share: 0.5, on: false, state: planMap.stateOf(map) });
      this.place = this.place.bind(this);
      button.addEventListener('click', () => (this.on ? this.end() : this.start()));
      this.state.on('change', () => { if (this.on && this.state.view !== this.view) this.end(); });
      this.state.on('change', () => { if (this.on) this.say(); });
      map.on('layeradd layerremove', ({ layer }) => {
        if (this.on && !this.busy && Object.values(map.planLayers).includes(layer)) L.Util.requestAnimFrame(this.redraw, this, true);
      });
      window.addEventListener('beforeprint', () => this.end(), { capture: true });
    }

    start() {
      const { map, state } = this;
      if (state.view === 'before' || state.view === 'whatif') state.set({ view: 'after' });
      this.on = true;
      this.view = state.view;
      map.planSwipe = this;
      this.divider = this.makeDivider();
      map.getContainer().append(this.divider);
      map.getContainer().classList.add('pm-swiping');
      this.redraw();
      this.say();
      this.divider.focus({ preventScroll: true });
    }

    end() {
      if (!this.on) return;
      const { map } = this;
      this.on = false;
      map.planSwipe = null;
      map.off(MOVES, this.place);
      this.clear();
      this.divider.remove();
      map.getContainer().classList.remove('pm-swiping');
      planMap.canvasOf(map)._container.style.clipPath = '';
      this.refreshOthers();
      this.say();
    }

    /* Draw today again, from the lowest layer to the highest. */
    redraw() {
      if (!this.on) return;
      const { map } = this;
      this.busy = true;
      this.clear();
      this.canvas = L.canvas({ padding: 0.3, tolerance: 3 }).addTo(map);
      this.twins = planMap.ORDER.map((key) => map.planLayers[key])
        .filter((layer) => layer instanceof planMap.VectorLayer && map.hasLayer(layer))
        .map((layer) => twinOf(layer, this.canvas).addTo(map));
      this.busy = false;
      map.off(MOVES, this.place).on(MOVES, this.place); // after the canvases have moved
      this.place();
    }

    clear() {
      (this.twins || []).forEach((twin) => twin.remove());
      if (this.canvas) this.canvas.remove();
      this.twins = this.canvas = null;
    }

    get x() { return this.share * this.map.getSize().x; }

    /* Where the divider stands on the canvases: each is seen on its own side alone. */
    place() {
      if (!this.on || !this.canvas) return;
      const edge = this.map.containerPointToLayerPoint([this.x, 0]).x;
      const cut = (renderer, left) => {
        const { min, max } = renderer._bounds;
        const [from, to] = [Math.max(0, edge - min.x), Math.max(0, max.x - edge)];
        renderer._container.style.clipPath = left ? `inset(0 ${to}px 0 0)` : `inset(0 0 0 ${from}px)`;
      };
      cut(this.canvas, true);
      cut(planMap.canvasOf(this.map), false);
      this.divider.style.left = `${this.x}px`;
      this.refreshOthers();
    }

    refreshOthers() {
      const { planStations, planLayers } = this.map;
      if (this.waiting) return;
      this.waiting = L.Util.requestAnimFrame(() => {
        this.waiting = null;
        if (planStations) planStations._refresh();
        if (planLayers.catchments && this.map.hasLayer(planLayers.catchments)) planLayers.catchments.redraw();
      });
    }

    /* Which moment a place of the map shows. */
    viewAt(where) {
      return this.map.latLngToContainerPoint(where).x < this.x ? 'before' : this.state.view;
    }

    move(share) {
      this.share = Math.min(0.98, Math.max(0.02, share));
      const percent = String(Math.round(100 * this.share));
      this.divider.setAttribute('aria-valuenow', percent);
      this.divider.setAttribute('aria-valuetext', `${percent}%`);
      this.place();
    }

    moment() {
      const { planPanel } = this.map;
      const one = planPanel && planPanel.moments.find(({ key }) => key === this.state.view);
      return one ? one.label : ['方案', 'the plan'];
    }

    sides() {
      const [zh, en] = this.moment();
      return planMap.fill(SIDES, { m: [zh, en === 'With the plan' ? 'the plan' : en] });
    }

    say() {
      this.button.setAttribute('aria-pressed', String(this.on));
      this.told.hidden = !this.on;
      this.told.replaceChildren(planMap.words(this.sides()));
      if (this.on) planMap.nameControl(this.divider, this.sides());
    }

    makeDivider() {
      const { element, words } = planMap;
      const divider = element('div', 'pm-divider', element('span', 'pm-side pm-side-left', words(['现状', 'Today'])),
        element('span', 'pm-grip', '‹ ›'), element('span', 'pm-side pm-side-right', words(this.moment())));
      const values = { role: 'slider', tabindex: '0', 'aria-orientation': 'horizontal', 'aria-valuemin': '2', 'aria-valuemax': '98', 'aria-valuenow': String(Math.round(100 * this.share)) };
      Object.entries(values).forEach(([name, value]) => divider.setAttribute(name, value));
      ['mousedown', 'touchstart', 'click', 'dblclick'].forEach((kind) => divider.addEventListener(kind, (event) => event.stopPropagation()));
      divider.addEventListener('pointerdown', (event) => {
        event.stopPropagation();
        divider.setPointerCapture(event.pointerId);
      });
      divider.addEventListener('pointermove', (event) => {
        if (!divider.hasPointerCapture(event.pointerId)) return;
        const box = this.map.getContainer().getBoundingClientRect();
        this.move((event.clientX - box.left) / box.width);
      });
      divider.addEventListener('keydown', (event) => {
        const steps = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 };
        if (event.key === 'Escape') {
          this.end();
          this.button.focus();
        } else if (event.key in steps) this.move(this.share + steps[event.key]);
        else return;
        event.preventDefault();
        event.stopPropagation();
      });
      return divider;
    }
  }

  planMap.swipe = function (map, node) {
    const box = node.querySelector('.pm-swipe');
    const { demand } = map.planLayers || {};
    if (!box) return;
    box.hidden = !demand || demand.data.id.length > HOMES;
    new Swipe(map, { button: box.querySelector('button'), told: box.querySelector('p') });
  };
})();
