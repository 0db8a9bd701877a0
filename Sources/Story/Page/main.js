// The page: makes the parts and joins them.

function start() {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  root.classList.remove("plain");
  root.dataset.theme = system.matches ? "dark" : "light";
  // The summary is written last, and read first.
  document.querySelector("header").after($("summary"));
  $("lanes").before($("toolbar"));
  $("panels").after(foldPhases());
  const model = makeModel(readSession());
  model.phases = readPhases();
  const epoch = $("summary").dataset.epoch;
  if (epoch && epoch !== "0") model.epoch = BigInt(epoch);

  let colours = readColours();
  let layout = null;
  let isDrawn = true;
  const redraw = () => {
    if (!isDrawn) return;
    isDrawn = false;
    requestAnimationFrame(paint);
  };
  const view = new View(model, redraw);
  const list = new List($("list"), model, (row) => choose(row));
  let found = null;

  function paint() {
    isDrawn = true;
    const began = performance.now();
    const width = $("lanes").clientWidth;
    // In a pane that is closed there is nothing to draw on.
    if (width < 1) return;
    layout = layOut(model, width < 640);
    const context = sized($("chart"), width, layout.height);
    draw(new Brush(context, colours, model, view, layout, width));
    const height = 34;
    drawOverview(sized($("overview"), width, height), colours, model, view, width, height);
    $("range").textContent = `${duration(view.to - view.from)} in sight`;
    // For whoever measures.
    $("chart").dataset.milliseconds = (performance.now() - began).toFixed(1);
  }

  // A canvas with as many pixels as the screen has.
  function sized(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  function choose(row, zooms) {
    const { rows, texts } = model.session;
    if (row < 0 || row >= rows.count) return;
    view.chosen = row;
    if (zooms) view.zoomTo(row);
    else view.reveal(row);
    showDetail($("detail"), model, row, choose);
    list.choose(row);
    const way = { [LANES.host]: "host to chip", [LANES.chip]: "chip to host" }[rows.lane[row]] || texts[rows.kind[row]];
    const pitfall = rows.pitfall[row] ? `; ${texts[rows.pitfall[row]]}` : "";
    $("said").textContent = `${seconds(rows.end[row] - model.origin)} seconds, ${way}: ${texts[rows.text[row]]}${pitfall}`;
    redraw();
  }

  // The next row that fulfils a condition, from the chosen one on.
  function step(by, fulfils) {
    const { rows } = model.session;
    let row = view.chosen < 0 ? (by > 0 ? -1 : rows.count) : view.chosen;
    for (row += by; row >= 0 && row < rows.count; row += by) if (!fulfils || fulfils(row)) return choose(row);
  }
  const isTrouble = (row) => model.session.rows.tone[row] === TONES.trouble || model.session.rows.pitfall[row] > 0;
  const isFound = (row) => {
    const i = firstIndex(found.length, (n) => found[n] >= row);
    return i < found.length && found[i] === row;
  };

  // What a place on the lanes shows; -1 for nothing.
  function rowAt(event) {
    const box = $("chart").getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - layout.gutter, event.clientY - box.top];
    // A finger is not as exact as a mouse.
    const isFinger = event.pointerType === "touch";
    const at = layout.lanes.find((lane) => y >= lane.top - (isFinger ? 14 : 4) && y < lane.top + lane.height + 4);
    if (!at || x < 0) return -1;
    const span = view.to - view.from;
    const pixels = box.width - layout.gutter;
    const time = view.from + (span * x) / pixels;
    const reach = (span * (isFinger ? 16 : 6)) / pixels;
    const direction = { "chip receives": 0, "chip sends": 1 }[at.name];
    const byName = {
      "host sends": LANES.host, "host receives": LANES.chip, "chip sends": LANES.chip, "chip receives": LANES.host,
      power: LANES.power, faults: LANES.faults, notes: LANES.notes, "host baud": LANES.baud, "chip baud": LANES.baud,
    };
    if (at.name === "phases") return -1;
    const lane = model.lanes[direction !== undefined ? direction : byName[at.name] ?? LANES.lines];
    const member = memberAt(lane, time, reach);
    return member < 0 ? -1 : lane.rows[member];
  }

  listenToHands($("chart"), view, () => (layout ? layout.gutter : 0), (event, zooms) => {
    const row = rowAt(event);
    if (row >= 0) choose(row, zooms);
    else if (zooms) view.zoom(0.4, 0.5);
  }, (event) => hover(event));
  listenToOverview($("overview"), view);

  function hover(event) {
    const tip = $("tip");
    const row = event && event.pointerType !== "touch" ? rowAt(event) : -1;
    tip.hidden = row < 0;
    $("chart").classList.toggle("pointing", row >= 0);
    if (row < 0) return;
    const { rows, texts } = model.session;
    const words = texts[rows.text[row]];
    tip.textContent = `${seconds(rows.end[row] - model.origin)} s  ${texts[rows.kind[row]]}: `
      + (words.length > 120 ? words.slice(0, 120) + "…" : words)
      + (rows.pitfall[row] ? `  ! ${texts[rows.pitfall[row]]}` : "");
    const box = $("lanes").getBoundingClientRect();
    tip.style.left = `${Math.min(event.clientX - box.left + 12, Math.max(0, box.width - 300))}px`;
    tip.style.top = `${event.clientY - box.top + 18}px`;
  }

  // --- Search

  let pause = 0;
  $("search").addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, 120);
  });
  function look() {
    found = search(model.session, $("search").value);
    const isHit = new Uint8Array(model.session.rows.count);
    for (const row of found || []) isHit[row] = 1;
    for (const lane of model.lanes) lane.hits = found && hits(lane, isHit);
    $("found").textContent = found ? `${found.length} found` : "";
    list.only(found);
    redraw();
  }
  // How many of a lane are among them, up to each.
  function hits(lane, isHit) {
    const sums = new Uint32Array(lane.rows.length + 1);
    for (let i = 0; i < lane.rows.length; i++) sums[i + 1] = sums[i] + isHit[lane.rows[i]];
    return sums;
  }
  function endSearch() {
    $("search").value = "";
    look();
    $("chart").focus();
  }
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Escape") endSearch();
    if (event.key === "Enter") {
      clearTimeout(pause);
      look();
      $("chart").focus();
      if (found && found.length) step(1, isFound);
    }
  });

  // --- Keys and buttons

  const keys = {
    ArrowLeft: (event) => (event.shiftKey ? view.move(-0.2) : step(-1, sameLane(event))),
    ArrowRight: (event) => (event.shiftKey ? view.move(0.2) : step(1, sameLane(event))),
    ArrowUp: () => step(-1, found && isFound),
    ArrowDown: () => step(1, found && isFound),
    Home: () => choose(0),
    End: () => choose(model.session.rows.count - 1),
    PageUp: () => view.move(-0.8),
    PageDown: () => view.move(0.8),
    Enter: () => (view.chosen < 0 ? choose(0) : choose(view.chosen, true)),
    a: () => view.move(-0.2),
    d: () => view.move(0.2),
    "+": () => zoomIn(0.5),
    "=": () => zoomIn(0.5),
    "-": () => zoomIn(2),
    0: () => view.fit(),
    e: () => step(1, isTrouble),
    E: () => step(-1, isTrouble),
    n: () => found && step(1, isFound),
    N: () => found && step(-1, isFound),
    "/": () => $("search").focus(),
    t: () => changeTheme(),
    "?": () => $("help").showModal(),
    Escape: () => found && endSearch(),
  };
  // The chosen row stays where it is, or else the middle.
  function zoomIn(factor) {
    const row = view.chosen;
    const { rows } = model.session;
    const middle = row < 0 ? 0.5 : ((rows.drawn[row] + rows.end[row]) / 2 - view.from) / (view.to - view.from);
    view.zoom(factor, middle >= 0 && middle <= 1 ? middle : 0.5);
  }
  function sameLane(event) {
    if (!event.altKey || view.chosen < 0) return null;
    return (row) => model.session.rows.lane[row] === model.session.rows.lane[view.chosen];
  }
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || $("help").open || /^(INPUT|SUMMARY)$/.test(target.tagName)) return;
    // A button has its own use for these; so has a page that can be scrolled.
    if (target.tagName === "BUTTON" && /^(Enter| )$/.test(event.key)) return;
    const scrolls = document.documentElement.scrollHeight > window.innerHeight;
    if (scrolls && target === document.body && /^(Arrow(Up|Down)|Page|Home|End)/.test(event.key)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
  const buttons = {
    zoomIn: () => zoomIn(0.5), zoomOut: () => zoomIn(2), fit: () => view.fit(), back: () => step(-1), forth: () => step(1),
    trouble: () => step(1, isTrouble), theme: changeTheme, helpButton: () => $("help").showModal(),
  };
  for (const [id, act] of Object.entries(buttons)) $(id).addEventListener("click", act);
  $("trouble").hidden = !model.lanes.some((lane) => lane.troubles[lane.rows.length] + lane.pitfalls[lane.rows.length]);

  // A finding leads to the place where it first happened.
  for (const item of document.querySelectorAll("#glance li")) {
    const button = make("button", "", item.textContent);
    button.type = "button";
    button.addEventListener("click", () => goTo(Number(item.dataset.at)));
    item.replaceChildren(button);
  }
  function goTo(time) {
    const half = Math.min(view.to - view.from, 0.25 * (model.end - model.start)) / 2;
    view.show(time - half, time + half);
    chooseAt(time);
  }
  function chooseAt(time) {
    const { rows } = model.session;
    let best = -1;
    for (let i = 0; i < rows.count; i++) {
      const isNearer = best < 0 || Math.abs(rows.end[i] - time) < Math.abs(rows.end[best] - time);
      // Of several at one moment, the one that is bad.
      if (isNearer || (rows.end[i] === rows.end[best] && isTrouble(i) && !isTrouble(best))) best = i;
    }
    choose(best);
  }

  // `page.html#from=0.2&to=0.9&at=0.51` opens a stretch and chooses what is at a moment, in seconds since the first event.
  function openAt() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const moment = (name) => (asked.has(name) ? model.origin + Number(asked.get(name)) * 1e9 : NaN);
    if (moment("from") < moment("to")) view.show(moment("from"), moment("to"));
    if (moment("at") >= 0 || moment("at") < 0) chooseAt(moment("at"));
  }
  window.addEventListener("hashchange", openAt);

  // --- Light and dark

  function changeTheme() {
    setTheme(root.dataset.theme === "dark" ? "light" : "dark");
  }
  function setTheme(theme) {
    root.dataset.theme = theme;
    colours = readColours();
    redraw();
  }
  system.addEventListener("change", () => setTheme(system.matches ? "dark" : "light"));
  // On paper it is light.
  let onScreen = root.dataset.theme;
  window.addEventListener("beforeprint", () => {
    onScreen = root.dataset.theme;
    document.querySelector("details.phases").open = true;
    setTheme("light");
    paint();
  });
  window.addEventListener("afterprint", () => setTheme(onScreen));

  new ResizeObserver(() => {
    redraw();
    list.fill();
  }).observe($("lanes"));
  openAt();
  new ResizeObserver(() => list.fill()).observe($("list"));
  redraw();
}

if (typeof document !== "undefined") start();
