/* The section of the panel for what-ifs: a line until something changes, then what is different from the plan. */
(function () {
  'use strict';

  const { element, words, fill, count } = planMap;
  const signed = (value, text) => `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;
  const money = (fen) => fill(['{n} 万元', '{m} CNY'], { n: signed(fen, (each) => planMap.decimal(each / 1e6)), m: signed(fen, (each) => count(each / 100)) });

  function button(label, act, className = '') {
    const one = element('button', className, words(label));
    one.type = 'button';
    one.addEventListener('click', act);
    return one;
  }

  /* Below the legend of the panel, or in a corner of a map that has none. */
  function place(map, node) {
    const legend = document.querySelector('.pm-panel .pm-classes');
    if (legend) {
      legend.closest('section').after(node);
      return;
    }
    const Corner = L.Control.extend({ options: { position: 'bottomleft' }, onAdd: () => { L.DomEvent.disableClickPropagation(node); return node; } });
    new Corner().addTo(map);
    node.classList.add('pm-whatif-alone');
  }

  planMap.whatIfPanel = function (map, node) {
    place(map, node);
    node.classList.add('pm-whatif');
    const part = (tag, name) => element(tag, `pm-whatif-${name}`);
    const parts = { note: part('p', 'note'), line: part('span', 'line'), check: part('p', 'check'), standards: part('div', 'standards'), warn: part('ul', 'warn'), figures: part('dl', 'figures'), changes: part('ol', 'changes'), best: part('div', 'best'), buttons: part('div', 'buttons'), said: part('p', 'said'), sites: part('ol', 'sites') };
    parts.said.setAttribute('role', 'status');
    parts.line.setAttribute('aria-live', 'polite');
    const fold = element('details', '', element('summary', '', element('b', '', words(['如果……', 'What if'])), ' ', parts.line));
    node.append(parts.note, fold);

    return {
      tell(sentence) {
        parts.line.append(words(['不可用', 'not available']));
        fold.append(element('p', 'pm-whatif-hint', words(sentence)));
      },

      leftOut(ids) {
        parts.said.replaceChildren(...(ids.length ? [words(fill(['链接中的站点不能使用：{n}', 'Sites of the link that cannot be used: {n}'], { n: ids.join(', ') }))] : []));
      },

      start(whatIf, wrong) {
        this.whatIf = whatIf;
        const all = element('details', '', element('summary', '', words(['全部站点', 'All sites'])), parts.sites);
        all.addEventListener('toggle', () => this.listSites());
        this.all = all;
        const rooms = whatIf.data.rooms ? words(['只按步行范围计，不计各站容量。', 'Counts who is in reach; room in the stations is not counted.']) : null;
        const replacing = Object.keys(whatIf.data.sites.replaces).length ? words(['启用替代站即关闭被替代的驿站；同一驿站只保留一种做法。', 'Opening a site closes the stations it replaces; of each station and what replaces it, one is open.']) : null;
        fold.append(element('p', 'pm-whatif-hint', words(['点击图上站点，选择开放或关闭，数字随即重算。从方案的最终状态开始。', 'Click a site on the map to open or close it; the figures follow at once. It starts from the final state of the plan.']), ' ', rooms, replacing),
          parts.standards, parts.warn, parts.figures, parts.changes, parts.best, parts.buttons, parts.said, all, parts.check);
        fold.addEventListener('toggle', () => fold.open && this.writeBest());
        this.writeCheck(wrong);
        this.addView();
      },

      writeCheck(wrong) {
        const { walks } = this.whatIf.data;
        const rounded = walks.some((each) => each.unit > 1);
        const known = walks.every((each) => each.complete);
        parts.check.dataset.equal = String(wrong.length === 0);
        parts.check.classList.toggle('pm-no', wrong.length > 0);
        parts.check.append(words(wrong.length
          ? ['本页重算与 plan.json 不一致，请勿引用试算数字。', 'Counted again in this page: NOT equal to plan.json. Do not rely on what-if figures.']
          : ['本页已重算方案，与 plan.json 一致。', 'Counted again in this page: equal to plan.json.']));
        if (rounded) parts.check.append(' ', words(['页内步行时间向上取到 0.1 分钟，是否达标不受影响。', 'Walks here are rounded up to 0.1 minutes; who meets a standard is exact.']));
        if (!known) parts.check.append(' ', words(['页内只有较近的步行时间，平均步行时间不重算。', 'Only nearer walks are in the page: mean walks are not counted again.']));
      },

      /* One more moment to show; it appears with the first change. */
      addView() {
        const bar = document.querySelector('.pm-switch');
        const other = bar && bar.querySelector('input');
        if (!other) return;
        const input = element('input', '');
        Object.assign(input, { type: 'radio', name: other.name, value: 'whatif' });
        this.choice = element('label', '', input, element('span', '', words(['如果', 'What if'])));
        this.choice.hidden = true;
        bar.append(this.choice);
      },

      refresh() {
        const { whatIf } = this;
        if (!whatIf) return;
        const changed = whatIf.changed;
        if (this.choice) this.choice.hidden = !changed;
        if (changed && !this.seen) {
          this.seen = true;
          fold.open = true;
        }
        this.writeStandards();
        const { need } = whatIf.state;
        const [now, planned] = [whatIf.now(need).figures, whatIf.planned(need).figures];
        const cost = [whatIf.open, whatIf.plan].map((open) => planMap.costOf(whatIf.data.sites, open));
        const more = cost.includes(null) ? null : cost[0] - cost[1];
        const gain = fill(['{n} 人', '{n} people'], { n: signed(now.covered - planned.covered, count) });
        parts.line.replaceChildren(...(changed ? [words(gain), ' · ', words(more === null ? ['费用未知', 'cost not known'] : money(more))] : [words(['换个站点试算', 'try other sites'])]));
        parts.line.dataset.gain = String(now.covered - planned.covered);
        this.writeFigures(now, planned, more, changed);
        parts.warn.replaceChildren(...(changed ? planMap.brokenRules(whatIf.data.rules, whatIf.data.sites, whatIf.open) : []).map((one) => element('li', 'pm-no', words(one))));
        this.writeChanges();
        if (fold.open) this.writeBest();
        parts.buttons.replaceChildren(...(changed ? [
          button(['回到方案', 'Back to the plan'], () => whatIf.back()),
          button(['复制链接', 'Copy link'], () => this.copyLink()),
          button(['复制数据', 'Copy data'], () => this.said(planMap.copy(JSON.stringify(whatIf.file(), null, 2)))),
          button(['保存文件', 'Save file'], () => planMap.download('what-if.json', `${JSON.stringify(whatIf.file(), null, 2)}\n`)),
        ] : []));
        if (this.all.open) this.listSites();
      },

      async said(done) {
        parts.said.replaceChildren(words((await done) ? ['已复制', 'Copied'] : ['无法复制，请保存文件', 'Cannot copy: save the file']));
      },

      copyLink() {
        const fragment = this.whatIf.fragment();
        window.history.replaceState(null, '', fragment);
        this.said(planMap.copy(window.location.href));
      },

      writeStandards() {
        const { whatIf } = this;
        const need = whatIf.data.needs[whatIf.state.need];
        const chosen = whatIf.standardOf(whatIf.state.need);
        const order = need.standards.map((one, number) => number).sort((a, b) => need.standards[a].minutes - need.standards[b].minutes);
        const focused = parts.standards.contains(document.activeElement) && document.activeElement.dataset.standard;
        parts.standards.replaceChildren(element('span', '', words(['标准', 'Standard'])), ...order.map((number) => {
          const one = need.standards[number];
          const choice = button(number ? one.label : fill(['{s}（方案）', '{s} (plan)'], { s: one.label }), () => whatIf.state.set({ standard: number ? one.minutes : null }));
          choice.setAttribute('aria-pressed', String(number === chosen));
          choice.dataset.standard = String(number ? one.minutes : 'own');
          return choice;
        }));
        if (focused) parts.standards.querySelector(`[data-standard="${focused}"]`)?.focus();
        const other = whatIf.data.needs.some((each, number) => whatIf.standardOf(number) > 0);
        parts.note.hidden = !other;
        parts.note.replaceChildren(words(fill(['按 {s} 计，不是方案自身的标准（{o}）；上方结论、新站清单与服务范围仍按方案。', 'Counted with {s}, not the plan\'s own standard ({o}). The headline, the lists of stations and the catchments remain those of the plan.'], { s: need.standards[chosen].label, o: need.standards[0].label })));
      },

      writeFigures(now, planned, more, changed) {
        const { whatIf } = this;
        const rows = [];
        const row = (label, value, name) => {
          const cell = element('dd', '', words(value));
          cell.dataset.figure = name;
          rows.push(element('dt', '', words(label)), cell);
        };
        const change = (from, to, text) => `${text(from)} → ${text(to)}`;
        if (changed) {
          const rise = (number) => [whatIf.planned(number).figures, whatIf.now(number).figures];
          whatIf.data.needs.forEach((need, number) => {
            const [from, to] = rise(number);
            const name = whatIf.targets.panel ? whatIf.targets.panel.needs[number].group : need.head.group;
            row(fill(['{g}：达标人数', 'In reach: {g}'], { g: name }), `${change(from.covered, to.covered, count)} (${planMap.percent(to.share)})`, `covered${number}`);
          });
          if (now.mean !== null && planned.mean !== null) row(['平均步行', 'Mean walk'], planMap.minutes(0).map((text) => text.replace('0', change(planned.mean, now.mean, planMap.decimal))), 'mean');
          row(['驿站', 'Stations'], change(whatIf.plan.filter(Boolean).length, whatIf.open.filter(Boolean).length, String), 'stations');
          row(['费用', 'Cost'], more === null ? '—' : money(more), 'cost');
          if (whatIf.data.grids) row(['空白网格', 'Unserved grids'], change(...[planned, now].map((each, side) => this.unserved(side)), String), 'grids');
        }
        parts.figures.replaceChildren(...rows);
      },

      unserved(side) {
        const { whatIf } = this;
        const number = whatIf.state.need;
        const counted = side ? whatIf.now(number) : whatIf.planned(number);
        if (!whatIf.targets.grids) return 0;
        return whatIf._byGrid(whatIf.data.needs[number], counted.classOf).unserved.filter(Boolean).length;
      },

      writeChanges() {
        const { whatIf } = this;
        const { id, name } = whatIf.data.sites;
        const item = (one, opens) => {
          const at = id.indexOf(one);
          const undo = button(['撤销', 'Undo'], () => whatIf.toggle(at));
          planMap.nameControl(undo, fill(['撤销：{n}', 'Undo: {n}'], { n: name[at] }));
          return element('li', '', element('span', '', words(opens ? ['开放', 'Opens'] : ['关闭', 'Closes']), ' ', element('bdi', '', name[at])), undo);
        };
        parts.changes.replaceChildren(...whatIf.opened.map((one) => item(one, true)), ...whatIf.closed.map((one) => item(one, false)));
      },

      writeBest() {
        const { whatIf } = this;
        const { need } = whatIf.state;
        const all = whatIf.data.needs.map((one, number) => number);
        const asked = all.length > 1 ? [[[need], ['下一个最有用', 'Best next']], [all, ['按各需求权重', 'All needs, by weight']]] : [[[need], ['下一个最有用', 'Best next']]];
        parts.best.replaceChildren(...asked.map(([numbers, label]) => {
          const best = whatIf.best(numbers);
          if (!best) return element('p', '', words(label.map((one, side) => one + ['：', ': '][side])), words(['没有站点能再增加达标人数', 'no site adds people']));
          const [at, gain] = best;
          const open = button(['开放', 'Open'], () => whatIf.toggle(at));
          planMap.nameControl(open, fill(['开放：{n}', 'Open: {n}'], { n: whatIf.data.sites.name[at] }));
          const row = element('p', '', element('span', '', words(label.map((one, side) => one + ['：', ': '][side])), element('bdi', '', whatIf.data.sites.name[at]), ' ', words(numbers.length > 1 ? fill(['+{n}（加权）', '+{n} (weighted)'], { n: count(gain) }) : fill(['+{n} 人', '+{n} people'], { n: count(gain) }))), open);
          row.dataset.best = whatIf.data.sites.id[at];
          row.dataset.gain = String(gain);
          return row;
        }));
      },

      listSites() {
        const { whatIf } = this;
        if (!this.all.open) return;
        const { name, mayNot, id } = whatIf.data.sites;
        const focused = parts.sites.contains(document.activeElement) ? document.activeElement.dataset.toggle : null;
        parts.sites.replaceChildren(...name.map((one, at) => {
          const isOpen = whatIf.open[at];
          const row = element('li', '', element('bdi', '', one));
          if (mayNot[at] && !isOpen) {
            row.append(element('small', '', words(mayNot[at])));
            return row;
          }
          const act = button(isOpen ? ['关闭', 'Close'] : ['开放', 'Open'], () => whatIf.toggle(at));
          planMap.nameControl(act, fill(isOpen ? ['关闭：{n}', 'Close: {n}'] : ['开放：{n}', 'Open: {n}'], { n: one }));
          act.dataset.toggle = id[at];
          row.append(act);
          return row;
        }));
        if (focused) [...parts.sites.querySelectorAll('button')].find((one) => one.dataset.toggle === focused)?.focus();
      },
    };
  };
})();
