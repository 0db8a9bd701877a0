// What the page begins with: the session, the phases, the colours.

function readSession() {
  const contents = (name) => Array.from(document.querySelectorAll(`script.${name}`));
  const blocks = (name) => contents(name).map((one) => ({ count: Number(one.dataset.count), text: one.textContent }));
  const text = (name) => contents(name).map((one) => one.textContent);
  const session = decodeSession(text("texts"), blocks("rows"), text("bytes"), blocks("states"));
  session.lineNames = document.getElementById("summary").dataset.lines.split(" ");
  return session;
}

function readPhases() {
  return Array.from(document.querySelectorAll("#phases tbody tr"), (row) => ({
    start: Number(row.dataset.start), end: Number(row.dataset.end), name: row.cells[0].textContent,
    note: row.cells[4].textContent, isTrouble: row.className === "trouble",
  }));
}

// The colours are the style's.
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ground", "text", "faint", "grid", "host", "chip", "again", "trouble", "troubleSoft", "pitfall", "phase",
    "power", "baud", "off", "same", "veil", "onColour", "onColourSoft", "hatchGround"];
  const colours = {};
  for (const name of names) colours[name] = style.getPropertyValue(`--${name}`).trim();
  const family = style.getPropertyValue("--family");
  colours.font = `11px ${family}`;
  colours.nameFont = `11.5px ${family}`;
  colours.bytesFont = `11px ${style.getPropertyValue("--mono")}`;
  colours.hatch = hatch(colours);
  return colours;
}

function hatch(colours) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const context = tile.getContext("2d");
  context.fillStyle = colours.hatchGround;
  context.fillRect(0, 0, 8, 8);
  context.strokeStyle = colours.off;
  context.globalAlpha = 0.3;
  context.beginPath();
  for (const shift of [-8, 0, 8]) {
    context.moveTo(shift, 8);
    context.lineTo(shift + 8, 0);
  }
  context.stroke();
  return context.createPattern(tile, "repeat");
}

// The table of phases can be folded away: the lanes show them as well.
function foldPhases() {
  const table = document.getElementById("phases");
  const fold = make("details", "phases");
  fold.append(make("summary", "", `Phases (${table.tBodies[0].rows.length})`), table);
  return fold;
}
