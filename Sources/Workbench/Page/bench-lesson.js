// Lessons: the list, or the one that is under way with its steps, hints, mistakes and its question.

import { $, make, say } from "./bench-elements.js";
import { markdown } from "./bench-markdown.js";

export class LessonCard {
  // `speak` is given what is to be read aloud.
  constructor(act, speak) {
    this.act = act;
    this.speak = speak;
  }

  show(state) {
    if (state.lesson === this.lesson && state.lessons === this.lessons && this.isBuilt) return;
    // Told again as it was, it stays: a button does not go from under a finger.
    const told = JSON.stringify([state.lesson, state.lessons]);
    const isSame = told === this.told && this.isBuilt;
    Object.assign(this, isSame ? { lesson: state.lesson, lessons: state.lessons } : { told });
    if (isSame) return;
    const before = this.isBuilt ? this.lesson : null;
    if (!state.lesson?.question || state.lesson.name !== before?.name) this.picked = null;
    const { lesson } = state;
    // A lesson that begins is read first; what is done in it begins it.
    if (lesson?.name !== before?.name) this.isReading = Boolean(lesson);
    if (lesson && (lesson.current > 0 || lesson.mistake || lesson.hint)) this.isReading = false;
    Object.assign(this, { lesson, lessons: state.lessons, isBuilt: true });
    $("lesson").hidden = !lesson && !state.lessons.length;
    const body = $("lessonBody");
    // Focus is where it was, on the button of the same name, or on what follows it.
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const top = body.scrollTop;
    say($("lessonTitle"), lesson ? `Lesson ${lesson.number}: ${lesson.title}` : "Lessons");
    body.replaceChildren(...(lesson ? this.course(lesson) : this.list(state.lessons)));
    const isSameStep = before?.name === lesson?.name && before?.current === lesson?.current;
    if (isSameStep) body.scrollTop = top;
    else this.reveal(body);
    if (isSameStep && lesson) this.revealNews(body, before, lesson);
    if (focused) {
      const again = body.querySelector(`[data-key="${CSS.escape(focused)}"]`) || body.querySelector("button");
      again?.focus({ preventScroll: true });
    }
    this.announce(before, lesson);
  }

  // Nothing has come from the bench: what is shown of it is another part.
  redraw() {
    const body = $("lessonBody");
    body.replaceChildren(...this.course(this.lesson));
    this.reveal(body);
    body.querySelector('[data-key="hint"]')?.focus({ preventScroll: true });
  }

  // The current step, within the card: the page itself does not jump.
  reveal(body) {
    const current = body.querySelector(".step.now, .question");
    body.scrollTop = current ? Math.max(0, current.offsetTop - 8) : 0;
  }

  // Scrolls to what is new in the step when it is below the visible part.
  revealNews(body, before, lesson) {
    const said = ({ mistake, hint, question, isDone }) => ({ mistake, hint, verdict: question?.verdict, praise: isDone });
    const [then, now] = [said(before), said(lesson)];
    const news = Object.keys(now).filter((name) => now[name] && now[name] !== then[name])
      .map((name) => body.querySelector(`.${name}`)).filter(Boolean).at(-1);
    if (!news) return;
    // The buttons at the foot cover what scrolls; a hint is followed by its own button.
    const last = news.classList.contains("hint") ? news.nextElementSibling || news : news;
    const covered = body.querySelector(".foot")?.offsetHeight || 0;
    const hidden = last.offsetTop + last.offsetHeight + covered - body.scrollTop - body.clientHeight;
    if (hidden > 0) body.scrollTop = Math.min(body.scrollTop + hidden + 8, news.offsetTop - 8);
  }

  announce(before, lesson) {
    if (!lesson || before?.name !== lesson.name) return;
    const verdict = lesson.question?.verdict;
    if (lesson.mistake && lesson.mistake !== before.mistake) this.speak(lesson.mistake);
    else if (lesson.hint && lesson.hint !== before.hint) this.speak(`Hint: ${lesson.hint}`);
    else if (verdict && verdict !== before.question?.verdict) this.speak(verdict);
    else if (lesson.isDone && !before.isDone) this.speak("Lesson done.");
    else if (lesson.current !== before.current) {
      const next = lesson.steps[lesson.current];
      this.speak(next ? `Step done. Next: ${next.title}` : "All steps are done. A question is left.");
    }
  }

  list(lessons) {
    const done = lessons.filter((lesson) => lesson.isDone).length;
    const items = lessons.map((lesson) => {
      const request = { verb: "lesson", do: "start", name: lesson.name };
      const start = this.button(`${lesson.number}. ${lesson.title}`, `start-${lesson.name}`, request);
      start.className = "lesson";
      if (lesson.isDone) start.append(make("span", "tick", "done"));
      return make("li", lesson.isDone ? "done" : "", start);
    });
    return [
      make("p", "small", "Each step waits until you have really done it on this bench. ",
        `${done} of ${lessons.length} done.`),
      progress(done, lessons.length, "Lessons done"), make("ol", "lessons", ...items),
    ];
  }

  course(lesson) {
    const done = lesson.steps.filter((step) => step.isDone).length;
    const text = make("div", "text", markdown(lesson.intro));
    if (this.isReading) return [text, make("p", "row foot", this.beginButton(), this.leaveButton(lesson))];
    const intro = make("details", "intro", make("summary", "", "What this lesson is about"), text);
    const parts = [progress(done, lesson.steps.length, "Steps done"), intro];
    parts.push(make("ol", "steps", ...lesson.steps.map((step, index) => this.step(lesson, step, index))));
    if (lesson.question) parts.push(this.question(lesson.question));
    if (lesson.isDone) parts.push(make("p", "praise", `Lesson ${lesson.number} is done.`));
    const buttons = make("p", "row foot");
    const next = this.lessons.find(({ number }) => number === lesson.number + 1);
    if (lesson.isDone && next) {
      const go = this.button(`Next: ${next.title}`, "next", { verb: "lesson", do: "start", name: next.name });
      go.className = "main";
      buttons.append(go);
    }
    const again = { verb: "lesson", do: "start", name: lesson.name };
    buttons.append(this.button("Take it again", "again", again), this.leaveButton(lesson));
    return [...parts, buttons];
  }

  // The introduction makes room for the steps.
  beginButton() {
    const begin = this.button("To the first step", "begin", null);
    begin.className = "main";
    begin.addEventListener("click", () => {
      this.isReading = false;
      this.redraw();
      // What a first step is about is on the bench; on a narrow screen the lesson itself would scroll away.
      if (matchMedia("(min-width: 980px)").matches) scrollTo({ top: 0 });
    });
    return begin;
  }

  leaveButton(lesson) {
    return this.button(lesson.isDone ? "All lessons" : "Leave the lesson", "leave", { verb: "lesson", do: "leave" });
  }

  step(lesson, step, index) {
    const isNow = index === lesson.current && !step.isDone;
    const item = make("li", `step${isNow ? " now" : ""}${step.isDone ? " done" : ""}`);
    const mark = step.isDone ? make("span", "tick", "done") : make("span", "unseen", isNow ? " (this step)" : "");
    item.append(make("h3", "", step.title, mark));
    if (isNow) {
      item.setAttribute("aria-current", "step");
      item.append(make("div", "text", markdown(step.text)));
      if (lesson.mistake) item.append(make("div", "mistake", make("b", "", "Not quite. "), markdown(lesson.mistake)));
      if (lesson.hint) item.append(make("div", "hint", make("b", "", "Hint. "), markdown(lesson.hint)));
      const hint = this.button(lesson.hint ? "Another hint" : "A hint", "hint", { verb: "lesson", do: "hint" });
      hint.hidden = lesson.hasMoreHints === false;
      item.append(make("p", "", hint));
    } else if (step.isDone) {
      item.append(make("details", "", make("summary", "", "What it was"), make("div", "text", markdown(step.text))));
    }
    return item;
  }

  question({ text, choices, chosen, verdict, isRight }) {
    const field = make("fieldset", "question", make("legend", "", "A question"), make("div", "text", markdown(text)));
    // Arrow keys go from choice to choice: only the button answers.
    const answer = this.button("Answer", "answer", null);
    answer.disabled = (this.picked ?? chosen) === null;
    answer.addEventListener("click", () => this.act({ verb: "lesson", do: "answer", choice: this.picked ?? chosen }));
    choices.forEach((choice, index) => {
      const box = make("input");
      box.type = "radio";
      box.name = "answer";
      box.checked = index === (this.picked ?? chosen);
      box.dataset.key = `choice-${index}`;
      box.addEventListener("change", () => {
        this.picked = index;
        answer.disabled = false;
      });
      const label = make("label", "choice", box, inlineOf(choice));
      if (index === chosen) label.classList.add(isRight ? "right" : "wrong");
      field.append(label);
    });
    field.append(answer);
    if (!verdict) return field;
    const word = make("b", "", isRight ? "Right. " : "No. ");
    field.append(make("div", `verdict ${isRight ? "right" : "wrong"}`, word, markdown(verdict)));
    return field;
  }

  button(text, key, request) {
    const button = make("button", "", text);
    button.type = "button";
    button.dataset.key = key;
    if (request) button.addEventListener("click", () => this.act(request));
    return button;
  }
}

// A choice has no paragraphs.
function inlineOf(text) {
  const span = make("span");
  const paragraph = markdown(text).firstChild;
  if (paragraph) span.append(...paragraph.childNodes);
  return span;
}

function progress(done, all, name) {
  const bar = make("progress");
  bar.max = Math.max(1, all);
  bar.value = done;
  bar.setAttribute("aria-label", name);
  return bar;
}
