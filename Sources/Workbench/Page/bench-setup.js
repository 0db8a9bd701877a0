// Light and dark, and the keys that work everywhere.

import { $ } from "./bench-elements.js";

// Follows the system until the reader chooses. - Returns: what changes it.
export function makeTheme(changed) {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const set = (theme) => {
    root.dataset.theme = theme;
    changed();
  };
  const change = () => set(root.dataset.theme === "dark" ? "light" : "dark");
  system.addEventListener("change", () => set(system.matches ? "dark" : "light"));
  $("theme").addEventListener("click", change);
  root.dataset.theme = system.matches ? "dark" : "light";
  return change;
}

// Single letters, unless somebody writes, or has switched them off.
export function listenToKeys(acts) {
  const help = $("help");
  $("helpButton").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || $("lettersOff").checked) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "?") help.showModal();
    else if (Object.hasOwn(acts, event.key)) acts[event.key]();
    else return;
    event.preventDefault();
  });
}
