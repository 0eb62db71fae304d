/* Go to a home, station, grid, compound or community and open its card, as a click on it does. */
(function () {
  'use strict';

  const CLOSEST = 17;

  /* show(map, {home: id}), {station: id}, {grid: id}, {compound: name} or {community: name}. Returns whether there is
     such a thing. What asked for it gets the focus back when the card closes. */
  planMap.show = function (map, what, trigger = null) {
    const [kind, id] = Object.entries(what)[0] || [];
    const go = GOING[kind] && GOING[kind](map, String(id));
    if (!go) return false;
    const panel = document.querySelector('.pm-panel');
    if (panel && window.matchMedia('(max-width: 720px)').matches) panel.dispatchEvent(new CustomEvent('planfold'));
    go(trigger);
    return true;
  };

  const GOING = {
    home(map, id) {
      const layer = (map.planLayers || {}).demand;
      const place = layer ? layer.data.id.indexOf(id) : -1;
      return place < 0 ? null : (trigger) => showHome(map, layer, place, trigger);
    },

    station(map, id) {
      const place = map.planStations ? map.planStations.data.id.indexOf(id) : -1;
      return place < 0 ? null : (trigger) => showStation(map, place, trigger);
    },

    grid(map, id) {
      const layer = (map.planLayers || {}).grids;
      const place = layer ? layer.data.id.indexOf(id) : -1;
      return place < 0 || !layer.data.areas[place] ? null : (trigger) => showGrid(map, layer, place, trigger);
    },

    compound: (map, name) => showGroup(map, 'compound', name),
    community: (map, name) => showGroup(map, 'community', name),
  };

  /* A layer that is switched off is switched on, by its box in the panel. */
  function switchOn(map, layer, key) {
    if (map.hasLayer(layer)) return;
    const box = document.querySelector(`[data-layer="${key}"]`);
    if (box) box.click();
    else map.addLayer(layer);
  }

  function showHome(map, layer, place, trigger) {
    switchOn(map, layer, 'demand');
    map.setView(layer.centreOf(place), Math.min(CLOSEST, Math.max(map.getZoom(), (map.planScaleZoom || 14) + 1.5)), { animate: false });
    layer.open(place, layer.centreOf(place), trigger);
  }

  function showStation(map, place, trigger) {
    const { data, groups } = map.planStations;
    const key = { opened: 'opened', candidate: 'candidates', excluded: 'candidates', proposal: 'proposals' }[data.role[place]] || 'kept';
    switchOn(map, groups[key] || map.planLayers[key], key);
    map.planStations.show(place, trigger);
  }

  function showGrid(map, layer, place, trigger) {
    switchOn(map, layer, 'grids');
    const bounds = L.latLngBounds(planMap.parts(layer.data, layer.data.areas[place])[0]);
    map.fitBounds(bounds, { maxZoom: CLOSEST, padding: [40, 40], animate: false });
    layer.open(place, bounds.getCenter(), trigger);
  }

  /* All homes of a compound or community, with one card; a compound of one home is that home. */
  function showGroup(map, level, name) {
    const layer = (map.planLayers || {}).demand;
    const names = layer && layer.data[level];
    const homes = names ? names.flatMap((one, place) => (one === name ? [place] : [])) : [];
    if (!homes.length) return null;
    if (homes.length === 1 && level === 'compound') return (trigger) => showHome(map, layer, homes[0], trigger);
    return (trigger) => {
      switchOn(map, layer, 'demand');
      const bounds = L.latLngBounds([]);
      homes.forEach((place) => bounds.extend(layer.boundsOf(place)));
      map.fitBounds(bounds, { maxZoom: CLOSEST, padding: [40, 40], animate: false });
      planMap.showPopup(map, bounds.getCenter(), () => planMap.groupCard(layer, level, homes), trigger);
    };
  }

  const KINDS = { compound: ['小区', 'compound'], community: ['社区', 'community'] };

  /* The card of a compound or community: its people, and how many are within the standard today and at the moment shown. */
  planMap.groupCard = function (layer, level, homes) {
    const { fill, people, percent, count } = planMap;
    const { data } = layer;
    const state = layer.state();
    const need = data.needs[state.need];
    const sum = (places) => places.reduce((total, place) => total + (data.people[state.need][place] || 0), 0);
    const all = sum(homes);
    const within = (view) => {
      const covered = sum(homes.filter((place) => layer.walks()[view].class[place] < 3));
      return fill(['{n} 人（{s}）', '{n} ({s})'], { n: count(covered), s: percent(all ? covered / all : null) });
    };
    const shown = state.view === 'before' ? 'after' : state.view;
    return planMap.card(data[level][homes[0]], planMap.line([KINDS[level], level === 'compound' && data.community ? data.community[homes[0]] : null]), [
      [['居民点', 'Homes'], fill(['{n} 处', '{n}'], { n: count(homes.length) })],
      [need.group, people(all)],
      data.command === 'audit' ? null : [fill(['现状{s}内', 'Within {s}, today'], { s: need.standard }), within('before')],
      [data.command === 'audit' ? fill(['{s}内', 'Within {s}'], { s: need.standard })
        : fill(state.view === shown && shown !== 'after' ? ['所示时刻{s}内', 'Within {s}, as shown'] : ['方案{s}内', 'Within {s}, plan'], { s: need.standard }), within(shown)],
    ]);
  };
})();
