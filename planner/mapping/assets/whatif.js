/* What if: stations open and close in the page, and everything is counted again from the walks it carries. */
(function () {
  'use strict';

  const VIEW = 'whatif';
  const LABEL = ['如果……', 'What if'];

  planMap.whatif = async function (map, node, data) {
    const ui = planMap.whatIfPanel(map, node);
    if (data.tooLarge) {
      ui.tell(data.tooLarge);
      return;
    }
    try {
      const blocks = await Promise.all(data.walks.map((head, number) => planMap.bytes(`${node.id.replace('whatif_', 'data_whatif_')}_walks${number}`)));
      data.walks = data.walks.map((head, number) => ({ ...head, ...planMap.unpackWalks(blocks[number], head) }));
    } catch (error) {
      ui.tell(error.words || ['页内步行数据无法读取，不能试算。', 'The walks in this page cannot be read: no what-if here.']);
      return;
    }
    map.planWhatIf = new WhatIf(map, data, ui);
    map.planWhatIf.start();
  };

  class WhatIf {
    constructor(map, data, ui) {
      Object.assign(this, { map, data, ui, state: planMap.stateOf(map), counted: new Map() });
      const { id } = data.sites;
      this.plan = id.map((one, place) => Number(data.sites.open.after.includes(place)));
      this.open = this.plan.slice();
      this.steps = [];
    }

    start() {
      this.targets = this._targets();
      this.state.on('prepare', this._prepare, this);
      this.state.on('change', this._redraw, this);
      this.ui.start(this, this.check());
      this._restore();
      window.addEventListener('hashchange', () => this._restore());
      if (this.steps.length === 0) this._redraw();
    }

    /* What holds figures in the page: the panel, and the layers. Each keeps the plan's own beside. */
    _targets() {
      const layers = this.map.planLayers || {};
      const { demand, grids } = layers;
      const stations = this.map.planStations && this.map.planStations.data;
      const panel = this.map.planPanel;
      const keep = (value) => value && value.map((one) => ({ ...one }));
      if (panel) panel.moments.push({ key: VIEW, label: LABEL });
      return {
        panel, demand: demand && demand.data, grids: grids && grids.data, stations,
        own: {
          panel: panel && keep(panel.needs), demand: demand && keep(demand.data.needs), walks: demand && keep(demand.data.walks),
          grids: grids && keep(grids.data.needs), stations: stations && keep(stations.needs), within: stations && stations.within.slice(),
        },
      };
    }

    /* Recount the plan and compare it with plan.json: a list of what differs. */
    check() {
      const wrong = [];
      this.data.needs.forEach((need, number) => {
        Object.entries(need.told).forEach(([moment, told]) => {
          const { figures } = this._count(number, 0, this._openAt(moment), `check ${moment}`);
          const near = (a, b, room) => Math.abs(a - b) <= room;
          const { complete, unit } = this.data.walks[need.walks];
          if (!near(figures.people, told.people, 1e-6 * (1 + told.people)) || !near(figures.covered, told.covered, 1e-6 * (1 + told.people))) wrong.push([number, moment]);
          else if (complete && told.mean !== null && !near(figures.mean, told.mean, 2e-6 + (unit > 1 ? unit / need.perMinute : 0))) wrong.push([number, moment]);
        });
      });
      return wrong;
    }

    _openAt(moment) {
      if (moment === VIEW) return this.open;
      return this.data.sites.id.map((id, place) => Number(this.data.sites.open[moment].includes(place)));
    }

    openShown() { return this._openAt(this.state.view); }

    /* The open stations nearest to a home, for the moment and need shown, as [place, minutes]; one within the limit that is
       nearer and does not offer the function. */
    nearestTo(home, most = 3) {
      const need = this.data.needs[this.state.need];
      const walks = this.data.walks[need.walks];
      const rule = need.standards[this.standardOf(this.state.need)];
      const open = this.openShown();
      const pairs = [];
      for (let pair = walks.start[home]; pair < walks.start[home + 1]; pair += 1) {
        if (open[walks.site[pair]]) pairs.push([walks.site[pair], walks.walk[pair]]);
      }
      pairs.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
      const told = ([site, walk]) => [site, (walk * walks.unit) / need.perMinute];
      const without = pairs.find(([site, walk]) => !need.offered[site] && walk <= rule.limit);
      return {
        found: pairs.filter(([site]) => need.offered[site]).slice(0, most).map(told),
        without: without ? told(without) : null,
        complete: walks.complete,
      };
    }

    standardOf(number) {
      const { standard } = this.state;
      const place = this.data.needs[number].standards.findIndex((one) => one.minutes === standard);
      return standard === null || place < 0 ? 0 : place;
    }

    _count(number, standard, open, key) {
      const name = `${key} ${number} ${standard}`;
      if (this.counted.has(name)) return this.counted.get(name);
      const need = this.data.needs[number];
      const walks = this.data.walks[need.walks];
      const rule = need.standards[standard];
      const found = planMap.nearestOpen(walks, need, open, rule.limit);
      const told = { found, ...planMap.measure(found, need, rule, walks, walks.complete) };
      this.counted.set(name, told);
      return told;
    }

    /* What a need comes to, now or with the plan, under the standard shown. */
    now(number) { return this._count(number, this.standardOf(number), this.open, VIEW); }

    planned(number) { return this._count(number, this.standardOf(number), this.plan, 'after'); }

    /* Before anything is drawn: the figures of the what-if, and those of the plan where another standard is shown. */
    _prepare() {
      this.data.needs.forEach((need, number) => {
        const place = this.standardOf(number);
        const rule = need.standards[place];
        const { own, panel, demand, grids, stations } = this.targets;
        [[panel, own.panel], [demand, own.demand]].forEach(([target, kept]) => {
          if (!target) return;
          Object.assign(target.needs[number], kept[number], place ? { classes: rule.classes, standard: rule.label, limitMin: rule.minutes } : {});
        });
        if (stations) {
          stations.needs[number].standard = place ? rule.label : own.stations[number].standard;
          const walks = this.data.walks[need.walks];
          stations.within[number] = place ? this._kept(`within ${number} ${place}`, () => planMap.peopleWithin(walks, need, rule.limit, this.plan.length)) : own.within[number];
        }
        const moments = Object.keys(need.told).filter(() => place);
        Object.keys(need.told).filter(() => !place).forEach((moment) => {
          if (demand) demand.walks[number][moment] = own.walks[number][moment];
          if (grids) grids.needs[number][moment] = own.grids[number][moment];
        });
        moments.concat(this.state.view === VIEW ? VIEW : []).forEach((moment) => this._fill(number, place, moment));
      });
    }

    _kept(key, make) {
      if (!this.counted.has(key)) this.counted.set(key, make());
      return this.counted.get(key);
    }

    _fill(number, place, moment) {
      const { own, panel, demand, grids, stations } = this.targets;
      const need = this.data.needs[number];
      const counted = this._count(number, place, this._openAt(moment), moment);
      [panel, demand].forEach((target) => { if (target) target.needs[number][moment] = counted.figures; });
      if (demand) demand.walks[number][moment] = this._kept(`columns ${moment} ${number} ${place}`, () => this._columns(need, counted, own.walks[number][moment]));
      if (grids) grids.needs[number][moment] = this._kept(`grids ${moment} ${number} ${place}`, () => this._byGrid(need, counted.classOf));
      if (moment !== VIEW) return;
      if (grids) grids.stations[VIEW] = this._inGrids();
      if (stations) {
        stations.nearest[number][VIEW] = this._nearestFor(need, counted.found);
        if (stations.room) stations.room[VIEW] = stations.id.map(() => null);
      }
    }

    _columns(need, { found, classOf }, told) {
      const { unit } = this.data.walks[need.walks];
      const known = (home) => found.site[home] >= 0;
      return {
        class: Array.from(classOf, (one, home) => (known(home) || !told ? one : Math.max(3, told.class[home]))),
        min: Array.from(found.walk, (walk, home) => (known(home) ? Math.round((100 * walk * unit) / need.perMinute) / 100 : told ? told.min[home] : null)),
        station: Array.from(found.site, (site, home) => (known(home) || !told ? site : told.station[home])),
      };
    }

    _byGrid(need, classOf) {
      const count = this.targets.grids.id.length;
      const [people, covered] = [new Array(count).fill(0), new Array(count).fill(0)];
      this.data.grids.forEach((grid, home) => {
        if (grid < 0) return;
        people[grid] += need.people[home];
        if (classOf[home] < 3) covered[grid] += need.people[home];
      });
      const share = people.map((each, grid) => (each ? covered[grid] / each : null));
      return { people, covered, share, unserved: people.map((each, grid) => Number(each > 0 && share[grid] < 0.5)) };
    }

    _inGrids() {
      const count = new Array(this.targets.grids.id.length).fill(0);
      this.data.gridsOfSites.forEach((inside, site) => inside.forEach((grid) => { count[grid] += this.open[site]; }));
      return count;
    }

    _nearestFor(need, found) {
      const people = new Array(this.open.length).fill(0);
      found.site.forEach((site, home) => { if (site >= 0) people[site] += need.people[home]; });
      return people;
    }

    get opened() { return this.data.sites.id.filter((id, place) => this.open[place] && !this.plan[place]); }

    get closed() { return this.data.sites.id.filter((id, place) => !this.open[place] && this.plan[place]); }

    get changed() { return this.open.some((one, place) => one !== this.plan[place]); }

    toggle(place) {
      if (!this.open[place] && this.data.sites.mayNot[place]) return;
      let next = this.open.slice();
      if (next[place]) next[place] = 0;
      else next = planMap.openSite(this.data.sites, next, place);
      this._become(next);
    }

    back() { this._become(this.plan.slice()); }

    _become(open) {
      this.open = open;
      [...this.counted.keys()].filter((key) => key.includes(VIEW)).forEach((key) => this.counted.delete(key));
      this.state.set({ view: this.changed ? VIEW : 'after' });
    }

    /* The most useful closed site: [place, people], or null. Equal ones in order of id. */
    best(numbers) {
      const sites = this.open.map((one, place) => place).filter((place) => !this.open[place] && !this.data.sites.mayNot[place]);
      const gains = this._worth(numbers);
      let best = null;
      sites.forEach((place) => {
        const gain = this._closesOthers(place) ? this._gainOf(place, numbers) : gains.gain[place];
        if (gain > 0 && (best === null || gain > best[1] + 1e-9)) best = [place, gain];
      });
      return best;
    }

    _closesOthers(place) {
      return planMap.openSite(this.data.sites, this.open, place).filter(Boolean).length !== this.open.filter(Boolean).length + 1;
    }

    _gainOf(place, numbers) {
      const next = planMap.openSite(this.data.sites, this.open, place);
      return numbers.reduce((sum, number) => {
        const need = this.data.needs[number];
        const rule = need.standards[this.standardOf(number)];
        const walks = this.data.walks[need.walks];
        const after = planMap.measure(planMap.nearestOpen(walks, need, next, rule.limit), need, rule, walks, walks.complete);
        return sum + (numbers.length > 1 ? need.weight : 1) * (after.figures.covered - this.now(number).figures.covered);
      }, 0);
    }

    _worth(numbers) {
      const total = { gain: new Float64Array(this.open.length), loss: new Float64Array(this.open.length) };
      numbers.forEach((number) => {
        const need = this.data.needs[number];
        const rule = need.standards[this.standardOf(number)];
        const one = this._kept(`${VIEW} worth ${number} ${this.standardOf(number)}`, () => planMap.worthOfSites(this.data.walks[need.walks], need, this.now(number).found, rule.limit, this.open.length));
        const weight = numbers.length > 1 ? need.weight : 1;
        ['gain', 'loss'].forEach((key) => one[key].forEach((people, place) => { total[key][place] += weight * people; }));
      });
      return total;
    }

    lossOf(place) { return this._worth([this.state.need]).loss[place]; }

    gainOf(place) { return this._closesOthers(place) ? this._gainOf(place, [this.state.need]) : this._worth([this.state.need]).gain[place]; }

    fragment() { return planMap.whatIfFragment(this.opened, this.closed); }

    file() {
      const figures = this.data.needs.map((need, number) => this._count(number, 0, this.open, VIEW).figures);
      return planMap.whatIfFile(this.data, `${this.data.name}：试算`, this.open, this.opened, this.closed, figures);
    }

    /* What a link asks for; what is unknown or may not open is left out, and said. */
    _restore() {
      const asked = planMap.readWhatIf(window.location.hash);
      if (!asked) return;
      const { id, mayNot } = this.data.sites;
      const places = (ids) => ids.map((one) => id.indexOf(one));
      const [opened, closed] = [places(asked.opened), places(asked.closed)];
      const left = asked.opened.concat(asked.closed).filter((one, place) => {
        const found = opened.concat(closed)[place];
        return found < 0 || (place < opened.length && mayNot[found]);
      });
      const next = this.plan.slice();
      opened.forEach((place) => { if (place >= 0 && !mayNot[place]) next[place] = 1; });
      closed.forEach((place) => { if (place >= 0) next[place] = 0; });
      this.ui.leftOut(left);
      this._become(next);
    }

    /* Sites of the what-if: what opens is filled green, what closes is pale. */
    _redraw() {
      const { planStations } = this.map;
      const shown = this.state.view === VIEW;
      if (planStations) {
        Object.entries(planStations.markers).forEach(([place, marker]) => {
          const element = marker.getElement();
          if (!element) return;
          element.classList.toggle('pm-whatif-closed', shown && !this.open[place]);
          element.classList.toggle('pm-whatif-open', shown && Boolean(this.open[place]) && !this.plan[place]);
        });
        [planStations.candidates, planStations.proposals].filter(Boolean).forEach((group) => group.eachLayer((one) => {
          if (!shown || !this.open[one.place]) return;
          one.setStyle({ color: '#ffffff', weight: 2, opacity: 1, fillColor: '#0b6b3a', fillOpacity: 1 });
          one.setRadius(11);
          one.bringToFront();
        }));
      }
      this.ui.refresh();
    }

    /* For the card of a site: what would change, and the button. */
    card(place) {
      const { element, words, fill, people } = planMap;
      const may = this.data.sites.mayNot[place];
      const isOpen = this.open[place];
      if (may && !isOpen) return element('p', 'pm-whatif-row', words(may));
      const effect = isOpen ? -this.lossOf(place) : this.gainOf(place);
      const told = fill(['{s}{n} 人达标', '{s}{n} people in reach'], { s: effect < 0 ? '−' : '+', n: planMap.count(Math.abs(effect)) });
      const button = element('button', 'pm-whatif-toggle', words(isOpen ? ['关闭此站', 'Close this one'] : ['在此设站', 'Open here']));
      button.type = 'button';
      button.addEventListener('click', () => {
        this.toggle(place);
        const next = document.querySelector('.leaflet-popup .pm-whatif-toggle');
        if (next) next.focus({ preventScroll: true });
      });
      return element('div', 'pm-whatif-row', button, element('small', '', words(told)));
    }
  }
})();
