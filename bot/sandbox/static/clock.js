import { momentOf, nextBusinessMorning } from "./dates.js";
import { fill, h } from "./dom.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** The sandbox's clock, kept running by the page between the server's updates. */
export class Clock {
  #ahead = 0;
  #offset = 0;

  set({ now, offset_seconds: offset }) {
    this.#ahead = Date.parse(now) - Date.now();
    this.#offset = offset;
  }

  now() {
    return new Date(Date.now() + this.#ahead);
  }

  /** How far it was moved, as text. */
  moved() {
    const minutes = Math.round(Math.abs(this.#offset) / MINUTE);
    const hours = Math.round(minutes / 60);
    const way = this.#offset > 0 ? "ahead" : "behind";
    if (!minutes) return "real time";
    if (minutes < 60) return minutes === 1 ? `1 minute ${way}` : `${minutes} minutes ${way}`;
    if (hours < 48) return hours === 1 ? `1 hour ${way}` : `${hours} hours ${way}`;
    return `${Math.round(hours / 24)} days ${way}`;
  }
}

/** Draws the time and the buttons that move it. `forward(seconds)` moves it. Returns a function that redraws the time. */
export function drawClock(place, clock, forward) {
  const time = h("strong", {});
  const moved = h("small", {});
  const step = (label, seconds) => h("button", { type: "button", class: "button small", click: () => forward(seconds()) }, label);
  const untilMorning = () => Math.ceil((nextBusinessMorning(clock.now()) - clock.now()) / 1000);
  fill(
    place,
    h("p", { class: "time", role: "timer", "aria-label": "Sandbox time" }, time, moved),
    h("div", { class: "steps", role: "group", "aria-label": "Move the clock" },
      step("+1 minute", () => MINUTE), step("+1 hour", () => HOUR), step("+1 day", () => 24 * HOUR), step("+1 week", () => 168 * HOUR), step("Next business morning", untilMorning)),
  );
  return () => {
    const words = momentOf(clock.now());
    if (time.textContent !== words) fill(time, words);
    if (moved.textContent !== clock.moved()) fill(moved, clock.moved());
  };
}
