/* The panel beside the map: moment, need, legend with people, layers, and places to go to. */
(function () {
  'use strict';

  const SWATCHES = {
    catchments: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><rect x="1" y="1" width="20" height="14" rx="6" fill="rgba(64,78,160,.15)" stroke="#404ea0" stroke-dasharray="4 2"/></svg>',
    grids: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><rect x="1" y="1" width="20" height="14" fill="none" stroke="#8c3b12" stroke-width="1.6"/><path d="M3 14L14 2M9 14L20 3" stroke="#8c3b12" stroke-width="1.2"/></svg>',
    demand: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><circle cx="7" cy="8" r="6" fill="#4593c2" stroke="#17384a"/><circle cx="17.5" cy="9.5" r="3.5" fill="#bd4b12" stroke="#17384a"/></svg>',
    background: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><rect width="22" height="16" fill="#f8f6f1" stroke="#8d897f"/><path d="M0 11c6-4 10 3 22-2v7H0z" fill="#c3dce6"/><path d="M3 0l8 16" stroke="#c9b584" stroke-width="2"/></svg>',
    tiles: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><rect x=".5" y=".5" width="21" height="15" fill="#e6ebef" stroke="#6f7a82"/><path d="M7.500 0v16M14.500 0v16M0 8h22" stroke="#6f7a82"/></svg>',
    changes: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><path d="M1 5h20" stroke="#0b6b3a" stroke-width="2.400" stroke-dasharray="4 3"/><path d="M1 12h20M8.500 9.500l5 5M8.500 14.500l5-5" fill="none" stroke="#a3123a" stroke-width="1.600"/></svg>',
    compounds: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><path d="M2 13V4l9-2 9 4v7z" fill="none" stroke="#2b2621" stroke-width="1.300"/></svg>',
    zones: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><rect x="1" y="1" width="20" height="14" fill="rgba(163,18,58,.12)" stroke="#a3123a" stroke-width="1.500" stroke-dasharray="4 2"/></svg>',
    labels: '<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true"><path d="M6 13L10.500 3h1L16 13M7.600 9.600h6.800" fill="none" stroke="#26221c" stroke-width="1.600"/></svg>',
  };
  const LAYERS = [
    ['opened', ['新选驿站', 'New stations'], 'opened'],
    ['kept', ['现有驿站', 'Existing stations'], 'kept'],
    ['candidates', ['未选的候选点', 'Candidate sites, not chosen'], 'candidate'],
    ['proposals', ['建议点（未选，未经核实）', 'Proposals (not chosen, checked by nobody)'], 'proposal'],
    ['labels', ['驿站名称', 'Names of stations']],
    ['demand', ['居民点', 'Homes']],
    ['catchments', ['服务范围', 'Catchments']],
    ['grids', ['网格（斜线为空白网格）', 'Grids (unserved ones hatched)']],
    ['zones', ['禁止设站的区域', 'Zones where no station may stand']],
    ['changes', ['路网变更（虚线新增，叉为封闭）', 'Changes of the streets (added dashed, closed crossed)']],
    ['compounds', ['小区围墙', 'Walls of compounds']],
    ['gates', ['小区出入口', 'Gates of compounds'], 'gate_open'],
    ['background', ['底图', 'Background']],
    ['tiles', ['外部底图（须联网）', 'Base map from outside (needs a network)']],
  ];

  const ESTIMATED = ['服务范围（估算圆）', 'Catchments (circles, estimated)'];

  planMap.panel = function (map, node, data) {
    const state = planMap.stateOf(map);
    map.planPanel = data;
    const find = (selector) => node.querySelector(selector);
    const refresh = () => {
      markState(node, state);
      writeFigures(find, data.needs[state.need], data, state.view);
      writeLegend(find, data.needs[state.need], state, data);
      writeUnserved(map, find, state);
    };
    document.documentElement.classList.add('pm-has-panel');
    planMap.switchLanguage(node, data);
    switchState(node, state);
    listLayers(map, find('.pm-layers'), data);
    listPlaces(map, node);
    planMap.searchField(map, node.querySelector('.pm-search'), data.pinyin);
    planMap.unreached(map, node);
    planMap.tables(map, node, data);
    planMap.swipe(map, node);
    planMap.foldSheet(map, node);
    planMap.controls(map, data);
    if (data.circle) planMap.lifeCircle(map, node.querySelector('.pm-circle'), data);
    state.on('change', refresh);
    refresh();
    planMap.home(map, data);
  };

  function switchState(node, state) {
    node.addEventListener('change', (event) => {
      const { name, value } = event.target;
      if (name.endsWith('_view')) state.set({ view: value });
      if (name.endsWith('_need')) state.set({ need: Number(value) });
    });
  }

  function markState(node, state) {
    node.classList.toggle('pm-not-plan', state.view === 'whatif' || state.standard !== null);
    node.querySelectorAll('input[type="radio"]').forEach((input) => {
      input.checked = input.value === String(input.name.endsWith('_view') ? state.view : state.need);
    });
  }

  /* Beside today stands the plan, or the phase that is shown. */
  function writeFigures(find, need, data, view) {
    const key = view === 'before' ? 'after' : view;
    const shown = need[key];
    const put = (key, text) => {
      const place = find(`[data-figure="${key}"]`);
      if (place) place.textContent = text;
    };
    put('before', planMap.percent(need.before.share));
    put('after', planMap.percent(shown.share));
    put('gain', `${shown.covered < need.before.covered ? '−' : '+'}${planMap.count(Math.abs(shown.covered - need.before.covered))}`);
    find('[data-shown]').replaceChildren(planMap.words(momentOf(data, key)));
    find('.pm-bar-before').style.width = `${100 * (need.before.share || 0)}%`;
    find('.pm-bar-after').style.width = `${100 * (shown.share || 0)}%`;
  }

  const momentOf = (data, key) => data.moments.find((one) => one.key === key).label;

  function writeLegend(find, need, state, data) {
    const { element, words, people, percent } = planMap;
    const figures = need[state.view];
    const moment = momentOf(data, state.view);
    find('[data-moment]').replaceChildren(words(state.view in { before: 1, after: 1 } && data.moments.length < 3 ? [moment[0], moment[1].toLowerCase()] : moment));
    find('.pm-classes').replaceChildren(...need.classes.map((one, place) => {
      const swatch = element('i', `pm-swatch pm-swatch-${one.code}`);
      swatch.style.background = one.colour;
      const bar = element('i', 'pm-class-bar');
      const share = figures.people ? figures.classes[place] / figures.people : 0;
      bar.style.width = `${100 * share}%`;
      bar.style.background = one.colour;
      const row = element('li', '', swatch, element('span', 'pm-class-label', words(one.label)),
        element('span', 'pm-class-people', words(people(figures.classes[place]))),
        element('span', 'pm-class-share', percent(figures.people ? share : null)), element('span', 'pm-class-track', bar));
      row.dataset.code = one.code;
      row.dataset.people = String(figures.classes[place]);
      return row;
    }));
  }

  function listLayers(map, list, data) {
    const hidden = ['gates', 'candidates'].filter((key) => (data.manyLayers || []).includes(key));
    LAYERS.forEach(([key, label, symbol]) => {
      const layer = (map.planLayers || {})[key];
      if (key !== 'labels' && (!layer || (layer.getLayers && !layer.getLayers().length))) return;
      const box = planMap.element('input', '');
      box.type = 'checkbox';
      box.checked = !hidden.includes(key);
      box.dataset.layer = key;
      const swatch = planMap.element('span', 'pm-layer-symbol');
      swatch.innerHTML = symbol ? planMap.SYMBOLS[symbol] : SWATCHES[key];
      const name = key === 'catchments' && data.estimated ? ESTIMATED : label;
      const row = planMap.element('li', '', planMap.element('label', '', box, swatch, planMap.element('span', '', planMap.words(name))));
      if (key === 'gates') row.append(gateLegend(layer.data.state));
      if (key === 'opened') row.append(...actionLegend(map.planStations.data));
      list.append(row);
      box.addEventListener('change', () => switchLayer(map, key, layer, box.checked));
      if (!box.checked) switchLayer(map, key, layer, false);
    });
  }

  /* How many gates are open, for residents, closed and assumed. */
  function gateLegend(states) {
    const { element, words, fill, SYMBOLS, GATE_STATES } = planMap;
    return element('ul', 'pm-gate-states', ...GATE_STATES
      .map(([state, label]) => [state, label, states.filter((one) => one === state).length])
      .filter(([, , count]) => count)
      .map(([state, label, count]) => {
        const symbol = element('span', 'pm-layer-symbol');
        symbol.innerHTML = SYMBOLS[`gate_${state}`];
        const row = element('li', '', symbol, element('span', '', words(label)), element('b', '', words(fill(['{n} 处', '{n}'], { n: count }))));
        row.dataset.state = state;
        return row;
      }));
  }

  const ACTIONS = [
    ['open', ['新建', 'Opened'], 'opened'],
    ['expand', ['扩建', 'Expanded'], 'expand'],
    ['merge', ['合并', 'Merged'], 'merge'],
    ['move', ['迁建', 'Moved'], 'move'],
    ['share', ['共用场所', 'Shared venue'], 'share'],
  ];

  /* What each symbol of a station that expands, merges, moves or shares means, where the plan has any. */
  function actionLegend(stations) {
    if (!stations.symbol) return [];
    const { element, words, fill, SYMBOLS } = planMap;
    const kinds = stations.role.map((role, place) => (role === 'opened' ? stations.symbol[place] || 'open' : null));
    return [element('ul', 'pm-gate-states', ...ACTIONS
      .map(([kind, label, symbol]) => [kind, label, symbol, kinds.filter((one) => one === kind).length])
      .filter(([, , , count]) => count)
      .map(([kind, label, symbol, count]) => {
        const swatch = element('span', 'pm-layer-symbol');
        swatch.innerHTML = SYMBOLS[symbol];
        const row = element('li', '', swatch, element('span', '', words(label)), element('b', '', words(fill(['{n} 座', '{n}'], { n: count }))));
        row.dataset.action = kind;
        return row;
      }))];
  }

  function switchLayer(map, key, layer, on) {
    if (key === 'labels') map.planLabelsHidden = !on;
    else if (on) map.addLayer(layer);
    else map.removeLayer(layer);
    if (map.planStations) map.planStations._refresh();
    planMap.restack(map);
  }

  function listPlaces(map, node) {
    node.addEventListener('click', (event) => {
      const button = event.target.closest('[data-show]');
      if (button) planMap.show(map, { station: button.dataset.show }, button);
    });
  }

  /* The list follows the moment and the need, as the hatching does. */
  function writeUnserved(map, find, state) {
    const grids = (map.planLayers || {}).grids;
    const block = find('.pm-unserved');
    if (!grids || !block) return;
    const { data } = grids;
    const figures = data.needs[state.need][state.view];
    const unserved = data.id.map((id, place) => place).filter((place) => figures.unserved[place]);
    unserved.sort((a, b) => figures.people[b] - figures.covered[b] - (figures.people[a] - figures.covered[a]) || a - b);
    block.hidden = false;
    block.dataset.grids = unserved.map((place) => data.id[place]).join(' ');
    find('[data-unserved]').replaceChildren(planMap.words(planMap.fill(['空白网格 {n} 个', 'Unserved grids: {n}'], { n: unserved.length })));
    block.querySelector('ol').replaceChildren(...unserved.map((place) => {
      const beyond = planMap.count(figures.people[place] - figures.covered[place]);
      const button = planMap.element('button', '', planMap.element('bdi', '', data.name[place]),
        planMap.element('small', '', planMap.words(planMap.fill(['{n} 人未达标准', '{n} beyond the standard'], { n: beyond }))));
      button.type = 'button';
      button.addEventListener('click', () => planMap.show(map, { grid: data.id[place] }, button));
      return planMap.element('li', '', button);
    }));
  }
})();
