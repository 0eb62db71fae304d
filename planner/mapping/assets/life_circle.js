/* The check-up of the life circle: shares of people, a row a function, a column a circle. */
(function () {
  'use strict';

  planMap.lifeCircle = function (map, node, data) {
    const state = planMap.stateOf(map);
    const circle = data.circle;
    const refresh = () => write(node, state, data, circle);
    state.on('change', refresh);
    node.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-minutes]');
      if (button) state.set({ need: Number(button.dataset.need), standard: Number(button.dataset.minutes) });
    });
    refresh();
  };

  function write(node, state, data, circle) {
    const { element, words } = planMap;
    const party = circle.parties[circle.party[state.need]];
    const moment = state.view in party.moments ? state.view : 'after';
    const label = (data.moments.find((one) => one.key === moment) || data.moments[data.moments.length - 1]).label;
    node.querySelector('[data-circle-whose]').replaceChildren(words(join(party.label, label)));
    const head = party.circles.map((limit) => {
      const cell = element('th', '', words(planMap.fill(['{n} {unit}', '{n} {unit}'], { n: limit, unit: party.unit })));
      cell.scope = 'col';
      return cell;
    });
    node.querySelector('thead').replaceChildren(element('tr', '', element('td', ''), ...head));
    const figures = party.moments[moment];
    node.querySelector('tbody').replaceChildren(...circle.rows.map((row, place) =>
      element('tr', '', rowHead(row, place, figures, circle), ...party.circles.map((limit, column) =>
        cell(state, circle, party, row, figures.shares[place][column], limit)))));
  }

  const join = (a, b) => [`${a[0]}，${b[0]}`, `${a[1]}, ${b[1].toLowerCase()}`];

  function rowHead(row, place, figures, circle) {
    const { element, words, fill } = planMap;
    const head = element('th', '', words(capital(row.label)));
    head.scope = 'row';
    if (place < figures.stations.length) {
      const count = figures.stations[place];
      const missing = count === 0 && circle.required[place];
      head.append(element('small', missing ? 'pm-circle-missing' : '', words(missing
        ? ['缺项', 'missing'] : fill(['{n} 座', '{n}'], { n: count }))));
    }
    return head;
  }

  const capital = ([zh, en]) => [zh, en.charAt(0).toUpperCase() + en.slice(1)];

  /* A cell sets the standard where a need of these people asks for its function; else it only tells. */
  function cell(state, circle, party, row, share, limit) {
    const { element, percent } = planMap;
    const own = circle.functions.findIndex((code, need) => code === row.code && circle.parties[circle.party[need]] === party);
    const text = percent(share);
    const box = element('td', '');
    box.style.setProperty('--pm-share', share === null ? 0 : share);
    if (own < 0 || !party.minutes || !state.hearsStandard) {
      box.append(element('span', '', text));
      return box;
    }
    const button = element('button', '', text);
    button.type = 'button';
    button.dataset.minutes = limit;
    button.dataset.need = own;
    button.setAttribute('aria-pressed', String(state.standard === limit && state.need === own));
    planMap.nameControl(button, planMap.fill(['{what}，{n} 分钟：{share}。按此标准显示', '{what}, {n} min: {share}. Show by this standard'], {
      what: row.label, n: limit, share: text,
    }));
    box.append(button);
    return box;
  }
})();
