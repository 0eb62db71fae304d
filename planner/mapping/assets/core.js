/* One namespace for all scripts, and for each map one state: which moment is shown, for which need and standard. */
var planMap = window.planMap || {};

(function () {
  'use strict';

  const State = L.Evented.extend({
    view: 'after', // before, after, a phase, or whatif
    need: 0,
    standard: null, // minutes; null is the plan's own
    set(changes) {
      Object.assign(this, changes);
      this.fire('prepare'); // figures that are counted in the page are ready before anything is drawn
      this.fire('change');
    },
  });

  planMap.read = (id) => JSON.parse(document.getElementById(id).textContent);

  planMap.stateOf = function (map) {
    map.planState = map.planState || new State();
    return map.planState;
  };

  /* Layers by key, so that a panel can switch them: map.planLayers.grids */
  planMap.register = function (map, key, layer) {
    map.planLayers = map.planLayers || {};
    map.planLayers[key] = layer;
    map.fire('planlayer', { key });
  };

  planMap.createMap = function (id, options) {
    const map = L.map(id, Object.assign({ attributionControl: false, zoomControl: false, zoomSnap: 0.25, maxZoom: 20 }, options));
    
    return map;
  };
})();
