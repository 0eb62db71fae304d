/* Counting a set of open stations in the page: whole numbers, nothing drawn (see packed_walks.py). */
(function () {
  'use strict';

  const NEVER = 0xffffffff;

  /* Bytes as four planes -> for each home where its pairs start, and the site and the walk of each pair. */
  planMap.unpackWalks = function (bytes, head) {
    const count = bytes.length / 4;
    const numbers = new Uint32Array(count);
    for (let i = 0; i < count; i += 1) {
      numbers[i] = (bytes[i] | (bytes[count + i] << 8) | (bytes[2 * count + i] << 16) | (bytes[3 * count + i] << 24)) >>> 0;
    }
    const start = new Uint32Array(head.homes + 1);
    const site = new Uint32Array(head.pairs);
    for (let home = 0; home < head.homes; home += 1) {
      start[home + 1] = start[home] + numbers[home];
      for (let pair = start[home], last = 0; pair < start[home + 1]; pair += 1) {
        last += numbers[head.homes + pair];
        site[pair] = last;
      }
    }
    return { start, site, walk: numbers.subarray(head.homes + head.pairs) };
  };

  /* For each home the nearest open station (the first of equals) that offers the function, its walk, and how many are within the limit. */
  planMap.nearestOpen = function (walks, need, open, limit) {
    const homes = need.people.length;
    const found = { site: new Int32Array(homes).fill(-1), walk: new Uint32Array(homes).fill(NEVER), within: new Uint16Array(homes) };
    const usable = Uint8Array.from(open, (one, site) => one && need.offered[site]);
    for (let home = 0; home < homes; home += 1) {
      let least = NEVER;
      for (let pair = walks.start[home]; pair < walks.start[home + 1]; pair += 1) {
        if (!usable[walks.site[pair]]) continue;
        const walk = walks.walk[pair];
        if (walk <= limit) found.within[home] += 1;
        if (walk < least) {
          least = walk;
          found.site[home] = walks.site[pair];
        }
      }
      found.walk[home] = least;
    }
    return found;
  };

  /* Classes, people in each, and the figures of plan.json. Beyond walks that the page knows, a home that could walk to a station is over the standard. */
  planMap.measure = function (found, need, standard, walks, complete) {
    const homes = need.people.length;
    const classes = new Uint8Array(homes);
    const people = [0, 0, 0, 0, 0];
    let [walked, walking] = [0, 0];
    for (let home = 0; home < homes; home += 1) {
      const walk = found.walk[home];
      const [first, second] = standard.breaks;
      const known = walk !== NEVER;
      const far = !known && !complete && need.reached[home];
      const one = !known ? (far ? 3 : 4) : walk > standard.limit ? 3 : walk <= first ? 0 : walk <= second ? 1 : 2;
      classes[home] = one;
      people[one] += need.people[home];
      if (known) {
        walked += (walk * walks.unit / need.perMinute) * need.people[home];
        walking += need.people[home];
      }
    }
    const total = people.reduce((sum, each) => sum + each, 0);
    const covered = people[0] + people[1] + people[2];
    return {
      classOf: classes,
      figures: {
        people: total,
        covered,
        unreachable: people[4],
        share: total ? covered / total : null,
        mean: complete && walking ? walked / walking : null,
        p95: null,
        classes: people,
      },
    };
  };

  /* For each site the people who would be newly covered if it opened, and who would not be any more without it. */
  planMap.worthOfSites = function (walks, need, found, limit, sites) {
    const gain = new Float64Array(sites);
    const loss = new Float64Array(sites);
    for (let home = 0; home < need.people.length; home += 1) {
      if (found.within[home] > 1) continue;
      for (let pair = walks.start[home]; pair < walks.start[home + 1]; pair += 1) {
        const site = walks.site[pair];
        if (walks.walk[pair] > limit || !need.offered[site]) continue;
        if (found.within[home] === 0) gain[site] += need.people[home];
        else if (found.site[home] === site) loss[site] += need.people[home];
      }
    }
    return { gain, loss };
  };

  /* People within the limit of each site, open or not. */
  planMap.peopleWithin = function (walks, need, limit, sites) {
    const within = new Array(sites).fill(0);
    for (let home = 0; home < need.people.length; home += 1) {
      for (let pair = walks.start[home]; pair < walks.start[home + 1]; pair += 1) {
        if (walks.walk[pair] <= limit) within[walks.site[pair]] += need.people[home];
      }
    }
    return within;
  };

  /* Opening a site closes what it replaces, and what replaces the same; a station that returns closes what replaced it. */
  planMap.openSite = function (sites, open, place) {
    const next = open.slice();
    const replaces = (site) => sites.replaces[site] || [];
    replaces(place).forEach((old) => { next[old] = 0; });
    Object.keys(sites.replaces).map(Number).filter((other) => other !== place && next[other]).forEach((other) => {
      if (replaces(other).includes(place) || replaces(other).some((old) => replaces(place).includes(old))) next[other] = 0;
    });
    next[place] = 1;
    return next;
  };

  /* In fen: what opens, and what closes of today; null where a cost is not known. */
  planMap.costOf = function (sites, open) {
    return sites.id.reduce((sum, id, place) => {
      const one = open[place] ? sites.cost[place] : sites.closing[place];
      return sum === null || one === null ? null : sum + one;
    }, 0);
  };

  /* Sentences about rules that the set breaks. */
  planMap.brokenRules = function (rules, sites, open) {
    const { fill, count } = planMap;
    const cost = planMap.costOf(sites, open);
    return rules.map((rule) => {
      if (rule.kind === 'budget') {
        return cost !== null && cost > rule.most ? fill(['超出预算 {n} 元', 'over the budget by {n} CNY'], { n: count((cost - rule.most) / 100) }) : null;
      }
      const number = open.filter((one, place) => one && (!rule.new || (sites.new[place] && !sites.replaces[place]))).length;
      if (number >= rule.least && (rule.most === null || number <= rule.most)) return null;
      const asked = rule.least === rule.most ? `${rule.least}` : rule.most === null ? `≥ ${rule.least}` : `${rule.least}–${rule.most}`;
      return fill(rule.new
        ? ['新增驿站 {n} 座，方案规定 {m} 座', '{n} new stations; the plan asks for {m}']
        : ['驿站共 {n} 座，方案规定 {m} 座', '{n} stations; the plan asks for {m}'], { n: number, m: asked });
    }).filter(Boolean);
  };
})();
