/* Homes, coloured by what becomes of them from one plan to another, or by whether one plan covers them. */
(function () {
  'use strict';

  /* What becomes of a home in a view: a letter, or two as A>B. */
  planMap.changeOf = function (data, view, need, place) {
    const [first, second] = view.split('>');
    const was = data.covered[need][first][place];
    const now = second === undefined ? was : data.covered[need][second][place];
    if (was < 0 || now < 0) return 'absent';
    if (was && now) return 'both';
    if (now) return 'gained';
    return was ? 'lost' : 'neither';
  };

  const Homes = planMap.VectorLayer.extend({
    build(map, renderer) {
      const places = planMap.places(this.data, this.data.points);
      const people = this.data.people[0];
      const order = places.map((where, place) => place).sort((a, b) => people[b] - people[a] || a - b);
      order.forEach((place) => this.add(L.circleMarker(places[place], { renderer }), place));
      map.planCompared = this.data;
      map.on('zoomend', () => this._map && this.restyle());
    },

    restyle() {
      planMap.VectorLayer.prototype.restyle.call(this);
      this.eachLayer((one) => one.setRadius(this._radius(one.place)));
    },

    /* The area of a circle is in proportion to its people; nobody has no circle. */
    _radius(place) {
      const people = this.data.people[this.state().need];
      const most = people.reduce((all, one) => Math.max(all, one || 0), 1);
      const crowd = people.length > 1500 ? 5 : people.length > 400 ? 8 : people.length > 120 ? 11 : 13;
      const zoom = Math.min(2.4, Math.max(0.5, 2 ** ((this._map.getZoom() - (this._map.planScaleZoom || 14)) / 1.8)));
      return people[place] ? Math.max(1.8, crowd * Math.sqrt(people[place] / most) * zoom) : 0;
    },

    styleOf(place) {
      const { view, need } = this.state();
      const code = planMap.changeOf(this.data, this.data.covered[0][view[0]] ? view : Object.keys(this.data.sides)[0], need, place);
      const moved = code === 'gained' || code === 'lost';
      const there = (this.data.people[need][place] || 0) > 0;
      return {
        color: moved ? '#26221c' : '#5d574d', weight: moved ? 2 : 1, opacity: there ? 1 : 0,
        fillColor: this.data.colours.find((one) => one.code === code).colour, fillOpacity: there ? 0.95 : 0,
      };
    },

    describe(place) {
      const { data } = this;
      const { need } = this.state();
      return planMap.card(data.name[place], null, [
        [['人数', 'People'], planMap.people(data.people[need][place])],
        ...Object.entries(data.sides).map(([letter, label]) => [label, [
          ['未覆盖', 'not covered'], ['已覆盖', 'covered'], ['不在其数据中', 'not in its data'],
        ].at(data.covered[need][letter][place])]),
      ]);
    },
  });

  planMap.compared_homes = (data) => new Homes('demand', data);
})();
