// The lanes on their canvas.

const GUTTER = 96;
const CHARACTER = 6.2;

// Which lanes there are, from top to bottom, as {name, top, height, draw}; those that nothing happened in are left out.
function layOut(model, isNarrow) {
  const { session, lanes, differences } = model;
  const lines = usedLines(session);
  const plan = [
    model.phases.length && ["phases", 20, drawPhases],
    ["host sends", 30, (brush, at) => drawMessages(brush, at, LANES.host)],
    differences[0].list.length && ["chip receives", 20, (brush, at) => drawDifferences(brush, at, 0)],
    differences[1].list.length && ["chip sends", 20, (brush, at) => drawDifferences(brush, at, 1)],
    [differences[1].list.length ? "host receives" : "chip sends", 30,
      (brush, at) => drawMessages(brush, at, LANES.chip)],
    model.power.length && ["power", 24, drawPower],
    model.baud[0].length && ["host baud", 18, (brush, at) => drawBaud(brush, at, 0)],
    model.baud[1].length && ["chip baud", 18, (brush, at) => drawBaud(brush, at, 1)],
    ...lines.map(({ name, bit }) => [name, 18, (brush, at) => drawLine(brush, at, bit)]),
    lanes[LANES.lines].rows.length && ["port", 18, (brush, at) => drawMarks(brush, at, LANES.lines)],
    ["faults", 26, (brush, at) => drawMarks(brush, at, LANES.faults)],
    lanes[LANES.notes].rows.length && ["notes", 18, (brush, at) => drawMarks(brush, at, LANES.notes)],
  ].filter(Boolean);
  let top = 26;
  const made = plan.map(([name, height, draw]) => {
    if (isNarrow) top += 14;
    const lane = { name, top, height, draw };
    top += height + 7;
    return lane;
  });
  return { lanes: made, height: top + 4, gutter: isNarrow ? 0 : GUTTER };
}

function usedLines(session) {
  let used = 0;
  for (const change of session.states.lines) used |= change.value;
  const names = session.lineNames || [];
  return names.map((name, i) => ({ name, bit: 1 << i })).filter((line) => used & line.bit);
}

// What drawing needs: the canvas's context, the colours, the view and the layout.
class Brush {
  constructor(context, colours, model, view, layout, width) {
    Object.assign(this, { context, colours, model, view, layout, width });
    this.left = layout.gutter;
    this.pixels = width - this.left;
    this.scale = this.pixels / (view.to - view.from);
  }
  x(time) {
    return this.left + (time - this.view.from) * this.scale;
  }
  seen(spans) {
    return seenSpans(spans, this.view.from, this.view.to, 1 / this.scale);
  }
  fill(colour, x, y, width, height) {
    this.context.fillStyle = colour;
    const from = Math.max(x, this.left - 1);
    const to = Math.min(x + width, this.width + 1);
    if (to > from) this.context.fillRect(from, y, to - from, height);
  }
  // A text in a box, cut off where it does not fit, kept in sight while the box is.
  label(text, colour, x, y, width, height, isBytes) {
    const from = Math.max(x, this.left) + 4;
    const room = Math.min(x + width, this.width) - from - 3;
    const fits = Math.floor(room / CHARACTER);
    if (fits < 2 && text.length > fits) return;
    this.context.fillStyle = colour;
    this.context.font = isBytes ? this.colours.bytesFont : this.colours.font;
    this.context.fillText(text.length <= fits ? text : text.slice(0, fits - 1) + "…", from, y + height / 2 + 0.5);
  }
}

function draw(brush) {
  const { context, colours, layout, width } = brush;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, layout.height);
  context.textBaseline = "middle";
  context.save();
  context.beginPath();
  context.rect(brush.left, 0, brush.pixels, layout.height);
  context.clip();
  drawTimes(brush);
  drawOff(brush);
  for (const lane of layout.lanes) lane.draw(brush, lane);
  drawChosen(brush);
  context.restore();
  drawNames(brush);
}

function drawTimes(brush) {
  const { context, colours, view, model, layout } = brush;
  const step = tickStep(1 / brush.scale, 90);
  const first = Math.ceil((view.from - model.origin) / step) * step;
  context.font = colours.font;
  for (let n = 0; n < 400; n++) {
    const time = first + n * step;
    const x = Math.round(brush.x(time + model.origin)) + 0.5;
    if (x > brush.width) break;
    context.fillStyle = colours.grid;
    context.fillRect(x - 0.5, 20, 1, layout.height);
    context.fillStyle = colours.faint;
    context.fillText(tickText(time, step), x + 3, 11);
  }
}

// As many decimals as the step has.
function tickText(time, step) {
  const decimals = Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(step))));
  return `${(time / 1e9).toFixed(decimals)} s`;
}

// Where the chip has no power, behind all that concerns it.
function drawOff(brush) {
  const { model, layout, colours } = brush;
  const concerned = layout.lanes.filter((lane) => /sends|receives|power/.test(lane.name));
  if (!concerned.length) return;
  const top = concerned[0].top - 3;
  const bottom = concerned[concerned.length - 1];
  for (const span of brush.seen(model.power)) {
    if (!span.value.isOff) continue;
    const [x, right] = [brush.x(span.start), brush.x(span.end)];
    brush.fill(colours.hatch, x, top, right - x, bottom.top + bottom.height + 3 - top);
    brush.fill(colours.off, right - 1, top, 2, bottom.top + bottom.height + 3 - top);
  }
}

function drawNames(brush) {
  const { context, colours, layout } = brush;
  context.font = colours.nameFont;
  context.fillStyle = colours.faint;
  for (const lane of layout.lanes) {
    if (brush.left) {
      context.textAlign = "right";
      context.fillText(lane.name, brush.left - 10, lane.top + lane.height / 2 + 0.5);
    } else {
      context.fillText(lane.name, 4, lane.top - 6);
    }
    context.textAlign = "left";
  }
}

// What has been chosen: a line through all lanes, and a frame where it is.
function drawChosen(brush) {
  const { colours, model, view, layout, context } = brush;
  if (view.chosen < 0) return;
  const { rows } = model.session;
  const row = view.chosen;
  const x = brush.x(rows.isMessage[row] ? rows.drawn[row] : rows.end[row]);
  const width = Math.max(1, brush.x(rows.end[row]) - x);
  context.globalAlpha = 0.14;
  brush.fill(colours.text, x, 20, width, layout.height - 24);
  context.globalAlpha = 1;
  const at = laneOf(layout, model, rows.lane[row]);
  if (!at) return;
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  const left = Math.max(x, brush.left - 4);
  context.strokeRect(left - 1, at.top - 2, Math.min(Math.max(4, width), brush.width + 8 - left) + 1, at.height + 4);
}

// The drawn lane that shows rows of a lane.
function laneOf(layout, model, lane) {
  const names = {
    [LANES.host]: "host sends", [LANES.chip]: model.differences[1].list.length ? "host receives" : "chip sends",
    [LANES.lines]: "port", [LANES.baud]: "host baud", [LANES.power]: "power", [LANES.faults]: "faults",
    [LANES.notes]: "notes",
  };
  return layout.lanes.find((one) => one.name === names[lane]);
}

// The whole session in two thin rows, and where in it the view is.
function drawOverview(context, colours, model, view, width, height) {
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  const span = model.end - model.start;
  const x = (time) => ((time - model.start) / span) * width;
  for (const one of model.power) {
    if (!one.value.isOff) continue;
    context.fillStyle = colours.hatch;
    context.fillRect(x(one.start), 0, x(one.end) - x(one.start), height);
  }
  const row = (lane, top, colour) => {
    for (const box of boxes(lane, model.start, model.end, width, 1.5)) {
      context.fillStyle = colour;
      context.fillRect(box.x, top, Math.max(1, box.width), height / 4);
      if (lane.troubles && worst(lane, box).trouble) {
        context.fillStyle = colours.trouble;
        context.fillRect(box.x, top, Math.max(1, box.width), height / 4);
      }
    }
  };
  row(model.lanes[LANES.host], height * 0.1, colours.host);
  row(model.lanes[LANES.chip], height * 0.4, colours.chip);
  row(model.lanes[LANES.faults], height * 0.7, colours.trouble);
  context.fillStyle = colours.veil;
  context.fillRect(0, 0, x(view.from), height);
  context.fillRect(x(view.to), 0, width - x(view.to), height);
  context.strokeStyle = colours.text;
  context.lineWidth = 1;
  context.strokeRect(Math.max(0.5, x(view.from)), 0.5, Math.max(3, Math.min(width, x(view.to)) - Math.max(0, x(view.from)) - 1), height - 1);
}
