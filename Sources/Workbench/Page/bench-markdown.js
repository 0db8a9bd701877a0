// The Markdown of lessons, as much of it as they use: paragraphs, lists, quotes, fenced blocks; `code`, *emphasis* and
// **strong** in them. Everything becomes text in elements of ours: markup in a lesson stays visible and does nothing.

import { make } from "./bench-elements.js";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*/g;
const ITEM = /^\s*(?:[-*]|\d+[.)])\s+(.*)$/;

// A number and its unit stay together.
const NUMBER = /(\d) (?=(?:[VΩ%s]|ms|[KM]B|baud)(?![A-Za-z]))/g;

function inline(element, words) {
  const text = words.replace(NUMBER, "$1\u00a0");
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    element.append(text.slice(end, match.index));
    const [whole, code, strong, emphasis] = match;
    element.append(make(code ? "code" : strong ? "strong" : "em", "", code || strong || emphasis));
    end = match.index + whole.length;
  }
  element.append(text.slice(end));
  return element;
}

// - Returns: a fragment of elements.
export function markdown(text) {
  const made = document.createDocumentFragment();
  const lines = String(text || "").split("\n");
  let paragraph = [];
  const finish = () => {
    if (paragraph.length) made.append(inline(make("p"), paragraph.join(" ")));
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.startsWith("```")) {
      finish();
      const block = [];
      for (i++; i < lines.length && !lines[i].startsWith("```"); i++) block.push(lines[i]);
      made.append(make("pre", "", make("code", "", block.join("\n"))));
    } else if (ITEM.test(line)) {
      finish();
      const list = make(/^\s*\d/.test(line) ? "ol" : "ul");
      for (; i < lines.length && lines[i].trim(); i++) {
        const item = ITEM.exec(lines[i]);
        if (item) list.append(inline(make("li"), item[1]));
        // An item that goes on in the next line.
        else if (list.lastChild) inline(list.lastChild, ` ${lines[i].trim()}`);
      }
      made.append(list);
    } else if (line.startsWith(">")) {
      finish();
      const quote = [];
      for (; i < lines.length && lines[i].startsWith(">"); i++) quote.push(lines[i].replace(/^>\s?/, ""));
      i--;
      made.append(make("blockquote", "", markdown(quote.join("\n"))));
    } else if (!line.trim()) {
      finish();
    } else {
      paragraph.push(line.trim());
    }
  }
  finish();
  return made;
}
