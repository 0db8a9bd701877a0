// The connection to the server: requests go out, answers and events come in, and it is taken up again when it breaks.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
const PATIENCE = 10_000;

export class Live {
  // `heard` is given each event, `changed` what the connection is: connecting, open, lost.
  constructor(heard, changed) {
    this.heard = heard;
    this.changed = changed;
    this.waiting = new Map();
    this.number = 0;
    this.pause = FIRST_PAUSE;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.socket.addEventListener("message", (message) => this.take(message.data));
    this.socket.addEventListener("close", () => this.closed());
  }

  take(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message === null || typeof message !== "object") return;
    if (message.event === "welcome") {
      this.pause = FIRST_PAUSE;
      this.changed("open");
      this.ask({ verb: "events", also: ["story", "waves", "flash"] }).catch(() => {});
    }
    if (typeof message.event === "string") this.heard(message);
    else if (typeof message.ok === "boolean") this.answer(message);
  }

  answer(message) {
    const asked = this.waiting.get(message.id);
    if (!asked) return;
    this.waiting.delete(message.id);
    clearTimeout(asked.limit);
    if (message.ok) asked.resolve(message);
    else asked.reject(new Error(message.error?.message || "the bench refused"));
  }

  // Sends a request. - Returns: the answer, or an error with what the bench said against it.
  ask(request) {
    return new Promise((resolve, reject) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        reject(new Error("No connection to the bench."));
        return;
      }
      const id = ++this.number;
      const limit = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error("The bench did not answer."));
      }, PATIENCE);
      this.waiting.set(id, { resolve, reject, limit });
      this.socket.send(JSON.stringify({ ...request, id }));
    });
  }

  closed() {
    for (const { reject, limit } of this.waiting.values()) {
      clearTimeout(limit);
      reject(new Error("The connection broke before the bench answered."));
    }
    this.waiting.clear();
    this.changed("lost", this.pause);
    setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }
}

// Sends a file. - Returns: the answer's JSON, if it has any. - Throws: with what the server said.
export async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "X-Solderless": "1" }, body });
  const text = await response.text();
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // A refusal may be plain text.
  }
  if (response.ok) return answer;
  throw new Error(answer?.error?.message || text.slice(0, 300) || `the server answered ${response.status}`);
}
