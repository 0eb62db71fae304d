/* What the cards of homes, stations and grids tell beyond their first lines: for the moment, need and standard shown. */
(function () {
  'use strict';

  const NEAREST = 3;
  const LISTED = 8;
  const TITLE = { before: ['现状', 'today'], after: ['方案', 'with the plan'], whatif: ['如果', 'what if'] };

  /* The walks at the moment shown, of the plan where that moment has none of its own. */
  planMap.walksShown = (layer) => layer.walks()[layer.state().view] || layer.walks().after;

  /* Why a home is not covered: too far by so much, no path, or no room. */
  planMap.whyBeyond = function (layer, place) {
    const { need } = layer.state();
    const walk = planMap.walksShown(layer);
    if (walk.class[place] === 4) return ['步行无法到达任何提供此功能的驿站', 'no station for this need can be reached on foot'];
    if (walk.min[place] === null) return ['超出标准', 'beyond the standard'];
    const over = walk.min[place] - layer.data.needs[need].limitMin;
    return over > 0 ? planMap.fill(['超出标准 {n} 分钟', '{n} min too far'], { n: over.toFixed(1) })
      : ['标准内的驿站已满', 'the stations within it are full'];
  };

  const place = (node, what, map) => {
    node.type = 'button';
    node.addEventListener('click', () => planMap.show(map, what));
    return node;
  };

  const heading = (words) => planMap.element('p', 'pm-card-part', planMap.words(words));

  /* A button that goes to a thing, with a figure behind it. */
  function row(map, name, what, figure) {
    const { element, words } = planMap;
    const button = place(element('button', 'pm-card-go', element('bdi', '', name)), what, map);
    return element('li', '', button, figure ? element('span', '', words(figure)) : null);
  }

  const moment = (map, view) => TITLE[view] || ['所示阶段末', 'after the phase shown'];

  /* Open stations that offer what is needed, the nearest first, with minutes; and a nearer one that does not offer it. */
  planMap.nearestCard = function (layer, home) {
    const map = layer._map;
    const whatIf = map.planWhatIf;
    if (!whatIf || !whatIf.nearestTo) return [];
    const { element, fill, minutes, words } = planMap;
    const { found, without, complete } = whatIf.nearestTo(home);
    const { id, name } = whatIf.data.sites;
    const { view, need } = layer.state();
    const said = [];
    if (planMap.walksShown(layer).class[home] >= 3) {
      said.push(element('p', 'pm-card-why', words(fill(['未达标准：{w}', 'Not covered: {w}'], { w: planMap.whyBeyond(layer, home) }))));
      if (without) {
        said.push(element('p', 'pm-card-why', words(fill(['{m}处的{n}不提供所需功能', '{n}, at {m}, does not offer what is needed'],
          { n: name[without[0]], m: minutes(without[1]) }))));
      }
    }
    if (found.length) {
      const list = element('ol', 'pm-card-list', ...found.map(([site, min]) => row(map, name[site], { station: id[site] }, minutes(min))));
      const title = layer.data.command === 'audit' ? ['最近的驿站', 'Nearest stations'] : fill(['最近的驿站（{m}）', 'Nearest stations, {m}'], { m: moment(map, view) });
      said.push(heading(title), list);
      if (found.length < NEAREST && !complete) said.push(element('p', 'pm-card-note', words(['更远的驿站未列出', 'Stations further away are not listed'])));
    }
    const routes = layer.routes();
    if (found.length && !(routes && routes.has(home))) {
      said.push(element('p', 'pm-card-note', words(routes && need < routes.data.needs.length
        ? ['页内没有到此站的路线', 'The page holds no route to this one'] : ['未绘制此需求的步行路线', 'No routes are drawn for this need'])));
    }
    return said.length ? [element('div', 'pm-card-more', ...said)] : [];
  };

  function table(head, rows) {
    const { element, words } = planMap;
    const cell = (kind, text) => element(kind, '', words(text));
    return element('table', 'pm-card-table',
      element('thead', '', element('tr', '', ...head.map((text) => cell('th', text)))),
      element('tbody', '', ...rows.map(([first, ...rest]) => {
        const line = element('th', '', words(first));
        line.scope = 'row';
        return element('tr', '', line, ...rest.map((text) => cell('td', text)));
      })));
  }

  const needsOf = (map) => (map.planLayers && map.planLayers.demand ? map.planLayers.demand.data.needs : []);

  /* Who comes to a station: for each need the people nearest to it, and those within the standard. */
  planMap.peopleByNeed = function (map, data, site, open) {
    const needs = needsOf(map);
    if (needs.length < 2) return null;
    const { view } = planMap.stateOf(map);
    const nearest = (number) => (data.nearest[number][view] || [])[site];
    return table([['服务需求', 'Need'], ['就近', 'Nearest'], ['标准内', 'Within']], needs.map((need, number) => [need.label,
      open && data.needs[number].offered[site] && nearest(number) !== undefined ? planMap.count(nearest(number)) : '—',
      data.needs[number].offered[site] ? planMap.count(data.within[number][site]) : ['不提供', 'not offered']]));
  };

  /* A grid: the share covered of each need today and at the moment shown, the stations in it, and who is not reached. */
  planMap.gridCard = function (layer, grid) {
    const map = layer._map;
    const { percent } = planMap;
    const { view } = planMap.stateOf(map);
    const { data } = layer;
    const shown = view === 'before' ? 'after' : view;
    const needs = needsOf(map);
    const audit = !data.needs[0].before || (map.planPanel && map.planPanel.command === 'audit');
    const said = [];
    if (needs.length && !audit) {
      said.push(table([['服务需求', 'Need'], ['现状', 'Today'], shown === 'after' ? ['方案', 'Plan'] : moment(map, shown)], needs.map((need, number) => [
        need.label, percent(data.needs[number].before.share[grid]), percent(data.needs[number][shown].share[grid])])));
    }
    return said.concat(stationsIn(map, grid), notReached(map, data.id[grid]));
  };

  function stationsIn(map, grid) {
    const whatIf = map.planWhatIf;
    if (!whatIf || !whatIf.data.gridsOfSites) return [];
    const open = whatIf.openShown();
    const { id, name } = whatIf.data.sites;
    const inside = id.map((one, site) => site).filter((site) => open[site] && whatIf.data.gridsOfSites[site].includes(grid));
    return inside.length ? [listed(map, ['网格内的驿站', 'Stations inside'], inside.map((site) => [name[site], { station: id[site] }, null]))] : [];
  }

  /* Compounds of a grid, or homes that are in none, with people beyond the standard: those with most people first. */
  function notReached(map, grid) {
    const layer = (map.planLayers || {}).demand;
    if (!layer || !layer._map || !layer.data.grid) return [];
    const { data } = layer;
    const { need } = layer.state();
    const walk = planMap.walksShown(layer);
    const groups = new Map();
    data.grid.forEach((one, home) => {
      const people = data.people[need][home];
      if (one !== grid || walk.class[home] < 3 || !people) return;
      const compound = data.compound && data.compound[home];
      const key = compound ? `compound ${compound}` : `home ${home}`;
      const group = groups.get(key) || { name: compound || (data.name && data.name[home]) || data.id[home], what: compound ? { compound } : { home: data.id[home] }, people: 0 };
      group.people += people;
      groups.set(key, group);
    });
    const lost = [...groups.values()].sort((a, b) => b.people - a.people);
    return lost.length ? [listed(map, ['未达标准的小区与居民点', 'Compounds and homes not reached'],
      lost.map((one) => [one.name, one.what, planMap.people(one.people)]))] : [];
  }

  function listed(map, title, rows) {
    const { element, words, fill } = planMap;
    const more = rows.length - LISTED;
    return element('div', 'pm-card-more', heading(title),
      element('ul', 'pm-card-list', ...rows.slice(0, LISTED).map(([name, what, figure]) => row(map, name, what, figure))),
      more > 0 ? element('p', 'pm-card-note', words(fill(['另有 {n} 处，见表格', '{n} more in the tables'], { n: more }))) : null);
  }
})();
