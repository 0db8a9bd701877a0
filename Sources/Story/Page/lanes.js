// Each kind of lane.

function drawPhases(brush, at) {
  const { colours, model, view } = brush;
  for (const phase of model.phases) {
    // They may overlap: a chip that repeats its EOT still tells of the transfer before.
    if (phase.end < view.from || phase.start > view.to) continue;
    const x = brush.x(phase.start);
    const width = Math.max(2, brush.x(phase.end) - x);
    brush.fill(phase.isTrouble ? colours.troubleSoft : colours.phase, x, at.top, width, at.height);
    brush.fill(phase.isTrouble ? colours.trouble : colours.faint, x, at.top, Math.min(2, width), at.height);
    brush.label(phase.name + (phase.note ? ` · ${phase.note}` : ""), colours.text, x, at.top, width, at.height);
  }
}

function drawMessages(brush, at, index) {
  const { colours, model, view } = brush;
  const { rows, texts } = model.session;
  const lane = model.lanes[index];
  const plain = index === LANES.host ? colours.host : colours.chip;
  for (const box of boxes(lane, view.from, view.to, brush.pixels, 2.5)) {
    const x = brush.left + box.x;
    const width = Math.max(2, box.width);
    const count = box.last - box.first + 1;
    const { trouble, again, pitfall } = worst(lane, box);
    const colour = trouble === count ? colours.trouble : again === count ? colours.again : plain;
    brush.context.globalAlpha = lane.hits && !(lane.hits[box.last + 1] - lane.hits[box.first]) ? 0.2 : 1;
    brush.fill(colour, x, at.top, width > 6 ? width - 1 : width, at.height);
    if (trouble && trouble < count) brush.fill(colours.trouble, x, at.top + at.height - 8, width, 8);
    else if (again && again < count) brush.fill(colours.again, x, at.top + at.height - 8, width, 8);
    if (pitfall) {
      brush.fill(colours.ground, x, at.top - 1, width, 1);
      brush.fill(colours.pitfall, x, at.top - 5, Math.max(4, width), 4);
    }
    if (count === 1 && width > 24) drawMessage(brush, at, lane.rows[box.first], x, width);
    brush.context.globalAlpha = 1;
  }

  function drawMessage(brush, at, row, x, width) {
    const room = width / rows.byteCount[row];
    if (room < 18 || rows.kept[row] < rows.byteCount[row]) {
      return brush.label(texts[rows.text[row]], colours.onColour, x, at.top, width, at.height);
    }
    // Close enough for its bytes, below its name.
    const half = at.height / 2;
    brush.label(texts[rows.text[row]], colours.onColour, x, at.top, width, half);
    const bytes = model.session.bytes(row);
    const first = Math.max(0, Math.floor((brush.left - x) / room));
    const last = Math.min(bytes.length, Math.ceil((brush.width - x) / room));
    brush.context.font = colours.bytesFont;
    for (let i = first; i < last; i++) {
      brush.fill(colours.onColourSoft, x + i * room, at.top + half, 1, half);
      brush.context.fillStyle = colours.onColour;
      brush.context.fillText(hexByte(bytes[i]), x + i * room + 3, at.top + half * 1.5);
    }
  }
}

// The end of the line that the trace's bytes are not of, where it has others: below what was sent, above what arrived.
function drawDifferences(brush, at, direction) {
  const { colours, model, view } = brush;
  const lane = model.differences[direction];
  brush.fill(colours.same, brush.left, at.top + at.height / 2, brush.pixels, 1);
  for (const box of boxes(lane, view.from, view.to, brush.pixels, 3)) {
    const x = brush.left + box.x;
    const width = Math.max(3, box.width);
    const isOne = box.first === box.last;
    const one = lane.list[box.first];
    const isLost = isOne && (direction === 0 ? !one.chipCount : !one.hostCount);
    if (isLost && width > 5) {
      brush.fill(colours.trouble, x, at.top, width, at.height);
      brush.fill(colours.troubleSoft, x + 1.5, at.top + 1.5, width - 3, at.height - 3);
    } else if (isLost) {
      // A short stroke: less has arrived.
      brush.fill(colours.trouble, x, at.top + at.height / 2 - 3, width, 6);
    } else {
      brush.fill(colours.trouble, x, at.top, width, at.height);
    }
    const text = isOne ? differenceText(one) : `${box.last - box.first + 1} differences`;
    brush.label(text, isLost ? colours.trouble : colours.onColour, x, at.top, width, at.height, true);
  }
}

// What the chip's end has, briefly.
function differenceText(one) {
  const bytes = Array.from(one.bytes.subarray(0, 24), hexByte).join(" ") + (one.chipCount > 24 ? " …" : "");
  if (!one.chipCount) return one.direction === 0 ? "lost" : "not sent";
  return bytes + (one.direction === 1 && !one.hostCount ? " lost" : "");
}

function drawPower(brush, at) {
  const { colours, model } = brush;
  for (const span of brush.seen(model.power)) {
    const x = brush.x(span.start);
    const width = Math.max(2, brush.x(span.end) - x);
    if (span.value.isOff) {
      brush.label("no power", colours.off, x, at.top, width, at.height);
      continue;
    }
    brush.fill(colours.power, x, at.top, width > 6 ? width - 1 : width, at.height);
    brush.label(model.session.texts[span.value.program] || "on", colours.text, x, at.top, width, at.height);
  }
}

function drawBaud(brush, at, end) {
  const { colours, model } = brush;
  for (const span of brush.seen(model.baud[end])) {
    const x = brush.x(span.start);
    const width = Math.max(2, brush.x(span.end) - x);
    brush.fill(colours.baud, x, at.top, width > 6 ? width - 1 : width, at.height);
    brush.label(String(span.value), colours.text, x, at.top, width, at.height);
  }
}

// A control line: high while it is asserted.
function drawLine(brush, at, bit) {
  const { colours, model } = brush;
  for (const span of brush.seen(model.lines)) {
    const [x, width] = [brush.x(span.start), Math.max(1, brush.x(span.end) - brush.x(span.start))];
    const isAsserted = span.value & bit;
    if (isAsserted) brush.fill(colours.baud, x, at.top + 2, width, at.height - 4);
    brush.fill(colours.faint, x, isAsserted ? at.top + 2 : at.top + at.height - 3, width, 1.5);
    brush.fill(colours.faint, x, at.top + 2, 1, at.height - 4);
  }
}

// Moments: a stroke with its text beside it, as far as the next one leaves room.
function drawMarks(brush, at, index) {
  const { colours, model, view } = brush;
  const { rows, texts } = model.session;
  const lane = model.lanes[index];
  const isTrouble = index === LANES.faults;
  const all = boxes(lane, view.from, view.to, brush.pixels, 4);
  all.forEach((box, i) => {
    const x = brush.left + box.x;
    const width = Math.max(3, box.width);
    const count = box.last - box.first + 1;
    brush.context.globalAlpha = lane.hits && !(lane.hits[box.last + 1] - lane.hits[box.first]) ? 0.2 : 1;
    brush.fill(isTrouble ? colours.trouble : colours.faint, x, at.top + 2, width, at.height - 4);
    const room = (i + 1 < all.length ? brush.left + all[i + 1].x : brush.width) - x - width;
    const row = lane.rows[box.first];
    const text = `${texts[rows.kind[row]]}: ${texts[rows.text[row]]}`;
    const isOneKind = rows.kind[row] === rows.kind[lane.rows[box.last]];
    const label = count === 1 ? text : isOneKind ? `${count} × ${texts[rows.kind[row]]}` : `${count} marks`;
    if (room > 40) brush.label(label, isTrouble ? colours.trouble : colours.faint, x + width, at.top, room, at.height);
    brush.context.globalAlpha = 1;
  });
}
