// What is seen, and how hands move it.

class View {
  constructor(model, changed) {
    this.model = model;
    this.changed = changed;
    this.chosen = -1;
    this.fit();
  }
  // The whole session with a little room around it.
  fit() {
    const room = (this.model.end - this.model.start) * 0.02;
    this.show(this.model.start - room, this.model.end + room);
  }
  // Shows what lies between two moments; never less than a microsecond, nor far beyond the session.
  show(from, to) {
    const { start, end } = this.model;
    const whole = end - start;
    // Where a double has no more digits, neither has the view.
    const least = Math.max(1000, Math.max(Math.abs(start), Math.abs(end)) * 1e-12);
    const span = Math.min(Math.max(to - from, least), whole * 1.1 + least);
    const room = Math.min(span / 2, whole * 0.05);
    const [first, last] = [start - room + span / 2, end + room - span / 2];
    const middle = first > last ? (start + end) / 2 : Math.min(Math.max((from + to) / 2, first), last);
    this.from = middle - span / 2;
    this.to = middle + span / 2;
    this.changed();
  }
  // Zooms by a factor; the moment at `share` of the width stays where it is.
  zoom(factor, share) {
    const span = this.to - this.from;
    const fixed = this.from + span * share;
    this.show(fixed - span * factor * share, fixed + span * factor * (1 - share));
  }
  move(share) {
    const by = (this.to - this.from) * share;
    this.show(this.from + by, this.to + by);
  }
  // Brings a row into sight, without zooming if it can be helped.
  reveal(row) {
    const { rows } = this.model.session;
    const [start, end] = [rows.drawn[row], rows.end[row]];
    const room = (this.to - this.from) * 0.01;
    if (start >= this.from + room && end <= this.to - room) return;
    const middle = end - start > this.to - this.from ? start : (start + end) / 2;
    this.show(middle - (this.to - this.from) / 2, middle + (this.to - this.from) / 2);
  }
  // Zooms to a row; to a moment with what is around it.
  zoomTo(row) {
    const { rows } = this.model.session;
    const [start, end] = [rows.drawn[row], rows.end[row]];
    const room = end > start ? (end - start) * 0.4 : 5e6;
    this.show(start - room, end + room);
  }
}

// Mouse, wheel, fingers and pen on the lanes. `pick` is given what was clicked, `hover` what the pointer is over.
function listenToHands(canvas, view, gutter, pick, hover) {
  const pointers = new Map();
  let start = null;
  let hasMoved = false;
  const share = (clientX) => {
    const box = canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - box.left - gutter()) / Math.max(1, box.width - gutter())));
  };

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const [across, along] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    if (Math.abs(across) > Math.abs(along)) view.move((across * pixels) / canvas.clientWidth);
    else view.zoom(Math.exp(Math.max(-300, Math.min(300, along * pixels)) * (event.ctrlKey ? 0.01 : 0.0025)), share(event.clientX));
  }, { passive: false });

  const fingers = () => Array.from(pointers.values());
  // The view when fingers came down, and where they were: what they do is measured from there.
  const begin = () => {
    const [a, b] = fingers();
    start = a && { from: view.from, to: view.to, x: b ? (a.x + b.x) / 2 : a.x, apart: b ? Math.abs(a.x - b.x) : 0 };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) hasMoved = false;
    begin();
  });
  canvas.addEventListener("pointermove", (event) => {
    const pointer = pointers.get(event.pointerId);
    if (!pointer) return hover(event);
    if (Math.abs(event.clientX - pointer.x) + Math.abs(event.clientY - pointer.y) > 4 || hasMoved) {
      hasMoved = true;
      pointer.x = event.clientX;
      pointer.y = event.clientY;
      follow();
    }
  });
  const follow = () => {
    const [a, b] = fingers();
    const width = Math.max(1, canvas.clientWidth - gutter());
    const span = start.to - start.from;
    const x = b ? (a.x + b.x) / 2 : a.x;
    const factor = b && start.apart > 8 ? start.apart / Math.max(8, Math.abs(a.x - b.x)) : 1;
    // The moment that was under the fingers stays there.
    const held = start.from + span * ((start.x - canvas.getBoundingClientRect().left - gutter()) / width);
    const now = (x - canvas.getBoundingClientRect().left - gutter()) / width;
    view.show(held - span * factor * now, held + span * factor * (1 - now));
  };
  const end = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (!hasMoved && !pointers.size && event.type === "pointerup") pick(event, false);
    begin();
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("dblclick", (event) => pick(event, true));
}

// The overview: a drag or a click moves the view.
function listenToOverview(canvas, view) {
  const go = (event) => {
    const box = canvas.getBoundingClientRect();
    const { start, end } = view.model;
    const middle = start + ((event.clientX - box.left) / box.width) * (end - start);
    const half = (view.to - view.from) / 2;
    view.show(middle - half, middle + half);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && go(event));
}
