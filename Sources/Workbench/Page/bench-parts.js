// How adapter, supply and the plug's board look. Only what one could really see on a bench is drawn: lamps, a display,
// what is printed on the parts.

import { draw } from "./bench-elements.js";
import { LEVELS } from "./bench-layout.js";

const box = (kind, x, y, width, height, rx = 0) => draw("rect", { class: kind, x, y, width, height, rx });
const disc = (kind, cx, cy, r) => draw("circle", { class: kind, cx, cy, r });
const line = (kind, d) => draw("path", { class: kind, d });
const words = (kind, x, y, text, anchor = "start") => {
  const element = draw("text", { class: kind, x, y, "text-anchor": anchor });
  element.textContent = text;
  return element;
};

// A USB-UART adapter: a small board with its plug, its chip and the switch for its level.
export function drawAdapter(layout) {
  const { x, y, width, height } = layout.adapter;
  const isTall = layout.name === "tall";
  const group = draw("g", { class: "part adapter", "aria-hidden": "true" });
  const board = isTall ? { x, y: y + 12, width, height: height - 12 } : { x: x + 22, y, width: width - 22, height };
  // The USB plug looks out of it.
  const middle = y + height / 2;
  if (isTall) group.append(box("metal", x + 76, y - 2, 38, 22, 2), box("slot", x + 83, y + 2, 24, 7, 1));
  else group.append(box("metal", x, middle - 20, 34, 40, 2), box("slot", x + 3, middle - 14, 12, 28, 1));
  group.append(box("pcb blue", board.x, board.y, board.width, board.height, 7));
  const [cx, cy] = isTall ? [x + 126, y + 30] : [x + 52, y + 92];
  group.append(box("ic", cx, cy, 52, 34, 2), words("mark", cx + 26, cy + 21, "USB", "middle"));
  for (let i = 0; i < 6; i++) {
    group.append(box("leg", cx + 5 + i * 8, cy - 4, 3, 4), box("leg", cx + 5 + i * 8, cy + 34, 3, 4));
  }
  const title = isTall ? [x + 12, y + 40] : [x + 36, y + 24];
  group.append(words("silk title", ...title, isTall ? "USB–UART" : "USB–UART adapter"));
  return group;
}

// The switch for the adapter's level: three places, one of them taken.
export function drawLevelSwitch(layout) {
  const { x, y } = layout.adapter;
  const [left, top, step] = layout.name === "tall" ? [x + 10, y + 52, 34] : [x + 36, y + 36, 36];
  const group = draw("g", { class: "levels", role: "radiogroup", "aria-label": "Adapter's level" });
  group.append(box("switchBody", left, top, step * 3, 18, 3));
  LEVELS.forEach((level, index) => {
    const middle = left + step * (index + 0.5);
    const name = level === 5000 ? "5" : String(level / 1000);
    group.append(draw("g", {
      class: "level", role: "radio", "data-level": level, "aria-label": `${name} volts`, "aria-checked": "false",
    },
    box("target", left + step * index, top - 6, step, 42),
    box("knob", middle - step / 2 + 3, top + 3, step - 6, 12, 2),
    words("silk small", middle, top + 31, `${name} V`, "middle"),
    box("ring", left + step * index + 1, top - 3, step - 2, 38, 4)));
  });
  return group;
}

// A bench supply: its display, its button with a lamp, its two posts.
export function drawSupply(layout) {
  const { x, y, width, height } = layout.supply;
  const isTall = layout.name === "tall";
  const group = draw("g", { class: "part supply" });
  group.append(
    draw("g", { "aria-hidden": "true" },
      box("case", x, y, width, height, 8), box("face", x + 6, y + 6, width - 12, height - 12, 5),
      box("display", x + 16, y + 16, isTall ? 102 : 126, isTall ? 34 : 50, 4)),
  );
  const reading = words("reading", x + (isTall ? 110 : 132), y + (isTall ? 41 : 51), "", "end");
  const [bx, by] = isTall ? [x + 16, y + 58] : [x + 16, y + 84];
  const button = draw("g", {
    class: "output", role: "switch", tabindex: "0", "aria-checked": "false", "aria-label": "Supply's output, 3.3 volts",
  },
  box("target", bx - 4, by - 5, isTall ? 106 : 116, 48), box("key", bx, by, isTall ? 68 : 76, 36, 6),
  words("keyText", bx + (isTall ? 34 : 38), by + 23, "OUTPUT", "middle"),
  disc("led", bx + (isTall ? 86 : 96), by + 18, 7), box("ring", bx - 3, by - 3, isTall ? 74 : 82, 42, 8));
  group.append(reading, button);
  if (isTall) return group;
  const bottom = y + height;
  group.append(words("faceText", x + 16, bottom - 32, "BENCH SUPPLY"), words("faceText", x + 16, bottom - 17, "3.3 V"));
  return group;
}

// A pin or a post where a wire comes out, with its name.
export function drawConnector(layout, wire, place) {
  const isTall = layout.name === "tall";
  const group = draw("g", { class: `connector ${wire.name}`, "aria-hidden": "true" });
  const isPost = wire.device === "supply";
  if (isPost) {
    const [cx, cy] = isTall ? [place.x, place.y - 16] : [place.x - 22, place.y];
    group.append(disc(`post ${wire.label === "+" ? "plus" : "minus"}`, cx, cy, 13), disc("hole", cx, cy, 5));
    group.append(isTall
      ? words("faceText sign", cx + 17, cy + 5, wire.label)
      : words("faceText sign", cx - 20, cy + 5, wire.label, "end"));
    return group;
  }
  const [hx, hy] = isTall ? [place.x - 8, place.y - 18] : [place.x - 20, place.y - 8];
  group.append(box("header", hx, hy, isTall ? 16 : 22, isTall ? 20 : 16, 2));
  group.append(isTall
    ? words("silk", place.x, place.y - 24, wire.label, "middle")
    : words("silk", place.x - 27, place.y + 5, wire.label, "end"));
  return group;
}

// The board. A plug's has relay, meter and mains side; an evaluation board, which has RESET, has switches for the
// straps.
export function drawBoard(layout, board, hasReset) {
  const { x, y, width, height } = layout.board;
  const isTall = layout.name === "tall";
  const group = draw("g", { class: "part board", "aria-hidden": "true" });
  group.append(box("pcb green", x, y, width, height, 10));
  for (const [dx, dy] of [[11, 11], [width - 11, 11], [11, height - 11], [width - 11, height - 11]]) {
    if (!isTall || dy > 20) group.append(disc("drill", x + dx, y + dy, 4.5));
  }
  const can = isTall ? { x: x + 14, y: y + 112 } : { x: x + 196, y: y + 26 };
  group.append(...drawModule(can.x, can.y, isTall ? 118 : 136, isTall ? 112 : 122));
  const isPlug = /plug/.test(board.name);
  const place = isTall ? { x: x + 216, y: y + 138 } : { x: x + 222, y: y + 192 };
  if (isPlug) group.append(...drawMains(layout, place));
  if (isPlug) group.append(...drawRelay(place.x, place.y, 104, isTall ? 54 : 82));
  if (hasReset) group.append(...drawSwitches(place.x, place.y));
  const meter = isTall ? { x: x + 252, y: y + 84 } : { x: x + 122, y: y + 280 };
  if (isPlug) {
    group.append(line("trace", isTall
      ? `M${x + 251} ${y + 72}V${y + 78}H${x + 264}V${y + 86}M${x + 300} ${y + 72}V${y + 78}H${x + 288}V${y + 86}`
      : `M${x + 92} ${y + 274}H${x + 106}V${y + 288}H${x + 124}`
        + `M${x + 92} ${y + 316}H${x + 106}V${y + 306}H${x + 124}`));
    group.append(...drawMeter(meter.x, meter.y), words("mark", meter.x + 24, meter.y + 22, "BL0937", "middle"));
    group.append(...drawPassives(isTall ? { x: x + 141, y: y + 116 } : { x: x + 118, y: y + 108 }));
    const led = isTall ? [x + 152, y + 196] : [x + 128, y + 220];
    group.append(disc("wifi", led[0], led[1], 5), words("silk small", led[0] + 10, led[1] + 4, "Wi-Fi"));
  }
  const title = isTall ? [x + 24, y + height - 7] : [x + 26, y + height - 16];
  group.append(words("silk title", ...title, board.name || ""));
  return group;
}

function drawModule(x, y, width, height) {
  // An antenna of copper, then the can.
  const step = (width - 20) / 6;
  let wave = `M${x + 10} ${y + 24}V${y + 8}`;
  for (let i = 0; i < 6; i++) wave += `h${step}v${i % 2 ? -14 : 14}`;
  return [
    box("module", x, y, width, height, 4), line("antenna", wave),
    box("can", x + 7, y + 32, width - 14, height - 40, 4), box("shine", x + 10, y + 35, width - 20, 5, 2),
    words("canText", x + width / 2, y + 32 + (height - 40) / 2 + 2, "ECR6600", "middle"),
    words("canSmall", x + width / 2, y + 32 + (height - 40) / 2 + 18, "2.4 GHz Wi-Fi", "middle"),
  ];
}

function drawRelay(x, y, width, height) {
  return [
    box("relay", x, y, width, height, 4), box("relayTop", x + 5, y + 5, width - 10, height - 10, 3),
    words("mark", x + width / 2, y + height / 2 - 2, "RELAY", "middle"),
    words("mark", x + width / 2, y + height / 2 + 14, "16 A 250 V~", "middle"),
    box("blade", x + 14, y + height, 18, 26, 2), box("blade", x + width - 32, y + height, 18, 26, 2),
    words("silk small", x + 23, y + height + 40, "L", "middle"),
    words("silk small", x + width - 23, y + height + 40, "N", "middle"),
  ];
}

// What is not to be touched while the plug is in the wall.
function drawMains(layout, place) {
  const { x, y, width, height } = layout.board;
  const left = place.x - 14;
  return [
    line("isolation", `M${left} ${y + height - 2}V${place.y - 12}H${x + width - 2}`),
    words("silk small", x + width - 10, place.y - 18, layout.name === "tall" ? "" : "mains side", "end"),
  ];
}

// Resistors, capacitors: nothing that anybody needs, but no board is without them.
function drawPassives({ x, y }) {
  const parts = [];
  for (let i = 0; i < 4; i++) {
    parts.push(box("leg", x, y + i * 15, 20, 8, 1), box(i % 2 ? "tan" : "ic", x + 5, y + i * 15, 10, 8));
  }
  const stripe = `M${x + 33} ${y + 17}A13 13 0 0 0 ${x + 33} ${y + 35}Z`;
  parts.push(disc("capacitor", x + 42, y + 26, 13), line("stripe", stripe));
  return parts;
}

function drawMeter(x, y) {
  const parts = [box("ic", x, y, 48, 36, 2)];
  for (let i = 0; i < 4; i++) {
    parts.push(box("leg", x + 6 + i * 11, y - 5, 5, 5), box("leg", x + 6 + i * 11, y + 36, 5, 5));
  }
  return parts;
}

function drawSwitches(x, y) {
  const parts = [box("ic", x, y, 104, 44, 3), words("silk small", x + 52, y + 62, "BOOTMODE", "middle")];
  for (let i = 0; i < 4; i++) {
    parts.push(box("slot", x + 10 + i * 23, y + 8, 14, 28, 2), box("knob on", x + 12 + i * 23, y + 10, 10, 11, 1));
  }
  return parts;
}

// A pad with its name beside it, or below it.
export function drawPad(layout, pad, { x, y }, { label, more }) {
  const isTall = layout.name === "tall";
  const group = draw("g", { class: "pad", role: "button", tabindex: "-1", "data-pad": pad });
  const [width, height] = isTall ? [40, 84] : [116, 40];
  group.append(isTall ? box("target", x - 20, y - 22, width, height) : box("target", x - 20, y - 20, width, height));
  group.append(box("gold", x - 12, y - 12, 24, 24, pad === "gnd" ? 2 : 12), disc("drill", x, y, 5.5));
  if (isTall) {
    group.append(words("silk", x, y + 28, label, "middle"));
    if (more) group.append(words("silk small", x, y + 41, more, "middle"));
  } else {
    group.append(words("silk", x + 22, y + (more ? -1 : 5), label));
    if (more) group.append(words("silk small", x + 22, y + 12, more));
  }
  group.append(draw("circle", { class: "ring", cx: x, cy: y, r: 18 }));
  return group;
}
