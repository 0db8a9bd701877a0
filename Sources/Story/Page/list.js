// Everything in the order of time, as `solderless show` prints it. Only what is in sight is in the document.

const ROW_HEIGHT = 24;
// A browser has no element taller than some millions of pixels.
const MOST_HEIGHT = 8e6;

class List {
  constructor(element, model, choose) {
    this.element = element;
    this.space = element.querySelector("#listSpace");
    this.rowsPlace = element.querySelector("#listRows");
    this.model = model;
    this.found = null;
    element.addEventListener("scroll", () => this.fill());
    this.rowsPlace.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (row) choose(Number(row.dataset.row));
    });
    this.only(null);
  }
  get count() {
    return this.found ? this.found.length : this.model.session.rows.count;
  }
  rowAt(index) {
    return this.found ? this.found[index] : index;
  }
  indexOf(row) {
    return this.found ? firstIndex(this.found.length, (i) => this.found[i] >= row) : row;
  }
  // Only these, or all.
  only(found) {
    this.found = found;
    this.space.style.height = `${Math.min(MOST_HEIGHT, this.count * ROW_HEIGHT)}px`;
    this.element.scrollTop = 0;
    this.fill();
  }
  // How far the list is scrolled, in rows.
  get firstShown() {
    const height = Math.min(MOST_HEIGHT, this.count * ROW_HEIGHT);
    const most = Math.max(1, height - this.element.clientHeight);
    const rows = Math.max(0, this.count - this.element.clientHeight / ROW_HEIGHT);
    return (this.element.scrollTop / most) * rows;
  }
  fill() {
    const first = Math.floor(this.firstShown);
    const shown = Math.min(this.count, first + Math.ceil(this.element.clientHeight / ROW_HEIGHT) + 1);
    const made = [];
    for (let i = first; i < shown; i++) made.push(this.line(this.rowAt(i)));
    this.rowsPlace.replaceChildren(...made);
    this.rowsPlace.style.transform = `translateY(${this.element.scrollTop - (this.firstShown % 1) * ROW_HEIGHT}px)`;
  }
  line(row) {
    const { rows, texts } = this.model.session;
    const names = ["host", "chip"];
    const tones = ["", "again", "bad"];
    const line = make("div", `line ${names[rows.lane[row]] || "mark"} ${tones[rows.tone[row]]}`);
    line.dataset.row = row;
    line.id = `row${row}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", row === this.chosen);
    line.append(
      make("span", "time", seconds(rows.end[row] - this.model.origin)),
      make("span", "delta", row ? `+${duration(Math.max(0, rows.end[row] - rows.end[row - 1]))}` : ""),
      make("span", "way", rows.isMessage[row] ? directionOf(rows.lane[row]) : texts[rows.kind[row]]),
      make("span", "words", (rows.pitfall[row] ? "! " : "") + texts[rows.text[row]]));
    return line;
  }
  // Shows which is chosen, and brings it into sight.
  choose(row) {
    this.chosen = row;
    const index = this.indexOf(row);
    const height = this.element.clientHeight;
    const first = this.firstShown;
    if (index < first + 1 || index > first + height / ROW_HEIGHT - 2) {
      const space = Math.min(MOST_HEIGHT, this.count * ROW_HEIGHT);
      const rows = Math.max(1, this.count - height / ROW_HEIGHT);
      this.element.scrollTop = ((index - height / ROW_HEIGHT / 2) / rows) * Math.max(0, space - height);
    }
    this.fill();
    this.element.setAttribute("aria-activedescendant", `row${row}`);
  }
}
