/* The panel of a comparison: what is shown, for which need, and the legend with people. */
(function () {
  'use strict';

  planMap.compared_panel = function (map, node, data) {
    const state = planMap.stateOf(map);
    const first = node.querySelector('input[name$="_view"]').value;
    document.documentElement.classList.add('pm-has-panel');
    planMap.switchLanguage(node, data);
    node.addEventListener('change', (event) => {
      const { name, value } = event.target;
      if (name.endsWith('_view')) state.set({ view: value });
      if (name.endsWith('_need')) state.set({ need: Number(value) });
    });
    planMap.foldSheet(map, node);
    planMap.controls(map);
    state.on('change', () => legend(map, node, state));
    state.set({ view: first, need: 0 });
    planMap.home(map, data);
  };

  function legend(map, node, state) {
    const homes = map.planCompared;
    if (!homes) return;
    const { element, words, people } = planMap;
    const [first, second] = state.view.split('>');
    const counted = {};
    homes.id.forEach((id, place) => {
      const code = planMap.changeOf(homes, state.view, state.need, place);
      counted[code] = (counted[code] || 0) + (homes.people[state.need][place] || 0);
    });
    const single = { both: ['已覆盖', 'covered'], neither: ['未覆盖', 'not covered'] };
    const rows = homes.colours.filter((one) => counted[one.code]).map((one) => {
      const swatch = element('i', 'pm-swatch');
      swatch.style.background = one.colour;
      const label = second === undefined && single[one.code] ? single[one.code] : one.words;
      const row = element('li', '', swatch, element('span', '', words(label)), element('span', '', words(people(counted[one.code]))));
      row.dataset.code = one.code;
      row.dataset.people = String(counted[one.code]);
      return row;
    });
    const stations = second === undefined ? [] : [
      [planMap.badge(first + second, true), ['两案均开放的驿站', 'station open in both']],
      [planMap.badge(first), ['仅 A 开放的驿站', 'station open in A only'].map((text) => text.replace('A', first))],
      [planMap.badge(second), ['仅 B 开放的驿站', 'station open in B only'].map((text) => text.replace('B', second))],
    ];
    node.querySelector('.pm-compared-legend').replaceChildren(
      ...rows, ...stations.map(([badge, label]) => element('li', '', badge, element('span', '', words(label)))));
  }
})();
