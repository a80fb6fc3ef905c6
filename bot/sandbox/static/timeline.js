// Messages in order, each drawn once and redrawn only when it changes.

import { dateOf, dayOf, daysFrom } from "./dates.js";
import { fill, h } from "./dom.js";
import { restoreFocus, tellFocus } from "./focus.js";
import { messageNode } from "./message.js";

const TOGETHER = 300; // seconds within which one person's messages share one name
const ALONE = ".card, .ephemeral, .rings"; // these never share a name
const NEAR = 160; // pixels from the end that still count as reading the newest

export class Timeline {
  #rows = new Map();
  pointed = null;

  constructor(label, room, empty) {
    this.room = room;
    this.list = h("ol", { class: "messages" });
    this.empty = h("p", { class: "empty" }, empty);
    this.node = h("div", { class: "scroller", tabindex: "0", role: "log", "aria-label": label }, this.empty, this.list);
    this.#stayAtEnd();
  }

  /** Keeps the view at the message that was pointed at, else at the newest, while messages arrive or change their size. */
  #stayAtEnd() {
    let atEnd = true;
    for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) this.node.addEventListener(moved, () => (this.pointed = null), { passive: true });
    this.node.addEventListener("scroll", () => {
      atEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
    });
    const watch = new ResizeObserver(() => (this.pointed ? this.#toPointed() : atEnd && this.toEnd()));
    watch.observe(this.list);
    watch.observe(this.node);
  }

  /** Shows exactly these messages, oldest first, with a mark before the last `unread` of other people's. */
  show(messages, unread = 0) {
    this.#rows.clear();
    fill(this.list);
    for (const message of messages) this.put(message);
    this.#mark(messages.filter((message) => message.user !== this.room.me).at(-unread), unread);
    this.toEnd();
  }

  /** Adds or redraws a message, ordered by time. */
  put(message) {
    const known = this.#rows.get(message.ts);
    const focus = known && tellFocus(known);
    const row = h("li", {}, messageNode(message, this.room));
    row.message = message;
    row.classList.toggle("pointed", message.ts === this.pointed);
    if (known) known.replaceWith(row);
    else this.list.insertBefore(row, this.#after(message.ts));
    this.#rows.set(message.ts, row);
    if (focus) restoreFocus(row, focus);
    this.#place(row);
    this.#place(row.nextElementSibling);
    this.empty.hidden = true;
  }

  remove(ts) {
    const next = this.#rows.get(ts)?.nextElementSibling;
    this.#rows.get(ts)?.remove();
    this.#rows.delete(ts);
    this.#place(next);
    this.empty.hidden = this.#rows.size > 0;
  }

  get(ts) {
    return this.#rows.get(ts)?.message;
  }

  /** Focuses a message, so that the keyboard continues from there. */
  focus(ts) {
    this.#rows.get(ts)?.querySelector(".replies, .more")?.focus();
  }

  /** Marks a message and brings its beginning into view, until one scrolls. */
  point(ts) {
    for (const [each, row] of this.#rows) row.classList.toggle("pointed", each === ts);
    this.pointed = ts;
    this.#toPointed();
  }

  #toPointed() {
    const row = this.#rows.get(this.pointed);
    row?.querySelector("article").scrollIntoView({ block: row.offsetHeight > this.node.clientHeight ? "start" : "nearest" });
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  #after(ts) {
    return [...this.list.children].find((row) => row.message.ts > ts) || null;
  }

  #place(row) {
    if (!row) return;
    const before = row.previousElementSibling?.message;
    const date = dateOf(row.message.ts);
    row.querySelector(":scope > .day")?.remove();
    const opensDay = !before || daysFrom(dateOf(before.ts), date) !== 0;
    if (opensDay) row.prepend(h("h2", { class: "day" }, dayOf(date, this.room.names.now())));
    const follows = !opensDay && before.user === row.message.user && row.message.ts - before.ts < TOGETHER;
    const standsAlone = row.querySelector(ALONE) || row.previousElementSibling?.querySelector(ALONE);
    row.classList.toggle("follows", follows && !standsAlone);
  }

  #mark(message, unread) {
    const row = unread > 0 && message && this.#rows.get(message.ts);
    if (row) row.prepend(h("p", { class: "new-mark" }, "New"));
  }
}
