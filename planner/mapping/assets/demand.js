/* Where people live: circles sized by people, or outlines, coloured by the walk to the nearest open station. */
(function () {
  'use strict';

  const EDGE = '#17384a';
  /* More homes than this are drawn as one (see crowd.js). */
  const CROWD = 1500;

  const Demand = planMap.VectorLayer.extend({
    build(map, renderer) {
      const places = planMap.places(this.data, this.data.points);
      this.places = places;
      if (this.data.id.length > CROWD) {
        this.crowd = new planMap.Crowd(places, this, { renderer });
        this.addLayer(this.crowd);
        return;
      }
      const largestFirst = places.map((where, place) => place);
      const people = this.data.people[0];
      largestFirst.sort((a, b) => people[b] - people[a] || a - b);
      largestFirst.forEach((place) => {
        const rings = this.ringsOf(place);
        if (rings) this.add(L.polygon(rings, { renderer, fillRule: 'nonzero' }), place);
        else this.add(L.circleMarker(places[place], { renderer }), place);
      });
      map.on('zoomend', this._resize, this);
    },

    /* The outline of a home as rings; nothing where a circle stands for it. */
    ringsOf(place) {
      const [origin, rings] = this.stepsOf(place);
      return rings && planMap.parts({ unit: this.data.unit, origin }, rings);
    },

    /* The same as packed: where it starts, in units, and its steps. Outlines of a crowd start at the point of their home. */
    stepsOf(place) {
      const { data } = this;
      const rings = data.shapes && data.shapes[place];
      if (!data.fromPoints) return [data.origin, rings];
      const [lat, lng] = this.places[place];
      return [[Math.round(lng / data.unit), Math.round(lat / data.unit)], rings];
    },

    boundsOf(place) {
      if (this.crowd) return this.crowd.boundsOf(place);
      const shape = this._shapeOf(place);
      return shape.getBounds ? shape.getBounds() : L.latLngBounds([shape.getLatLng()]);
    },

    centreOf(place) {
      if (this.crowd) return this.crowd.boundsOf(place).getCenter();
      const shape = this._shapeOf(place);
      return shape.getCenter ? shape.getCenter() : shape.getLatLng();
    },

    _shapeOf(place) {
      return this.getLayers().find((one) => one.place === place);
    },

    radiusOf(place) {
      return this._radius(place);
    },

    _resize() {
      if (this._map && !this.crowd) this.eachLayer((one) => one.setRadius && one.setRadius(this._radius(one.place)));
    },

    restyle() {
      if (this.crowd) {
        this.crowd.recolour();
        return;
      }
      planMap.VectorLayer.prototype.restyle.call(this);
      this._resize();
    },

    /* The area of a circle is in proportion to its people; fewer and closer views have larger circles. */
    _radius(place) {
      const people = this.data.people[this.state().need];
      if (this._scaled !== people) {
        this._scaled = people;
        this._most = Math.max(1, ...sample(people));
      }
      const crowd = people.length > 1500 ? 5 : people.length > 400 ? 8 : people.length > 120 ? 11 : 13;
      const zoom = Math.min(2.4, Math.max(0.5, 2 ** ((this._map.getZoom() - (this._map.planScaleZoom || 14)) / 1.8)));
      return Math.max(1.6, crowd * Math.sqrt(people[place] / this._most) * zoom);
    },

    walks() {
      return this.data.walks[this.state().need];
    },

    styleOf(place) {
      const position = this.walks()[this.state().view].class[place];
      const one = this.data.needs[this.state().need].classes[position];
      const lost = one.code === 'unreachable';
      const crowd = this.data.id.length > CROWD;
      return {
        color: lost ? '#ffffff' : EDGE,
        weight: (lost ? 1.4 : 0.9) * (crowd ? 0.4 : 1),
        opacity: crowd ? 0.5 : 0.95,
        fillColor: one.colour,
        fillOpacity: 0.93,
        rank: position,
      };
    },

    describe(place) {
      const data = this.data;
      const need = data.needs[this.state().need];
      const grid = data.grid && data.grid[place];
      const title = (data.name && data.name[place]) || (data.compound && data.compound[place]) || data.id[place];
      const above = planMap.line([
        data.compound && data.compound[place] !== title ? data.compound[place] : null,
        grid ? data.gridNames[grid] || grid : null,
        data.community && data.community[place],
      ]);
      return planMap.card(title, above, [
        [need.group, planMap.people(data.people[this.state().need][place])],
        this._walk(['现状', 'Today'], 'before', place),
        this._inPhase(place),
        data.command === 'audit' ? null : this._walk(['方案', 'With the plan'], 'after', place),
        ...this._remedy(place),
        ...planMap.nearestCard(this, place),
      ]);
    },

    /* The walk after the phase that is shown, between today and the plan. */
    _inPhase(place) {
      const { view } = this.state();
      return view === 'before' || view === 'after' ? null : this._walk(view === 'whatif' ? ['如果', 'What if'] : ['所示阶段末', 'After the phase shown'], view, place);
    },

    /* How far the home is beyond the standard with the plan, and the cheapest single thing that would cover it. */
    _remedy(place) {
      const remedies = this.data.remedies[this.state().need];
      const number = remedies ? remedies.of[place] : undefined;
      if (number === undefined || this.state().view !== 'after' || this.state().standard !== null) return [];
      const over = remedies.over[place];
      return [
        over === null ? null : [['超出标准', 'Beyond the standard'],
          planMap.fill(['{n} {u}', '{n} {u}'], { n: planMap.decimal(over), u: remedies.unit })],
        [['花费最少的补救', 'Cheapest single remedy'], remedies.words[number]],
      ];
    },

    chosen(place, popup) {
      const routes = this.routes();
      if (routes) routes.show(place, popup);
    },

    routes() {
      return this._map.planLayers.routes;
    },

    /* The way to the station is told for the moment at which it is drawn. */
    _parts(view, place) {
      const drawn = this.data.command === 'audit' || view === this.state().view;
      return drawn && this.routes() ? this.routes().describe(place) : null;
    },

    _walk(title, view, place) {
      const { element, words } = planMap;
      const walk = this.walks()[view];
      const need = this.data.needs[this.state().need];
      const position = walk.class[place];
      const served = position < 3;
      const verdict = element('span', `pm-verdict ${served ? 'pm-yes' : 'pm-no'}`, words(
        served ? planMap.fill(['{s}内', 'within {s}'], { s: need.standard }) : position === 4
          ? ['步行无法到达', 'cannot be reached'] : planMap.fill(['超过 {s}', 'over {s}'], { s: need.standard })
      ));
      const block = element('div', 'pm-walk', element('span', 'pm-walk-when', words(title)), verdict);
      if (position < 4 && walk.station[place] >= 0) {
        const station = element('bdi', 'pm-walk-station', this.data.stations[walk.station[place]]);
        const minutes = words(planMap.minutes(walk.min[place]));
        block.append(element('span', 'pm-walk-how', station, ' · ', minutes, this._parts(view, place)));
      }
      return block;
    },
  });

  /* The largest values of a long list without spreading all of it. */
  function sample(values) {
    return [values.reduce((most, value) => Math.max(most, value || 0), 0)];
  }

  planMap.demand = (data) => new Demand('demand', planMap.opened(data));
})();
