/* Names of stations where there is room: the most important first, each tried on four sides, hidden where none is free. */
(function () {
  'use strict';

  const SIDES = ['right', 'left', 'top', 'bottom'];
  const GAP = 3;

  planMap.placeLabels = function (map, markers, named) {
    const size = map.getSize();
    const seen = markers.filter(visible);
    measure(named.filter((marker) => seen.includes(marker)).map(labelOf).filter((label) => label && !label.planSize));
    const taken = seen.map((marker) => box(map, marker, 'symbol'));
    markers.forEach((marker) => {
      const label = labelOf(marker);
      if (!label) return;
      label.hidden = true;
      if (map.planLabelsHidden || !seen.includes(marker) || !named.includes(marker)) return;
      label.hidden = false;
      const side = SIDES.find((one) => {
        const wanted = box(map, marker, one, label);
        const free = within(wanted, size) && taken.every((other, place) => seen[place] === marker || !overlap(wanted, other));
        if (free) taken.push(wanted);
        return free;
      });
      label.hidden = !side;
      if (side) label.dataset.side = side;
    });
  };

  const labelOf = (marker) => marker.getElement() && marker.getElement().querySelector('.pm-label');

  /* A name keeps its size: all that are new are measured together, so that the page is laid out once. */
  function measure(labels) {
    labels.forEach((label) => { label.hidden = false; });
    const sizes = labels.map((label) => [label.offsetWidth, label.offsetHeight]);
    labels.forEach((label, place) => { if (sizes[place][0]) label.planSize = sizes[place]; });
  }

  function visible(marker) {
    const node = marker.getElement();
    return node && marker._map && !node.classList.contains('pm-absent');
  }

  function box(map, marker, side, label) {
    const point = map.latLngToContainerPoint(marker.getLatLng());
    const { iconSize, iconAnchor } = marker.options.icon.options;
    const [left, top] = [point.x - iconAnchor[0], point.y - iconAnchor[1]];
    const [right, bottom] = [left + iconSize[0], top + iconSize[1]];
    if (side === 'symbol') return [left, top, right, bottom];
    const [width, height] = label.planSize || [label.offsetWidth, label.offsetHeight];
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (side === 'right') return [right + GAP, y - height / 2, right + GAP + width, y + height / 2];
    if (side === 'left') return [left - GAP - width, y - height / 2, left - GAP, y + height / 2];
    if (side === 'top') return [x - width / 2, top - GAP - height, x + width / 2, top - GAP];
    return [x - width / 2, bottom + GAP, x + width / 2, bottom + GAP + height];
  }

  function within(wanted, size) {
    return wanted[0] >= 0 && wanted[1] >= 0 && wanted[2] <= size.x && wanted[3] <= size.y;
  }

  function overlap(a, b) {
    return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
  }
})();
