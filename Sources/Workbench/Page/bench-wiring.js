// How hands move wires: a plug is dragged to a pad; or clicked, tapped or taken with Enter, and then the pad.

import { PADS, WIRES, endOf, padAt } from "./bench-layout.js";

const DRAG = 6;
const title = (wire) => WIRES.find(({ name }) => name === wire).title;

export class Wiring {
  constructor(board) {
    this.board = board;
    // What is being moved: {wire, x, y, at, isDragged, pointer}, where `at` is where its end is drawn.
    this.held = null;
  }

  // Where a wire's end is while it is moved; null for where it is plugged.
  endOf(wire) {
    return this.held?.wire === wire && this.held.at ? { ...this.held.at, isLoose: true } : null;
  }

  listen(svg) {
    this.held = null;
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerup", (event) => this.up(event));
    svg.addEventListener("pointercancel", () => this.letGo());
    svg.addEventListener("keydown", (event) => this.key(event));
    // Who goes elsewhere has nothing in the hand any more.
    svg.addEventListener("focusout", (event) => {
      if (this.held && this.held.pointer === null && !svg.contains(event.relatedTarget)) this.letGo("put back");
    });
  }

  // A pointer's place in the drawing's units.
  point(event) {
    const matrix = this.board.svg.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return { x, y };
  }

  down(event) {
    if (event.button !== 0 || this.board.isPlaying) return;
    const point = this.point(event);
    const wire = this.plugAt(point) || this.connectorAt(point);
    const { held } = this;
    if (held && held.pointer === null) {
      const pad = this.padUnder(event, point);
      event.preventDefault();
      if (pad) this.plug(held.wire, pad);
      else if (wire && wire !== held.wire) this.take(wire);
      else this.letGo("put back");
      return;
    }
    const found = wire || this.wireOn(event.target.closest?.(".pad")?.dataset.pad);
    if (!found) return;
    event.preventDefault();
    this.board.wireParts.get(found).focus({ focusVisible: false, preventScroll: true });
    this.held = { wire: found, from: point, at: null, pointer: event.pointerId, isDragged: false };
    this.board.svg.setPointerCapture(event.pointerId);
  }

  move(event) {
    const { held } = this;
    if (!held) return;
    const point = this.point(event);
    if (held.pointer !== null && !held.isDragged) {
      if (Math.hypot(point.x - held.from.x, point.y - held.from.y) < DRAG) return;
      held.isDragged = true;
      this.mark();
    }
    // With a mouse the plug follows; a finger that has tapped is not there any more.
    if (held.pointer === null && event.pointerType !== "mouse") return;
    held.at = point;
    this.mark(this.padUnder(event, point));
    this.board.update();
  }

  up(event) {
    const { held } = this;
    if (!held || held.pointer !== event.pointerId) return;
    const point = this.point(event);
    if (!held.isDragged) {
      this.take(held.wire);
      return;
    }
    const pad = this.padUnder(event, point);
    if (pad) this.plug(held.wire, pad);
    else if (this.board.hookup.wires[held.wire]) this.unplug(held.wire);
    else this.letGo();
  }

  // The pad nearest to a point, or the one whose lettering is there.
  padUnder(event, point) {
    const near = padAt(this.board.layout, this.board.pads, point);
    if (near) return near;
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    return under.map((element) => element.closest(".pad")).find(Boolean)?.dataset.pad || null;
  }

  // The plug nearest to a point: two on one pad lie closer together than a finger is wide.
  plugAt(point) {
    const { board } = this;
    let [best, distance] = [null, 27];
    for (const { name } of WIRES) {
      const end = endOf(board.layout, board.hookup, name);
      const away = Math.hypot(end.x - 14 * board.layout.out.x - point.x, end.y - 14 * board.layout.out.y - point.y);
      if (away < distance) [best, distance] = [name, away];
    }
    return best;
  }

  // A connector's place counts as its wire's.
  connectorAt(point) {
    const { connectors, out } = this.board.layout;
    const near = WIRES.find(({ name }) => {
      const { x, y } = connectors[name];
      return Math.hypot(x - 14 * out.x - point.x, y - 14 * out.y - point.y) < 17;
    });
    return near?.name || null;
  }

  wireOn(pad) {
    const found = pad && WIRES.filter(({ name }) => this.board.hookup.wires[name] === pad).pop();
    return found ? found.name : null;
  }

  // From now on the wire is in the hand, until a pad is chosen.
  take(wire) {
    this.held = { wire, at: null, pointer: null };
    this.mark();
    this.board.say(`The ${title(wire)} is in your hand. Choose a pad; Esc puts it back.`);
    this.board.update();
  }

  plug(wire, pad) {
    this.letGo();
    if (this.board.hookup.wires[wire] === pad) return;
    this.board.act({ verb: "plug", wire, to: pad });
    this.board.say(`The ${title(wire)} goes to pad ${PADS[pad].title}.`);
  }

  unplug(wire) {
    this.letGo();
    if (!this.board.hookup.wires[wire]) return;
    this.board.act({ verb: "unplug", wire });
    this.board.say(`The ${title(wire)} hangs loose.`);
  }

  letGo(how) {
    if (!this.held) return;
    this.held = null;
    this.mark();
    if (how) this.board.say(`${how[0].toUpperCase()}${how.slice(1)}.`);
    this.board.update();
  }

  // Shows what is held, and over which pad.
  mark(over = null) {
    const wire = this.held && (this.held.pointer === null || this.held.isDragged) ? this.held.wire : null;
    this.board.svg.classList.toggle("carrying", Boolean(wire));
    for (const [name, part] of this.board.wireParts) part.classList.toggle("held", name === wire);
    for (const [pad, part] of this.board.padParts) part.classList.toggle("over", pad === over);
  }

  key(event) {
    if (this.board.isPlaying) return;
    const pad = event.target.dataset?.pad;
    const wire = event.target.dataset?.wire;
    const isEnter = event.key === "Enter" || event.key === " ";
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const { held } = this;
    const takes = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (wire && isEnter) {
      takes();
      this.take(wire);
      const first = this.board.hookup.wires[wire] || this.board.pads[0];
      this.board.padParts.get(first)?.focus();
    } else if (held && event.key === "Escape") {
      takes();
      const back = held.wire;
      this.letGo("put back");
      this.board.wireParts.get(back).focus();
    } else if ((wire || held) && (event.key === "Delete" || event.key === "Backspace")) {
      takes();
      const which = held?.wire || wire;
      this.unplug(which);
      this.board.wireParts.get(which).focus();
    } else if (pad && step) {
      takes();
      const { pads } = this.board;
      this.board.padParts.get(pads[(pads.indexOf(pad) + step + pads.length) % pads.length]).focus();
    } else if (wire && held && step) {
      takes();
      this.board.padParts.get(this.board.hookup.wires[wire] || this.board.pads[0]).focus();
    } else if (pad && held && isEnter) {
      takes();
      const which = held.wire;
      this.plug(which, pad);
      this.board.wireParts.get(which).focus();
    }
  }
}
