/* The town: paper, green, water, buildings, walls and paths, drawn from the ground up. */
(function () {
  'use strict';

  const PAPER = '#f5f2ea';
  const FRAME = '#8d897f';
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  /* Fill, line and the widest view (metres a pixel) in which a kind is drawn. */
  const AREAS = [
    { kind: 'green', fill: '#e1ead6', far: 60 },
    { kind: 'water', fill: '#c3dce6', line: '#93b8c8', width: 1, far: Infinity },
    { kind: 'buildings', fill: '#e4dccf', line: '#c9beac', width: 0.7, far: 5 },
  ];
  /* Width: metres on the ground, then the least and the most pixels. */
  const PATHS = [
    { kind: 'private', line: '#bdb7ab', width: [2.5, 0.8, 1.6], dash: [5, 4], far: 6 },
    { kind: 'footway', line: '#b7a88e', width: [1.6, 0.8, 1.8], far: 6 },
    { kind: 'steps', line: '#94744d', width: [2.4, 1.6, 3], dash: [1.6, 1.6], far: 5 },
    { kind: 'lane', line: '#ffffff', casing: '#c3b9a6', thin: '#d2cabb', width: [6, 1, 7], far: 40 },
    { kind: 'collector', line: '#ffffff', casing: '#b8ad97', thin: '#cbc1ae', width: [10, 1.3, 10], far: 90 },
    { kind: 'arterial', line: '#fdeec4', casing: '#bfa66b', thin: '#d0bb88', width: [16, 1.5, 14], far: Infinity },
  ];

  planMap.background = function (data) {
    const origin = [data.origin[1] * data.unit, data.origin[0] * data.unit];
    const layers = {};
    Object.keys(data.layers).forEach((kind) => {
      layers[kind] = planMap.chunks(planMap.parts(data, data.layers[kind]), origin);
    });
    const [[south, west], [north, east]] = data.frame;
    const frame = planMap.chunks([[[south, west], [south, east], [north, east], [north, west], [south, west]]], origin);

    const Background = planMap.Ground.extend({
      onAdd(map) {
        if (!map.getPane('planGround')) map.createPane('planGround').style.zIndex = 210;
        planMap.Ground.prototype.onAdd.call(this, map);
        planMap.register(map, 'background', this);
      },
    });
    return new Background(origin, (ctx, view) => draw(ctx, view, layers, frame), { pane: 'planGround' });
  };

  function draw(ctx, view, layers, frame) {
    const path = frame[0].area;
    ctx.fillStyle = PAPER;
    ctx.fill(path);
    ctx.save();
    ctx.clip(path);
    ctx.lineJoin = 'round';
    AREAS.forEach((style) => drawAreas(ctx, view, seen(layers, style, view), style));
    drawPaths(ctx, view, layers);
    drawRailways(ctx, view, layers);
    drawWalls(ctx, view, layers);
    ctx.restore();
    ctx.setLineDash([]);
    ctx.strokeStyle = FRAME;
    ctx.lineWidth = 1.2 * view.px;
    ctx.stroke(path);
  }

  function seen(layers, style, view) {
    if (view.metresPerPx > style.far) return [];
    return (layers[style.kind] || []).filter((chunk) => planMap.inView(chunk, view.box));
  }

  function drawAreas(ctx, view, chunks, style) {
    ctx.setLineDash([]);
    chunks.forEach((chunk) => {
      ctx.fillStyle = style.fill;
      ctx.fill(chunk.area);
      if (style.kind === 'water') line(ctx, view, chunk.line, style.fill, clamp(4 / view.metresPerPx, 1, 6));
      if (style.line) line(ctx, view, chunk.area, style.line, style.width);
    });
  }

  /* All casings first, so that crossings stay open; what is too thin for a casing is one line. */
  function drawPaths(ctx, view, layers) {
    const drawn = PATHS.map((style) => {
      const [metres, least, most] = style.width;
      return { style, width: clamp(metres / view.metresPerPx, least, most), chunks: seen(layers, style, view) };
    });
    drawn.filter(({ style }) => style.casing).forEach(({ style, width, chunks }) => {
      chunks.forEach((chunk) => strokeAll(ctx, view, chunk, width > 2 ? style.casing : style.thin, width > 2 ? width + 1.6 : width));
    });
    drawn.filter(({ style, width }) => !style.casing || width > 2).forEach(({ style, width, chunks }) => {
      ctx.lineCap = style.dash ? 'butt' : 'round';
      ctx.setLineDash((style.dash || []).map((step) => step * view.px));
      chunks.forEach((chunk) => strokeAll(ctx, view, chunk, style.line, width));
    });
    ctx.setLineDash([]);
  }

  /* As printed maps have them: a dark line with light dashes in it. */
  function drawRailways(ctx, view, layers) {
    const style = { kind: 'railways', far: 60 };
    const width = clamp(5 / view.metresPerPx, 1.4, 3.4);
    const chunks = seen(layers, style, view);
    ctx.lineCap = 'butt';
    chunks.forEach((chunk) => strokeAll(ctx, view, chunk, '#6f6a61', width));
    ctx.setLineDash([5 * view.px, 5 * view.px]);
    chunks.forEach((chunk) => strokeAll(ctx, view, chunk, '#f5f2ea', width - 1));
    ctx.setLineDash([]);
    ctx.lineCap = 'round';
  }

  function drawWalls(ctx, view, layers) {
    const style = { kind: 'walls', far: 3 };
    seen(layers, style, view).forEach((chunk) => strokeAll(ctx, view, chunk, '#8d8478', 1.1));
  }

  function strokeAll(ctx, view, chunk, colour, width) {
    line(ctx, view, chunk.line, colour, width);
    line(ctx, view, chunk.area, colour, width);
  }

  function line(ctx, view, path, colour, width) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width * view.px;
    ctx.stroke(path);
  }
})();
