/* Zoom, the whole study again, a scale bar; and the sheet of paper. */
(function () {
  'use strict';

  const BUTTONS = [
    ['+', ['放大', 'Zoom in'], (map) => map.zoomIn(1)],
    ['−', ['缩小', 'Zoom out'], (map) => map.zoomOut(1)],
    ['⌂', ['回到全图', 'Whole study'], (map) => map.planGoHome()],
  ];

  planMap.controls = function (map) {
    const Buttons = L.Control.extend({
      options: { position: 'topright' },
      onAdd() {
        const box = planMap.element('div', 'pm-buttons');
        L.DomEvent.disableClickPropagation(box);
        BUTTONS.forEach(([sign, name, act]) => {
          const button = planMap.element('button', '', sign);
          button.type = 'button';
          planMap.nameControl(button, name);
          button.title = '';
          button.addEventListener('click', () => act(map));
          box.append(button);
        });
        return box;
      },
    });
    if (map.zoomControl) map.zoomControl.remove();
    new Buttons().addTo(map);
    L.control.scale({ imperial: false, maxWidth: 140, position: 'bottomright' }).addTo(map);
    planMap.nameControl(map.getContainer(), ['地图：方向键移动，加减键缩放', 'Map: arrow keys move it, plus and minus zoom']);
    map.getContainer().setAttribute('role', 'region');
  };

  /* The whole study, as large as the free part of the window allows. */
  planMap.home = function (map, data) {
    map.planGoHome = (animate) => {
      map.invalidateSize({ animate: false });
      map.fitBounds(data.study, { padding: [14, 14], animate: animate !== false });
    };
    map.planGoHome(false);
    map.planScaleZoom = scaleZoom(map, data);
    map.setMinZoom(Math.max(2, map.getZoom() - 2.5));
    map.setMaxBounds(L.latLngBounds(data.sheet).pad(0.6));
    planMap.stateOf(map).fire('change');
    let moved = false;
    map.on('dragstart zoomstart', () => { moved = true; });
    window.addEventListener('resize', () => {
      if (planMap.printing) return;
      map.invalidateSize({ animate: false });
      if (moved) return;
      map.planGoHome(false);
      moved = false;
    });
    paper(map, data);
  };

  /* Chromium prints a canvas that was just drawn on opaque white: the top one would hide the others. One picture of all
     of them, from the lowest to the highest, prints as it looks. */
  function flatten(map) {
    const box = map.getContainer().getBoundingClientRect();
    const flat = planMap.element('canvas', 'pm-flat');
    flat.width = 2 * box.width;
    flat.height = 2 * box.height;
    const ctx = flat.getContext('2d');
    ctx.fillStyle = getComputedStyle(map.getContainer()).backgroundColor;
    ctx.fillRect(0, 0, flat.width, flat.height);
    const height = (canvas) => Number(getComputedStyle(canvas.parentNode).zIndex) || 0;
    const canvases = [...map.getContainer().querySelectorAll('canvas')].sort((a, b) => height(a) - height(b));
    canvases.forEach((canvas) => {
      const place = canvas.getBoundingClientRect();
      ctx.drawImage(canvas, 2 * (place.left - box.left), 2 * (place.top - box.top), 2 * place.width, 2 * place.height);
    });
    map.getContainer().prepend(flat);
  }

  /* The zoom at which the study fills a common screen: symbols are sized for it, whatever the screen. */
  function scaleZoom(map, data) {
    const [[south, west], [north, east]] = data.study;
    const corner = map.project([south, west], 0).subtract(map.project([north, east], 0));
    return Math.min(19, Math.log2(Math.min(860 / Math.abs(corner.x), 680 / Math.abs(corner.y))));
  }

  /* Printing lays the page out on A4 first and lets the map follow. */
  function paper(map, data) {
    const dense = L.Browser.retina;
    let screenView = null;
    const shrink = () => {
      if (planMap.printing) return;
      screenView = [map.getCenter(), map.getZoom()];
      planMap.printing = true;
      L.Browser.retina = true;
      document.documentElement.classList.add('pm-printing');
      map.closePopup();
      map.invalidateSize({ animate: false });
      map.fitBounds(data.study, { padding: [6, 6], animate: false });
      flatten(map);
    };
    const restore = () => {
      if (!planMap.printing) return;
      planMap.printing = false;
      L.Browser.retina = dense;
      document.documentElement.classList.remove('pm-printing');
      map.getContainer().querySelector('.pm-flat').remove();
      map.invalidateSize({ animate: false });
      map.setView(screenView[0], screenView[1], { animate: false });
    };
    window.addEventListener('beforeprint', shrink);
    window.addEventListener('afterprint', restore);
  }
})();
