/* A field that finds homes, compounds, grids, communities and stations by name, id, pinyin or its initials. */
(function () {
  'use strict';

  const SHOWN = 12;
  const LONGEST = 60; // as pinyin.py reads names
  const KINDS = {
    community: ['社区', 'community'],
    grid: ['网格', 'grid'],
    station: ['驿站', 'station'],
    site: ['候选点', 'candidate site'],
    compound: ['小区', 'compound'],
    home: ['居民点', 'home'],
  };

  planMap.fold = (text) => String(text).normalize('NFKC').toLowerCase().replace(/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069·]+/g, '');

  /* Each name as its syllables; what is no Chinese character stands as it is. */
  planMap.reader = function ({ characters, runs }) {
    const read = (run) => runs[run] || Array.from(run, (one) => characters[one] || one).join(' ');
    return (name) => (/[\u3400-\u9fff]/.test(name) ? name.slice(0, LONGEST)
      .replace(/[\u3400-\u4dbf\u4e00-\u9fff]+/g, (run) => ` ${read(run)} `).toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean) : null);
  };

  /* Everything that can be found, in the order in which equals are listed. */
  planMap.findable = function (map, pinyin) {
    const read = planMap.reader(pinyin);
    const entries = [];
    const add = (kind, go, id, name) => {
      const syllables = read(name);
      entries.push({ kind, go, id, name, words: [planMap.fold(name), planMap.fold(id)], syllables,
        full: syllables && syllables.join(''), initials: syllables && syllables.map((one) => (/\d/.test(one) ? one : one[0])).join('') });
    };
    const { grids, demand } = map.planLayers || {};
    const homes = demand ? demand.data : { id: [] };
    new Set((homes.community || []).filter(Boolean)).forEach((name) => add('community', { community: name }, '', name));
    if (grids) grids.data.id.forEach((id, place) => add('grid', { grid: id }, id, grids.data.name[place]));
    const sites = map.planStations ? map.planStations.data : { id: [] };
    sites.id.forEach((id, place) => add(/candidate|proposal|excluded/.test(sites.role[place]) ? 'site' : 'station', { station: id }, id, sites.name[place]));
    const compounds = new Map();
    (homes.compound || []).forEach((name) => name && compounds.set(name, (compounds.get(name) || 0) + 1));
    compounds.forEach((count, name) => add('compound', { compound: name }, '', name));
    homes.id.forEach((id, place) => {
      const name = (homes.name && homes.name[place]) || '';
      if (name || !homes.compound || compounds.get(homes.compound[place]) !== 1) add('home', { home: id }, id, name || id);
    });
    return entries;
  };

  /* The best first: the name or id itself, the name's beginning and middle, initials and pinyin from the beginning, the id, the rest. */
  planMap.search = function (entries, query) {
    const asked = planMap.fold(query);
    if (!asked) return [];
    const latin = /^[a-z0-9']+$/.test(asked) ? asked.replaceAll("'", '') : null;
    const ranked = Array.from({ length: 8 }, () => []);
    entries.forEach((entry) => {
      const rank = rankOf(entry, asked, latin);
      if (rank !== null) ranked[rank].push(entry);
    });
    return ranked.flat();
  };

  function rankOf({ words: [name, id], full, initials, syllables }, asked, latin) {
    if (name === asked || id === asked) return 0;
    const where = name.indexOf(asked);
    if (where >= 0) return where ? 2 : 1;
    const spoken = latin && full;
    if (spoken && initials.startsWith(latin)) return 3;
    if (spoken && full.startsWith(latin)) return 4;
    if (id.includes(asked)) return 5;
    if (!spoken) return null;
    if (latin.length > 1 && initials.includes(latin)) return 6;
    return latin.length > 1 && full.includes(latin) && startsSyllable(syllables, full, latin) ? 7 : null;
  }

  /* "angang" is no part of huang-shi-gang: what is asked for begins where a syllable begins. */
  function startsSyllable(syllables, full, asked) {
    let start = 0;
    return syllables.some((one) => {
      const fits = full.startsWith(asked, start);
      start += one.length;
      return fits;
    });
  }

  planMap.searchField = function (map, node, pinyin) {
    const { element, words, fill } = planMap;
    const field = node.querySelector('[role="combobox"]');
    const list = node.querySelector('.pm-found');
    const told = node.querySelector('[data-found]');
    let entries = null;
    let found = [];
    let at = -1;

    const mark = (place) => {
      at = place;
      [...list.children].forEach((option, one) => option.setAttribute('aria-selected', String(one === at)));
      if (at < 0) field.removeAttribute('aria-activedescendant');
      else {
        field.setAttribute('aria-activedescendant', list.children[at].id);
        list.children[at].scrollIntoView({ block: 'nearest' });
      }
    };
    const open = (shown) => {
      list.hidden = !shown;
      field.setAttribute('aria-expanded', String(shown));
      if (!shown) mark(-1);
    };
    const option = (entry, place) => {
      const row = element('li', '', element('bdi', '', entry.name.slice(0, 120)), element('small', '', words(KINDS[entry.kind])));
      row.id = `${list.id}_${place}`;
      row.setAttribute('role', 'option');
      return row;
    };
    const write = () => {
      entries = entries || planMap.findable(map, pinyin);
      const all = planMap.search(entries, field.value);
      found = all.slice(0, SHOWN);
      list.replaceChildren(...found.map(option));
      open(found.length > 0);
      mark(-1);
      told.replaceChildren(words(!planMap.fold(field.value) ? '' : !all.length ? ['没有找到', 'Nothing found']
        : all.length > SHOWN ? fill(['共 {n} 项，列出前 {k} 项', '{n} found, the first {k} listed'], { n: planMap.count(all.length), k: SHOWN })
          : fill(['共 {n} 项', '{n} found'], { n: all.length })));
    };
    const pick = (place) => {
      const entry = found[place];
      if (!entry) return;
      open(false);
      planMap.show(map, entry.go, field);
    };

    field.addEventListener('input', write);
    field.addEventListener('focus', () => { entries = entries || planMap.findable(map, pinyin); });
    field.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      const { key } = event;
      if (key === 'ArrowDown' || key === 'ArrowUp') {
        if (list.hidden) write();
        const count = found.length;
        if (count) mark(key === 'ArrowDown' ? (at + 1) % count : (at <= 0 ? count : at) - 1);
      } else if (key === 'Enter') pick(Math.max(at, 0));
      else if (key === 'Escape' && !list.hidden) open(false);
      else if (key === 'Escape' && field.value) {
        field.value = '';
        write();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const row = event.target.closest('[role="option"]');
      if (row) pick([...list.children].indexOf(row));
    });
    field.addEventListener('blur', () => open(false));
  };
})();
