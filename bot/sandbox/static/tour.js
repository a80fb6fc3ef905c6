// The strip on top: how far the story is, and four steps to look at once it is told.

import { fill, h } from "./dom.js";

const LOOK_AROUND = "Press a step, or look around: be somebody else, move the clock.";
const PATIENCE = 60; // looks for a message before it is given up
const PAUSE = 250; // milliseconds between two looks

/**
 * The strip in `node`. `go(place)` shows a place and returns once it is there; `desk` is the page's {api, world}.
 * `clock.now()` is the sandbox's time.
 */
export class Tour {
  #tour = {};
  #pressed = -1;
  #closed = false;

  constructor(node, desk, clock, go) {
    Object.assign(this, { node, desk, clock, go });
  }

  /** Whether the story is still being told. */
  get telling() {
    return Boolean(this.#tour.progress);
  }

  /** Shows what the story says now. */
  show(tour) {
    this.#tour = tour;
    this.draw();
  }

  /** Redraws the strip; it tells who one is only while that is so. */
  draw() {
    const { steps = [], progress } = this.#tour;
    this.node.hidden = this.#closed || !steps.length;
    const current = steps[this.#pressed]?.place.as === this.desk.world?.me.id ? this.#pressed : -1;
    fill(
      this.node,
      h("ol", {}, steps.map((step, n) => h("li", {}, this.#button(step, n, n === current)))),
      h("p", { role: "status" }, progress || (current < 0 ? LOOK_AROUND : steps[current].hint)),
      h("button", { type: "button", class: "quiet", "aria-label": "Close the tour", click: () => this.#close() }, "×"),
    );
  }

  #button(step, n, current) {
    const attributes = { type: "button", disabled: this.telling, "aria-current": current ? "step" : null, click: () => this.press(n) };
    return h("button", attributes, h("span", { class: "number", "aria-hidden": "true" }, String(n + 1)), step.label);
  }

  #close() {
    this.#closed = true;
    this.draw();
    document.getElementById("title").focus();
  }

  /** Where the story begins and what it shows first, if the page stands there. */
  begin({ as, channel }) {
    const { start, first } = this.#tour;
    if (start && !this.telling && as === start.as && channel === start.channel) this.press(first);
  }

  /** Shows just this step. */
  async press(n) {
    const step = this.#tour.steps[n];
    this.#pressed = n;
    const monday = step.until_monday ? nextMonday(this.clock.now()) : null;
    if (monday) await this.desk.api.forward(Math.ceil((monday - this.clock.now()) / 1000));
    await this.go(step.place);
    this.draw();
    if (monday) await this.#showWeek(step.place, monday / 1000);
    if (step.command && !document.querySelector("dialog[open]")) await this.desk.attempt(() => this.desk.api.command({ channel: step.place.channel, ...step.command }));
  }

  async #showWeek(place, since) {
    for (let look = 0; look < PATIENCE; look += 1) {
      const { messages } = await this.desk.api.messages(place.channel, String(since));
      const week = messages.find((message) => message.text.includes("Week"));
      if (week) return this.go({ ...place, ts: week.ts });
      await new Promise((done) => setTimeout(done, PAUSE));
    }
    return undefined;
  }
}

/** The next Monday at nine, in UTC, when the week is summed up. */
function nextMonday(now) {
  const monday = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), 9));
  while (monday.getUTCDay() !== 1 || monday <= now) monday.setUTCDate(monday.getUTCDate() + 1);
  return monday;
}
