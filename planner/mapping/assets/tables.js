/* What the map shows as tables, to sort, to copy and to save, for the moment and the need shown. */
(function () {
  'use strict';

  const SHOWN = 300;
  const today = ['现状', 'today'];
  const ID = ['编号', 'Id'];
  const NAME = ['名称', 'Name'];
  const PEOPLE = ['人数', 'People'];
  const of = (what, when) => planMap.fill(['{w}（{t}）', '{w}, {t}'], { w: what, t: when });
  const WITHIN = ['标准内人数', 'Within the standard'];
  const SHARE = ['覆盖比例', 'Share covered'];

  /* A column is [heading, kind, values]; rows go to a place on the map where `go` says which. */
  const TABLES = {
    needs: [['服务需求', 'Needs'], (map, data) => {
      const { view } = planMap.stateOf(map);
      const figures = (name) => data.needs.map((need) => (need[view] || need.after)[name]);
      return { columns: [
        [['服务需求', 'Need'], 'words', data.needs.map((need) => need.label)],
        [PEOPLE, 'count', figures('people')],
        ...(data.command === 'audit' ? [] : [[of(SHARE, today), 'share', data.needs.map((need) => need.before.share)]]),
        [WITHIN, 'count', figures('covered')], [SHARE, 'share', figures('share')],
        [['平均步行（分钟）', 'Mean walk, min'], 'decimal', figures('mean')],
        [['95% 的人不超过（分钟）', '95% walk at most, min'], 'decimal', figures('p95')],
        [['步行无法到达', 'Cannot reach any'], 'count', figures('unreachable')],
      ] };
    }],
    stations: [['驿站', 'Stations'], (map) => {
      const { data } = map.planStations || {};
      if (!data) return null;
      const { need, view } = planMap.stateOf(map);
      return { go: (place) => ({ station: data.id[place] }), columns: [
        [ID, 'words', data.id], [NAME, 'words', data.name],
        [['类型', 'Kind'], 'words', data.role.map((role, place) => kindOf(map, place))],
        [['费用（元）', 'Cost, CNY'], 'count', data.cost.map((cost) => (cost === null ? null : 10000 * cost))],
        [['功能', 'Functions'], 'words', data.functions],
        [WITHIN, 'count', data.within[need]],
        [['就近人数', 'Nearest for'], 'count', (data.nearest[need][view] || data.nearest[need].after)
          .map((people, place) => (isOpen(map, data, place) ? people : null))],
        [['缺此站失去的人数', 'People lost without it'], 'count', lostWithout(map, data)],
      ] };
    }],
    grids: [['网格', 'Grids'], (map) => {
      const layer = (map.planLayers || {}).grids;
      if (!layer) return null;
      const { need, view } = planMap.stateOf(map);
      const { data } = layer;
      const shown = data.needs[need][view] || data.needs[need].after;
      return { go: (place) => ({ grid: data.id[place] }), columns: [
        [ID, 'words', data.id], [NAME, 'words', data.name], [PEOPLE, 'count', shown.people],
        [of(SHARE, today), 'share', data.needs[need].before ? data.needs[need].before.share : shown.share],
        [WITHIN, 'count', shown.covered], [SHARE, 'share', shown.share],
        [['未达标准人数', 'Beyond the standard'], 'count', shown.people.map((people, place) => people - shown.covered[place])],
        [['网格内驿站', 'Stations inside'], 'count', data.stations[view] || data.stations.after],
        [['空白网格', 'Unserved'], 'words', shown.unserved.map((one) => (one ? ['是', 'yes'] : ['否', 'no']))],
      ] };
    }],
    communities: [['社区', 'Communities'], (map) => groupTable(map, 'community')],
    compounds: [['小区', 'Compounds'], (map) => groupTable(map, 'compound')],
    homes: [['未达标准的居民点', 'Homes beyond the standard'], (map) => {
      const layer = (map.planLayers || {}).demand;
      if (!layer) return null;
      const { data } = layer;
      const { need } = planMap.stateOf(map);
      const walk = planMap.walksShown(layer);
      const beyond = data.id.map((id, place) => place).filter((place) => walk.class[place] >= 3 && data.people[need][place]);
      const column = (name) => beyond.map((place) => (data[name] && data[name][place]) || '');
      return { go: (row) => ({ home: data.id[beyond[row]] }), columns: [
        [ID, 'words', beyond.map((place) => data.id[place])], [NAME, 'words', column('name')],
        [['小区', 'Compound'], 'words', column('compound')], [['网格', 'Grid'], 'words', column('grid').map((grid) => data.gridNames[grid] || grid)],
        [['社区', 'Community'], 'words', column('community')],
        [PEOPLE, 'count', beyond.map((place) => data.people[need][place])],
        [['最近驿站', 'Nearest station'], 'words', beyond.map((place) => (walk.class[place] < 4 ? data.stations[walk.station[place]] : ''))],
        [['步行（分钟）', 'Walk, min'], 'decimal', beyond.map((place) => (walk.class[place] < 4 ? walk.min[place] : null))],
        [['原因', 'Why'], 'words', beyond.map((place) => planMap.whyBeyond(layer, place))],
      ] };
    }],
  };

  const ownMoment = ({ view, standard }) => view === 'after' && standard === null;

  function isOpen(map, data, place) {
    if (map.planWhatIf && map.planWhatIf.openShown) return Boolean(map.planWhatIf.openShown()[place]);
    return !/candidate|proposal|excluded/.test(data.role[place]);
  }

  /* Told for the plan; in a what-if or under another standard it is counted in the page, and at other moments not told. */
  function lostWithout(map, data) {
    const state = planMap.stateOf(map);
    if (ownMoment(state)) return data.worth.map((worth) => (worth ? worth.lost[state.need] : null));
    const whatIf = map.planWhatIf;
    if (!whatIf || !whatIf.openShown || !(state.view === 'after' || state.view === 'whatif')) return data.id.map(() => null);
    return whatIf.openShown().map((one, place) => (one ? whatIf.lossOf(place) : null));
  }

  function kindOf(map, place) {
    const whatIf = map.planWhatIf;
    const { view } = planMap.stateOf(map);
    if (view !== 'whatif' || !whatIf || whatIf.open[place] === whatIf.plan[place]) return map.planStations.roleOf(place);
    return whatIf.open[place] ? ['如果：启用', 'what if: opened'] : ['如果：关闭', 'what if: closed'];
  }

  planMap.groupsOf = function (layer, level) {
    const { data } = layer;
    const { need } = layer.state();
    const walk = planMap.walksShown(layer);
    const before = layer.walks().before || walk;
    const groups = new Map();
    (data[level] || []).forEach((name, place) => {
      if (!name) return;
      const group = groups.get(name) || { name, homes: 0, people: 0, before: 0, covered: 0, far: null };
      const people = data.people[need][place] || 0;
      group.homes += 1;
      group.people += people;
      if (before.class[place] < 3) group.before += people;
      if (walk.class[place] < 3) group.covered += people;
      else if (people && (group.far === null || data.people[need][group.far] < people)) group.far = place;
      groups.set(name, group);
    });
    return [...groups.values()];
  };

  function groupTable(map, level) {
    const layer = (map.planLayers || {}).demand;
    if (!layer || !layer.data[level]) return null;
    const groups = planMap.groupsOf(layer, level);
    const share = (part, whole) => (whole ? part / whole : null);
    return { go: (row) => ({ [level]: groups[row].name }), columns: [
      [NAME, 'words', groups.map((one) => one.name)], [['居民点', 'Homes'], 'count', groups.map((one) => one.homes)],
      [PEOPLE, 'count', groups.map((one) => one.people)],
      [of(SHARE, today), 'share', groups.map((one) => share(one.before, one.people))],
      [WITHIN, 'count', groups.map((one) => one.covered)], [SHARE, 'share', groups.map((one) => share(one.covered, one.people))],
      [['未达标准人数', 'Beyond the standard'], 'count', groups.map((one) => one.people - one.covered)],
    ] };
  }

  const SHOW = { words: (value) => value, count: planMap.count, decimal: planMap.decimal, share: planMap.percent };

  /* Text of one cell for a file: no name is read as a formula, none breaks its row. */
  planMap.cell = function (value) {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const text = planMap.inLanguage(value).replace(/[\t\r\n\u2028\u2029]+/g, ' ');
    return /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  };

  planMap.tsv = (rows) => rows.map((row) => row.map(planMap.cell).join('\t')).join('\n');
  planMap.csv = (rows) => `\ufeff${rows.map((row) => row.map((value) => {
    const text = planMap.cell(value);
    return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }).join(',')).join('\r\n')}\r\n`;

  planMap.tables = function (map, node, data) {
    const { element, words, fill, count } = planMap;
    const dialog = node.querySelector('.pm-tables');
    const find = (selector) => dialog.querySelector(selector);
    let [key, sorted, down, table, order] = ['needs', -1, false, null, []];

    const rows = () => [table.columns.map(([heading]) => heading), ...order.map((row) => table.columns.map((column) => column[2][row]))];
    const sort = () => {
      order = table.columns[0][2].map((value, row) => row);
      if (sorted < 0) return;
      const [, kind, values] = table.columns[sorted];
      const text = new Intl.Collator(planMap.language() === 'en' ? 'en' : 'zh-Hans-CN', { numeric: true });
      const said = kind === 'words' ? values.map((value) => planMap.inLanguage(value).slice(0, 200)) : values;
      const missing = (row) => said[row] === null || said[row] === '';
      order.sort((a, b) => missing(a) - missing(b)
        || (missing(a) ? 0 : (down ? -1 : 1) * (kind === 'words' ? text.compare(said[a], said[b]) : said[a] - said[b])) || a - b);
    };
    const heading = ([name, kind], place) => {
      const button = element('button', '', words(name), element('i', 'pm-sort', sorted === place ? (down ? '▼' : '▲') : ''));
      button.type = 'button';
      button.addEventListener('click', () => {
        [sorted, down] = [place, sorted === place ? !down : kind !== 'words'];
        write();
        find('thead').querySelectorAll('button')[place].focus();
      });
      const cell = element('th', kind === 'words' ? '' : 'pm-number-cell', button);
      cell.scope = 'col';
      cell.setAttribute('aria-sort', sorted !== place ? 'none' : down ? 'descending' : 'ascending');
      return cell;
    };
    const nameAt = () => table.columns.findIndex(([name]) => name === NAME);
    const row = (place) => element('tr', '', ...table.columns.map(([, kind, values], column) => {
      const shown = SHOW[kind](values[place]);
      const cut = typeof shown === 'string' ? shown.slice(0, 200) : shown;
      const said = element('bdi', '', words(cut));
      const cell = element('td', kind === 'words' ? '' : 'pm-number-cell');
      if (table.go && column === Math.max(0, nameAt())) {
        const button = element('button', 'pm-goes', cut ? said : element('bdi', '', planMap.cell(table.columns[0][2][place])));
        button.type = 'button';
        button.addEventListener('click', () => {
          dialog.close();
          planMap.show(map, table.go(place), node.querySelector('[data-tables]'));
        });
        cell.append(button);
      } else cell.append(said);
      return cell;
    }));
    const write = () => {
      table = TABLES[key][1](map, data);
      sort();
      find('thead').replaceChildren(element('tr', '', ...table.columns.map(heading)));
      find('tbody').replaceChildren(...order.slice(0, SHOWN).map(row));
      find('[data-rows]').replaceChildren(words(order.length > SHOWN
        ? fill(['共 {n} 行，显示前 {k} 行；复制和下载包含全部。', '{n} rows, the first {k} shown; copies and files hold all.'], { n: count(order.length), k: SHOWN })
        : fill(['共 {n} 行', '{n} rows'], { n: order.length })));
      tell('');
    };
    const tell = (said) => find('[data-told]').replaceChildren(words(said));
    const choose = (wanted) => {
      [key, sorted, down] = [wanted, -1, false];
      find('.pm-table-kinds').querySelectorAll('button').forEach((one) => one.setAttribute('aria-pressed', String(one.dataset.table === key)));
      write();
    };

    node.querySelector('[data-tables]').addEventListener('click', () => {
      const kinds = Object.entries(TABLES).filter(([, [, make]]) => make(map, data));
      find('.pm-table-kinds').replaceChildren(...kinds.map(([one, [label]]) => {
        const button = element('button', '', words(label));
        button.type = 'button';
        button.dataset.table = one;
        button.addEventListener('click', () => choose(one));
        return button;
      }));
      choose(kinds.some(([one]) => one === key) ? key : 'needs');
      dialog.showModal();
    });
    find('[data-close]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('keydown', (event) => event.stopPropagation());
    find('[data-copy]').addEventListener('click', async () => {
      const copied = await copy(planMap.tsv(rows()), dialog);
      tell(copied ? ['已复制', 'Copied'] : ['浏览器不允许复制，请下载', 'This browser refuses to copy: save the file instead']);
    });
    find('[data-save]').addEventListener('click', () => {
      const link = element('a', '');
      link.href = URL.createObjectURL(new Blob([planMap.csv(rows())], { type: 'text/csv;charset=utf-8' }));
      link.download = `${key}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
    document.addEventListener('planlanguage', () => dialog.open && write());
    planMap.stateOf(map).on('change', () => dialog.open && write());
  };

  /* Pages opened from a file may be refused the clipboard: then the text is selected and copied the old way. */
  async function copy(text, inside) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = planMap.element('textarea', 'pm-copied');
      area.value = text;
      inside.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      return done;
    }
  }

  /* Compounds, or homes where there are no compounds, with people beyond the standard at the moment shown: who, and why. */
  planMap.unreached = function (map, node) {
    const { element, words, fill, count } = planMap;
    const block = node.querySelector('.pm-unreached');
    const LISTED = 100;
    const write = () => {
      const layer = (map.planLayers || {}).demand;
      block.hidden = !layer;
      if (!layer) return;
      const { data } = layer;
      const { need } = layer.state();
      const walk = planMap.walksShown(layer);
      const grouped = data.compound && data.compound.some(Boolean);
      const lost = (grouped ? planMap.groupsOf(layer, 'compound').filter((one) => one.far !== null)
        .map((one) => ({ go: { compound: one.name }, name: one.name, people: one.people - one.covered, far: one.far }))
        : data.id.map((id, place) => ({ go: { home: id }, name: (data.name && data.name[place]) || id, people: data.people[need][place], far: place }))
          .filter(({ far, people }) => walk.class[far] >= 3 && people)).sort((a, b) => b.people - a.people);
      const label = grouped ? ['有居民未达标准的小区 {n} 个', 'Compounds with people beyond the standard: {n}']
        : ['未达标准的居民点 {n} 处', 'Homes beyond the standard: {n}'];
      block.querySelector('[data-unreached]').replaceChildren(words(fill(label, { n: count(lost.length) })));
      block.querySelector('.pm-hint').replaceChildren(words(lost.length > LISTED
        ? fill(['列出人数最多的 {k} 个，其余见表格。', 'The {k} with most people; all stand in the tables.'], { k: LISTED }) : ''));
      block.querySelector('ol').replaceChildren(...lost.slice(0, LISTED).map((one) => {
        const button = element('button', '', element('bdi', '', one.name.slice(0, 120)), element('small', '',
          words(fill(['{n} 人', '{n} people'], { n: count(one.people) })), element('br', ''), words(planMap.whyBeyond(layer, one.far))));
        button.type = 'button';
        button.addEventListener('click', () => planMap.show(map, one.go, button));
        return element('li', '', button);
      }));
    };
    planMap.stateOf(map).on('change', write);
    write();
  };
})();
