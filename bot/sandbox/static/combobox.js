// A select for typing: the combobox pattern of the ARIA authoring practices.

import { debounce, fill, freshId, h } from "./dom.js";

/**
 * `chosen` are choices {key, text, hint, raw}; `load(query)` returns groups of them, or a sentence to show
 * instead; `enter(choices)` is called after every change. With `many`, several can be chosen.
 */
export function combobox(options) {
  return new Combobox(options).node;
}

class Combobox {
  constructor(options) {
    Object.assign(this, options);
    this.asked = 0;
    this.active = -1;
    this.offered = [];
    const listId = freshId("list");
    this.input = h("input", {
      id: this.id, type: "text", role: "combobox", class: "control select", autocomplete: "off", placeholder: this.placeholder, "data-keep": this.keep,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, ...this.aria,
    });
    this.status = h("p", { role: "status", class: "popup-status" });
    this.list = h("div", { role: "listbox", id: listId, "aria-label": "Choices", "aria-multiselectable": this.many ? "true" : null });
    this.popup = h("div", { class: "popup", hidden: true }, this.status, this.list);
    this.chips = h("span", { class: "chips" });
    this.node = h("div", { class: "combobox" }, this.many && this.chips, this.input, this.popup);
    this.find = this.waits ? debounce(() => this.ask(), this.waits) : () => this.ask();
    this.listen();
    this.showChosen();
  }

  listen() {
    this.input.addEventListener("click", () => this.popup.hidden && this.open());
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.node.addEventListener("focusout", (event) => this.node.contains(event.relatedTarget) || this.leave());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** The query: empty while the text is still that of the chosen option. */
  get query() {
    const settled = !this.many && this.chosen[0]?.text === this.input.value;
    return settled ? "" : this.input.value;
  }

  open() {
    this.popup.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.select();
    this.ask();
  }

  close() {
    this.popup.hidden = true;
    this.asked += 1;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  leave() {
    this.close();
    if (!this.many && !this.input.value && this.chosen.length) this.choose([]);
    this.showChosen();
  }

  typed() {
    this.popup.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (this.waits) this.say("Searching…");
    this.find();
  }

  async ask() {
    const turn = (this.asked += 1);
    let found;
    try {
      found = await this.load(this.query);
    } catch (refusal) {
      found = refusal.message;
    }
    if (turn !== this.asked) return;
    if (typeof found === "string") this.say(found);
    else this.offer(found);
  }

  say(sentence) {
    this.offered = [];
    fill(this.list);
    fill(this.status, sentence);
    this.activate(-1);
  }

  offer(groups) {
    this.offered = groups.flatMap((group) => group.choices).map((choice) => ({ choice, node: this.option(choice) }));
    let next = 0;
    const nodesOf = (group) => group.choices.map(() => this.offered[next++].node);
    fill(this.list, groups.map((group) => (group.label ? h("div", { role: "group", "aria-label": group.label }, h("p", { class: "group-label", "aria-hidden": "true" }, group.label), nodesOf(group)) : nodesOf(group))));
    fill(this.status, this.offered.length ? "" : "Nothing found");
    this.activate(this.query && this.offered.length ? 0 : this.offered.findIndex(({ choice }) => this.has(choice)));
    this.popup.scrollIntoView({ block: "nearest" });
  }

  option(choice) {
    const attributes = { role: "option", id: freshId("option"), "aria-selected": String(this.has(choice)), click: () => this.pick(choice) };
    return h("div", attributes, h("span", {}, choice.text), choice.hint && h("small", {}, choice.hint));
  }

  has(choice) {
    return this.chosen.some((one) => one.key === choice.key);
  }

  pick(choice) {
    if (!this.many) this.choose([choice]);
    else if (this.has(choice)) this.choose(this.chosen.filter((one) => one.key !== choice.key));
    else if (!this.most || this.chosen.length < this.most) this.choose([...this.chosen, choice]);
    this.input.focus();
    this.close();
    this.showChosen();
  }

  choose(choices) {
    this.chosen = choices;
    this.enter(choices);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  showChosen() {
    this.input.value = this.many ? "" : (this.chosen[0]?.text ?? "");
    fill(this.chips, this.chosen.map((choice) => this.chip(choice)));
  }

  chip(choice) {
    return h("span", { class: "chip" }, choice.text, h("button", { type: "button", "aria-label": `Remove ${choice.text}`, click: () => this.pick(choice) }, "×"));
  }

  activate(index) {
    this.offered[this.active]?.node.classList.remove("active");
    this.active = index;
    const node = this.offered[index]?.node;
    node?.classList.add("active");
    node?.scrollIntoView({ block: "nearest" });
    if (node) this.input.setAttribute("aria-activedescendant", node.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const { length } = this.offered;
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    this.activate(length ? (from + step + length) % length : -1);
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const opened = !this.popup.hidden;
    if (step && !opened) this.open();
    else if (step) this.move(step);
    else if (event.key === "Enter" && opened && this.offered[this.active]) this.pick(this.offered[this.active].choice);
    else if (event.key === "Enter" && opened) this.close();
    else if (event.key === "Escape" && opened) this.close();
    else if (event.key === "Backspace" && this.many && !this.input.value && this.chosen.length) this.pick(this.chosen.at(-1));
    else return;
    event.preventDefault();
  }
}
