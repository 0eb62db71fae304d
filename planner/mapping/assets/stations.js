/* Stations as markers that the keyboard reaches, with their names; candidate sites as small diamonds on the canvas. */
(function () {
  'use strict';

  const svg = (body, width, height) =>
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true" focusable="false">${body}</svg>`;

  /* Shapes differ, not only colours: pin, square, dashed square, crossed square, diamond. */
  planMap.SYMBOLS = {
    opened: svg('<path d="M13 33C13 33 2 20 2 12.5a11 11 0 0 1 22 0C24 20 13 33 13 33z" fill="#b0242c" stroke="#fff" stroke-width="2"/><path d="M13 6.4l1.9 3.9 4.3.6-3.1 3 .7 4.3-3.8-2-3.8 2 .7-4.3-3.1-3 4.3-.6z" fill="#fff"/>', 26, 34),
    kept: svg('<rect x="2" y="2" width="18" height="18" rx="3" fill="#2a3573" stroke="#fff" stroke-width="2"/><path d="M11 6l5 4.4v5.1h-3.4v-3.2H9.4v3.2H6v-5.1z" fill="#fff"/>', 22, 22),
    building: svg('<rect x="2.5" y="2.5" width="17" height="17" rx="3" fill="#fff" stroke="#2a3573" stroke-width="2" stroke-dasharray="3 2"/><path d="M11 6l5 4.4v5.1H6v-5.1z" fill="#2a3573"/>', 22, 22),
    closed: svg('<rect x="2.5" y="2.5" width="17" height="17" rx="3" fill="#fff" stroke="#5f5b53" stroke-width="2"/><path d="M7 7l8 8M15 7l-8 8" stroke="#5f5b53" stroke-width="2"/>', 22, 22),
    opened_proposal: svg('<path d="M13 33C13 33 2 20 2 12.5a11 11 0 0 1 22 0C24 20 13 33 13 33z" fill="#fff" stroke="#b0242c" stroke-width="2.400" stroke-dasharray="4 2"/><path d="M9.500 10.200a3.500 3.500 0 1 1 5.200 3.100c-1.200.700-1.700 1.300-1.700 2.700M13 18v1.600" fill="none" stroke="#b0242c" stroke-width="2"/>', 26, 34),
    proposal: svg('<path d="M8 2.500l6 10.500H2z" fill="#fff" stroke="#7a3fa0" stroke-width="1.800"/>', 16, 16),
    expand: svg('<rect x="2" y="2" width="22" height="22" rx="3" fill="#b0242c" stroke="#fff" stroke-width="2"/><path d="M13 7v12M7 13h12" stroke="#fff" stroke-width="3"/>', 26, 26),
    merge: svg('<rect x="2" y="2" width="22" height="22" rx="3" fill="#b0242c" stroke="#fff" stroke-width="2"/><path d="M7 7l6 6 6-6M13 13v7" fill="none" stroke="#fff" stroke-width="3"/>', 26, 26),
    move: svg('<rect x="2" y="2" width="22" height="22" rx="3" fill="#b0242c" stroke="#fff" stroke-width="2"/><path d="M6 13h13M14 8l5 5-5 5" fill="none" stroke="#fff" stroke-width="3"/>', 26, 26),
    share: svg('<rect x="2" y="2" width="22" height="22" rx="11" fill="#b0242c" stroke="#fff" stroke-width="2"/><circle cx="10" cy="13" r="4" fill="none" stroke="#fff" stroke-width="2"/><circle cx="16" cy="13" r="4" fill="none" stroke="#fff" stroke-width="2"/>', 26, 26),
    candidate: svg('<path d="M8 2l6 6-6 6-6-6z" fill="#fff" stroke="#6b665c" stroke-width="1.5"/>', 16, 16),
    gate_open: svg('<circle cx="8" cy="8" r="4" fill="#fff" stroke="#1f1b16" stroke-width="1.6"/>', 16, 16),
    gate_residents: svg('<rect x="4" y="4" width="8" height="8" fill="#3b6fb6" stroke="#1f1b16" stroke-width="1.3"/>', 16, 16),
    gate_closed: svg('<path d="M3.500 3.500l9 9M12.500 3.500l-9 9" fill="none" stroke="#a3123a" stroke-width="2.600"/>', 16, 16),
    gate_assumed: svg('<path d="M8 2.800l5 9.200H3z" fill="#f2c230" stroke="#1f1b16" stroke-width="1.300"/>', 16, 16),
    gate: svg('<circle cx="8" cy="8" r="3.4" fill="#fff" stroke="#3f3a33" stroke-width="1.5"/>', 16, 16),
  };
  const SIZES = { opened: [26, 34], kept: [22, 22], building: [22, 22], closed: [22, 22] };
  const CROWD = 60;
  const LIFT = { opened: 28, kept: 8, building: 8, closed: 8 };
  const RANK = { opened: 0, kept: 1, building: 2, closed: 3 };
  const ROLES = {
    opened: ['新选驿站', 'new station'],
    kept: ['现有驿站', 'existing station'],
    building: ['在建驿站', 'station under construction'],
    closed: ['方案关闭的驿站', 'station that the plan closes'],
    proposal: ['建议点，未选，未经核实', 'proposal, not chosen, checked by nobody'],
    candidate: ['未选的候选点', 'candidate site, not chosen'],
    excluded: ['已排除的点', 'excluded site'],
  };
  const CHOSEN_PROPOSAL = ['新选驿站，建议点，未经核实', 'new station, a proposal that nobody has checked'];
  planMap.ROLES = ROLES;

  planMap.stations = function (data) {
    const places = planMap.places(data, data.points);
    const Stations = L.LayerGroup.extend({
      onAdd(map) {
        this._map = map;
        if (!this.getLayers().length) this._build(map);
        L.LayerGroup.prototype.onAdd.call(this, map);
        planMap.stateOf(map).on('change', this._refresh, this);
        map.on('zoomend moveend', this._arrange, this);
        ['opened', 'kept'].forEach((key) => planMap.register(map, key, this.groups[key]));
        planMap.register(map, 'candidates', this.candidates);
        if (this.proposals) planMap.register(map, 'proposals', this.proposals);
        map.planStations = this;
        this._refresh();
        planMap.restack(map);
      },

      onRemove(map) {
        planMap.stateOf(map).off('change', this._refresh, this);
        map.off('zoomend moveend', this._arrange, this);
        L.LayerGroup.prototype.onRemove.call(this, map);
      },

      _build(map) {
        this.data = data;
        this.groups = { opened: L.layerGroup(), kept: L.layerGroup() };
        this.markers = {};
        this.candidates = diamonds('candidates', ['candidate', 'excluded'], data, places, (place) => this.describe(place));
        if (data.role.includes('proposal')) {
          this.proposals = diamonds('proposals', ['proposal'], data, places, (place) => this.describe(place));
        }
        const named = data.role.map((role, place) => place).filter((place) => data.role[place] in RANK);
        named.sort((a, b) => RANK[data.role[a]] - RANK[data.role[b]] || a - b);
        named.forEach((place) => {
          this.markers[place] = this._marker(map, place);
          this.groups[data.role[place] === 'opened' ? 'opened' : 'kept'].addLayer(this.markers[place]);
        });
        this.order = named;
        Object.values(this.groups).concat(this.candidates, this.proposals || []).forEach((group) => this.addLayer(group));
      },

      _marker(map, place) {
        const role = data.role[place];
        const rebuilding = role === 'opened' && data.symbol && data.symbol[place];
        const [width, height] = rebuilding ? [26, 26] : SIZES[role];
        const label = planMap.element('span', 'pm-label', planMap.element('bdi', '', data.name[place]));
        const symbol = planMap.element('span', 'pm-symbol');
        symbol.innerHTML = planMap.SYMBOLS[rebuilding || (role === 'opened' && data.proposed[place] ? 'opened_proposal' : role)];
        if (role === 'opened' && data.moments.length > 2) symbol.append(planMap.element('b', 'pm-phase', String(data.moment[place])));
        const icon = L.divIcon({
          html: planMap.element('div', 'pm-station-box', symbol, label),
          className: `pm-station pm-${role}`,
          iconSize: [width, height],
          iconAnchor: [width / 2, role === 'opened' && !rebuilding ? height - 1 : height / 2],
        });
        const marker = L.marker(places[place], { icon, keyboard: true, riseOnHover: true, zIndexOffset: role === 'opened' ? 1000 : 0 });
        marker.place = place;
        marker.on('click keypress', (event) => {
          if (event.type === 'keypress' && event.originalEvent.key !== 'Enter') return;
          const trigger = event.type === 'keypress' ? marker.getElement() : null;
          this._open(place, trigger);
        });
        marker.on('add', () => {
          const node = marker.getElement();
          planMap.nameControl(node, planMap.fill(['{r}：{n}', '{r}: {n}'], { r: this.roleOf(place), n: data.name[place] }));
          node.dataset.site = data.id[place];
        });
        return marker;
      },

      /* Before the plan the new stations are not there, and those that it closes still are. */
      _refresh() {
        const { view } = planMap.stateOf(this._map);
        this.order.forEach((place) => {
          const before = !this.reached(place, this._map.planSwipe ? this._map.planSwipe.viewAt(places[place]) : view);
          const node = this.markers[place].getElement();
          if (!node) return;
          node.classList.toggle('pm-absent', before && data.role[place] === 'opened');
          if (data.rebuilt && data.rebuilt[place]) node.classList.toggle('pm-absent', !before);
          if (data.role[place] === 'closed') {
            node.classList.toggle('pm-still-open', before);
            node.querySelector('.pm-symbol').innerHTML = planMap.SYMBOLS[before ? 'kept' : 'closed'];
          }
        });
        this._arrange();
      },

      /* Whether what the plan does with a station is done at a moment. */
      reached: (place, view) => view === 'whatif' || data.moments.indexOf(view) >= data.moment[place],

      /* A city's stations seen from far away: small squares, and only the new ones keep their names. */
      _arrange() {
        const crowded = this.order.length > CROWD && this._map.getZoom() < (this._map.planScaleZoom || 0) + 2;
        this._map.getContainer().classList.toggle('pm-crowded', crowded);
        const named = this.order.filter((place) => !crowded || data.role[place] === 'opened');
        planMap.placeLabels(this._map, this.order.map((place) => this.markers[place]), named.map((place) => this.markers[place]));
      },

      show(place, trigger) {
        const where = places[place];
        const state = planMap.stateOf(this._map);
        if (data.role[place] === 'opened' && !this.reached(place, state.view)) state.set({ view: data.moments[data.moment[place]] });
        this._map.setView(where, Math.max(this._map.getZoom(), (this._map.planScaleZoom || 14) + 1));
        this._open(place, trigger);
      },

      /* While the card of a station is open, its catchment is drawn stronger. */
      _open(place, trigger) {
        const popup = planMap.showPopup(this._map, places[place], () => this.describe(place), trigger, LIFT[data.role[place]] || 4);
        const { catchments } = this._map.planLayers;
        if (!catchments || !catchments.emphasise) return;
        catchments.emphasise(data.id[place]);
        popup.on('remove', () => catchments.emphasise(null, data.id[place]));
      },

      roleOf(place) {
        const role = data.role[place];
        return role === 'opened' && data.proposed[place] ? CHOSEN_PROPOSAL : ROLES[role];
      },

      roomUsed(place, view) {
        const { fill, count, decimal } = planMap;
        const [used, room] = [data.room[view][place], data.room.capacity[place]];
        if (used === null || room === null) return '—';
        const share = room > 0 ? `${decimal((100 * used) / room)}%` : '—';
        return fill(['{n} 人 / {r}（{s}）', '{n} of {r} ({s})'], { n: count(used), r: count(room), s: share });
      },

      /* What the plan would lose without the station, and whether another site would do. */
      _worth(place, need) {
        const worth = data.worth[place];
        return worth === null ? [] : [
          [['缺此站失去', 'Lost without it'], planMap.people(worth.lost[need])],
          [['可否替代', 'Could another do?'], worth.words],
        ];
      },

      describe(place) {
        const { words, people, fill, decimal } = planMap;
        const state = planMap.stateOf(this._map);
        const need = data.needs[state.need];
        const role = data.role[place];
        const reached = this.reached(place, state.view);
        const tried = state.view === 'whatif' && this._map.planWhatIf;
        const open = tried ? Boolean(tried.open[place])
          : role !== 'candidate' && role !== 'proposal' && role !== 'excluded' && !(role === 'closed' && reached);
        const absent = !tried && role === 'opened' && !reached;
        const measure = (value, unit) => (value === null ? null : fill(['{n} {u}', '{n} {u}'], { n: decimal(value), u: unit }));
        const optional = (label, value) => (value === null || value === undefined ? null : [label, value]);
        const made = data.action && data.action[place];
        return planMap.card(data.name[place], words(made && role === 'opened' ? made : this.roleOf(place)), [
          data.phase ? optional(['阶段', 'Phase'], data.phase[place]) : null,
          made && role === 'closed' ? [['方案', 'In the plan'], made] : null,
          optional(['费用', 'Cost'], data.cost[place] === null ? null : fill(['{n} 万元', '{m} CNY'], {
            n: decimal(data.cost[place]), m: planMap.count(10000 * data.cost[place]) })),
          optional(['建筑面积', 'Floor area'], measure(data.floorArea[place], 'm²')),
          optional(['占地面积', 'Site area'], measure(data.siteArea[place], 'm²')),
          optional(['取得方式', 'Obtained by'], data.acquisition[place]),
          [['功能', 'Functions'], data.functions[place]],
          [fill(['{s}内人数', 'People within {s}'], { s: need.standard }),
            need.offered[place] ? people(data.within[state.need][place]) : ['不提供所需功能', 'function not offered']],
          open && !absent ? [data.room ? ['到此站的人数', 'Come here'] : ['就近人数', 'Nearest for'],
            people(data.nearest[state.need][state.view][place])] : null,
          open && !absent && data.room ? [['占用容量', 'Room used'], this.roomUsed(place, state.view)] : null,
          ...(state.view === 'after' && state.standard === null ? this._worth(place, state.need) : []),
          planMap.peopleByNeed(this._map, data, place, open && !absent),
          this._map.planWhatIf ? this._map.planWhatIf.card(place) : null,
        ]);
      },
    });
    return new Stations();
  };

  function diamonds(key, roles, data, places, describe) {
    const Shape = key === 'proposals' ? planMap.Triangle : planMap.Diamond;
    const Candidates = planMap.VectorLayer.extend({
      build(ownMap, renderer) {
        data.role.forEach((role, place) => {
          if (!roles.includes(role)) return;
          this.add(new Shape(places[place], { renderer, radius: 5 }), place);
        });
        ownMap.on('zoomend', () => this._map && this._resize());
      },
      styleOf(place) {
        const out = data.role[place] === 'excluded';
        if (key === 'proposals') return { color: '#7a3fa0', weight: 1.6, opacity: 1, fillColor: '#ffffff', fillOpacity: 0.9 };
        return { color: '#6b665c', weight: 1.3, opacity: out ? 0.6 : 0.95, fillColor: '#ffffff', fillOpacity: out ? 0.2 : 0.9 };
      },
      restyle() {
        planMap.VectorLayer.prototype.restyle.call(this);
        this._resize();
      },
      _resize() {
        const far = this._map.getZoom() < (this._map.planScaleZoom || 0) - 0.4;
        this.eachLayer((one) => one.setRadius(far ? 3.2 : 5));
      },
      describe,
    });
    return new Candidates(key, data);
  }
})();
