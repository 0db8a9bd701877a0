// Elements made from code: whatever comes from outside becomes text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

// An HTML element with a class, text or children.
export function make(name, className = "", ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

// An SVG element with attributes and children.
export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  element.append(...children);
  return element;
}

export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) element.removeAttribute(key);
    else if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value);
  }
}

// Text that is written only where it is another one: nothing is laid out, or read aloud, twice.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A canvas with as many pixels as the screen has. - Returns: its context, in CSS pixels.
export function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.height = `${height}px`;
    canvas.style.width = `${width}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// The style's colours, for canvases: a custom property is only resolved where it is used.
export function readColours() {
  const names = [
    "ground", "panel", "text", "faint", "edge", "grid", "host", "chip", "again", "trouble", "good", "sure", "window",
    "erased", "data", "read", "erase", "program", "verify", "rom", "application", "stub", "off",
  ];
  const probe = make("i");
  document.body.append(probe);
  const colours = {};
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  const style = getComputedStyle(document.body);
  colours.font = `11px ${style.fontFamily}`;
  colours.bold = `600 11px ${style.fontFamily}`;
  colours.mono = `11px ${style.getPropertyValue("--mono")}`;
  probe.remove();
  return colours;
}

export const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
