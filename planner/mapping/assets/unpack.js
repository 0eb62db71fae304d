/* Packed coordinates: whole numbers, each the step from the one before (see packing.py). */
(function () {
  'use strict';

  /* One list of steps as [[lat, lng], ...], from a start in whole units. */
  function walk(data, steps, start) {
    const places = [];
    let [x, y] = start;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      places.push([y * data.unit, x * data.unit]);
    }
    return places;
  }

  planMap.places = (data, steps) => walk(data, steps, data.origin);

  /* Several lines or rings; each starts from the first point of the one before. */
  planMap.parts = function (data, parts) {
    let start = data.origin;
    return parts.map((steps) => {
      const places = walk(data, steps, start);
      start = [start[0] + steps[0], start[1] + steps[1]];
      return places;
    });
  };
})();
