// Where everything stands on the bench, in the drawing's own units: side by side on a wide screen, one above the other
// on a narrow one. A connector's or pad's `x` and `y` are where a wire begins or ends; `out` is the way it leaves.

// The wires, in the order of their connectors; what their connectors and plugs are called.
export const WIRES = [
  { name: "adapter-tx", device: "adapter", label: "TX", title: "adapter's TX" },
  { name: "adapter-rx", device: "adapter", label: "RX", title: "adapter's RX" },
  { name: "adapter-gnd", device: "adapter", label: "GND", title: "adapter's GND" },
  { name: "adapter-rts", device: "adapter", label: "RTS", title: "adapter's RTS" },
  { name: "supply-gnd", device: "supply", label: "−", title: "supply's GND (−)" },
  { name: "supply-3v3", device: "supply", label: "+", title: "supply's 3.3 V (+)" },
];

// The pads as they are printed, and as they are read aloud. RESET only where the board has it.
export const PADS = {
  gnd: { label: "GND", title: "GND" },
  "3v3": { label: "3V3", title: "3V3" },
  gpio5: { label: "RX", more: "GPIO5", title: "RX, GPIO5" },
  gpio6: { label: "TX", more: "GPIO6", title: "TX, GPIO6" },
  reset: { label: "RESET", title: "RESET" },
  gpio21: { label: "RX", more: "GPIO21", title: "RX, GPIO21, by the meter" },
  gpio22: { label: "TX", more: "GPIO22", title: "TX, GPIO22, by the meter" },
};
export const PAD_ORDER = Object.keys(PADS);
export const LEVELS = [1800, 3300, 5000];

const RIGHT = { x: 1, y: 0 };
const DOWN = { x: 0, y: 1 };

function wide() {
  const places = { gnd: 62, "3v3": 104, gpio5: 146, gpio6: 188, reset: 230, gpio21: 292, gpio22: 334 };
  return {
    name: "wide", width: 860, height: 412, out: RIGHT,
    adapter: { x: 16, y: 18, width: 216, height: 164 },
    supply: { x: 16, y: 214, width: 216, height: 180 },
    board: { x: 494, y: 18, width: 350, height: 376 },
    connectors: {
      "adapter-tx": { x: 232, y: 48 }, "adapter-rx": { x: 232, y: 82 }, "adapter-gnd": { x: 232, y: 116 },
      "adapter-rts": { x: 232, y: 150 }, "supply-gnd": { x: 232, y: 304 }, "supply-3v3": { x: 232, y: 354 },
    },
    loose: (wire, { x, y }) => ({ x: x + (wire === "adapter-rx" || wire === "adapter-rts" ? 104 : 74), y: y + 12 }),
    pads: Object.fromEntries(PAD_ORDER.map((pad) => [pad, { x: 516, y: places[pad] }])),
  };
}

function tall() {
  const row = ["gnd", "3v3", "gpio5", "gpio6", "gpio21", "gpio22"];
  const across = (pad) => 29 + row.indexOf(pad) * 49 + (row.indexOf(pad) > 3 ? 30 : 0);
  const pads = Object.fromEntries(row.map((pad) => [pad, { x: across(pad), y: 344 }]));
  pads.reset = { x: 186, y: 412 };
  return {
    name: "tall", width: 344, height: 570, out: DOWN,
    adapter: { x: 4, y: 8, width: 190, height: 138 },
    supply: { x: 206, y: 8, width: 134, height: 138 },
    board: { x: 4, y: 318, width: 336, height: 246 },
    connectors: {
      "adapter-tx": { x: 30, y: 146 }, "adapter-rx": { x: 74, y: 146 }, "adapter-gnd": { x: 118, y: 146 },
      "adapter-rts": { x: 162, y: 146 }, "supply-gnd": { x: 244, y: 146 }, "supply-3v3": { x: 302, y: 146 },
    },
    loose: (wire, { x, y }) => ({ x, y: y + 50 }),
    pads,
  };
}

export const layOut = (isNarrow) => (isNarrow ? tall() : wide());

// Where a wire ends: on its pad, beside the others that are on it, or hanging loose.
export function endOf(layout, hookup, wire) {
  const pad = hookup.wires[wire];
  if (!pad || !layout.pads[pad]) return { ...layout.loose(wire, layout.connectors[wire]), isLoose: true };
  const others = WIRES.filter(({ name }) => hookup.wires[name] === pad).map(({ name }) => name);
  const shift = (others.indexOf(wire) - (others.length - 1) / 2) * 13;
  const { x, y } = layout.pads[pad];
  return { x: x + shift * layout.out.y, y: y + shift * layout.out.x, isLoose: false };
}

// A wire as a smooth curve: it leaves its connector straight, hangs a little, and comes straight to its end.
export function curve(layout, from, to) {
  const { out } = layout;
  const reach = Math.hypot(to.x - from.x, to.y - from.y);
  const pull = to.isLoose ? reach * 0.35 : Math.max(46, reach * 0.45);
  const sag = out.x ? Math.min(26, reach * 0.09) : 0;
  const a = { x: from.x + out.x * pull, y: from.y + out.y * pull + sag };
  const b = { x: to.x - out.x * pull, y: to.y - out.y * pull + sag };
  return `M${from.x} ${from.y}C${a.x} ${a.y} ${b.x} ${b.y} ${to.x} ${to.y}`;
}

// The pad nearest to a point, within reach of a plug.
export function padAt(layout, pads, point, reach = 30) {
  let [best, distance] = [null, reach];
  for (const pad of pads) {
    const place = layout.pads[pad];
    if (!place) continue;
    const away = Math.hypot(place.x - point.x, place.y - point.y);
    if (away <= distance) [best, distance] = [pad, away];
  }
  return best;
}
