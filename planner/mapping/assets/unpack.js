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

  /* Text as the whole numbers it was made from (see varints.py). */
  planMap.numbers = function (text) {
    const bytes = atob(text);
    const numbers = new Int32Array(bytes.length);
    let count = 0;
    for (let i = 0; i < bytes.length; count += 1) {
      let value = 0;
      let shift = 1;
      let byte;
      do {
        byte = bytes.charCodeAt(i);
        value += (byte & 127) * shift;
        shift *= 128;
        i += 1;
      } while (byte > 127);
      numbers[count] = value % 2 ? -(value + 1) / 2 : value / 2;
    }
    return numbers.subarray(0, count);
  };

  /* The same areas as lists of steps, one list for each ring; null where there is none. */
  planMap.areas = function (text) {
    const numbers = planMap.numbers(text);
    const areas = [];
    for (let at = 0; at < numbers.length;) {
      const rings = numbers[at];
      at += 1;
      const area = [];
      for (let ring = 0; ring < rings; ring += 1) {
        const end = at + 1 + 2 * numbers[at];
        area.push(numbers.subarray(at + 1, end));
        at = end;
      }
      areas.push(rings ? area : null);
    }
    return areas;
  };

  /* Data with its packed columns opened: {packed, per} holds numbers (0 is none), {packed, words} words of a table,
     {packed, areas} areas. */
  planMap.opened = function (data) {
    if (data === null || typeof data !== 'object') return data;
    if (typeof data.packed !== 'string') {
      Object.keys(data).forEach((key) => { data[key] = planMap.opened(data[key]); });
      return data;
    }
    if (data.areas) return planMap.areas(data.packed);
    const { words, per } = data;
    return Array.from(planMap.numbers(data.packed), (number) => {
      if (words) return number ? words[number - 1] : null;
      return number ? (number > 0 ? number - 1 : number) / per : null;
    });
  };
})();
