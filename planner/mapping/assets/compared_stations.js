/* Stations: in a difference, those of one plan only carry its letter; in a single plan they look as on its own map. */
(function () {
  'use strict';

  const DECISIONS = { opened: ['新增', 'new'], kept: ['保留', 'kept'], closed: ['关闭', 'closed'] };

  planMap.badge = (letters, both) => planMap.element('span', `pm-badge${both ? ' pm-both' : ''}`, letters);

  planMap.compared_stations = function (data) {
    const places = planMap.places(data, data.points);
    const isOpen = (letter, place) => ['opened', 'kept'].includes(data.decision[letter][place]);
    const Stations = L.LayerGroup.extend({
      onAdd(map) {
        this._map = map;
        this.markers = data.id.map((id, place) => this._marker(map, place));
        this.markers.forEach((marker) => this.addLayer(marker));
        L.LayerGroup.prototype.onAdd.call(this, map);
        planMap.stateOf(map).on('change', this._refresh, this);
        map.on('zoomend moveend', this._label, this);
        this._refresh();
      },

      onRemove(map) {
        planMap.stateOf(map).off('change', this._refresh, this);
        map.off('zoomend moveend', this._label, this);
        L.LayerGroup.prototype.onRemove.call(this, map);
      },

      _marker(map, place) {
        const box = planMap.element('div', 'pm-station-box', planMap.element('span', 'pm-symbol'),
          planMap.element('span', 'pm-label', planMap.element('bdi', '', data.name[place])));
        const icon = L.divIcon({ html: box, className: 'pm-station pm-compared', iconSize: [26, 26], iconAnchor: [13, 13] });
        const marker = L.marker(places[place], { icon, keyboard: true, riseOnHover: true });
        marker.place = place;
        marker.on('click keypress', (event) => {
          if (event.type === 'keypress' && event.originalEvent.key !== 'Enter') return;
          const trigger = event.type === 'keypress' ? marker.getElement() : null;
          planMap.showPopup(map, marker.getLatLng(), () => this.describe(place), trigger, 10);
        });
        marker.on('add', () => {
          marker.getElement().dataset.site = data.id[place];
        });
        return marker;
      },

      _refresh() {
        const [first, second] = planMap.stateOf(this._map).view.split('>');
        if (!data.decision[first]) return;
        this.markers.forEach((marker) => {
          const { place } = marker;
          const node = marker.getElement();
          const symbol = node.querySelector('.pm-symbol');
          const letters = [first, second].filter((letter) => letter && isOpen(letter, place));
          node.classList.toggle('pm-absent', !letters.length && (second !== undefined || data.decision[first][place] !== 'closed'));
          node.dataset.openIn = letters.join('');
          planMap.nameControl(node, [`${letters.join('')} ${data.name[place]}`, `${letters.join('')} ${data.name[place]}`].map((name) => name.trim()));
          if (second !== undefined) symbol.replaceChildren(planMap.badge(letters.join(''), letters.length === 2));
          else symbol.innerHTML = planMap.SYMBOLS[data.decision[first][place]] || '';
        });
        this._label();
      },

      _label() {
        planMap.placeLabels(this._map, this.markers, this.markers);
      },

      describe: (place) => planMap.card(data.name[place], null, Object.entries(data.sides).map(([letter, label]) => [
        label, DECISIONS[data.decision[letter][place]] || '—',
      ])),
    });
    return new Stations();
  };
})();
