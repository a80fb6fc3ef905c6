// The text field for messages, and for slash commands with their hints; global shortcuts are listed among them.

import { fill, freshId, h } from "./dom.js";

/** A composer. `deal` is {commands, say(text), run(command, text)}; both may return a sentence about a failure. */
export function composer(label, deal) {
  const id = freshId("composer");
  const listId = freshId("hints");
  const field = h("textarea", { id, rows: "1", placeholder: label, "aria-label": label, "aria-autocomplete": "list", "aria-controls": listId });
  const hints = h("div", { class: "hints", role: "listbox", id: listId, "aria-label": "Commands", hidden: true });
  const trouble = h("p", { class: "trouble", role: "alert" });
  const form = h("form", { class: "composer" }, trouble, hints, h("div", { class: "writing" }, field, h("button", { type: "submit", class: "button primary send" }, "Send")));
  const suggestions = suggest(field, hints, deal.commands);
  field.addEventListener("input", () => {
    fit(field);
    suggestions.draw();
  });
  field.addEventListener("blur", () => suggestions.hide());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.onKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(field, trouble, deal);
    suggestions.hide();
  });
  return form;
}

function fit(field) {
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${field.scrollHeight}px`);
}

async function send(field, trouble, deal) {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  fit(field);
  fill(trouble, "");
  const [command] = text.split(/\s/, 1);
  const failure = text.startsWith("/") ? await deal.run(command, text.slice(command.length).trim()) : await deal.say(text);
  fill(trouble, failure || "");
}

function suggest(field, hints, commands) {
  let active = 0;
  let offered = [];
  const hide = () => {
    offered = [];
    hints.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const take = ({ command, run }) => {
    field.value = run ? "" : `${command} `;
    if (run) run();
    field.focus();
    draw();
  };
  const draw = () => {
    offered = offersFor(field.value, commands);
    active = Math.min(active, Math.max(offered.length - 1, 0));
    fill(hints, offered.map((one, index) => row(one, index === active, () => take(one))));
    hints.hidden = !offered.length;
    if (offered.length) field.setAttribute("aria-activedescendant", hints.children[active].id);
    else field.removeAttribute("aria-activedescendant");
  };
  const onKey = (event) => {
    if (!offered.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const complete = field.value.includes(offered[active].command);
    if (step) active = (active + step + offered.length) % offered.length;
    if (step) draw();
    else if (event.key === "Escape") hide();
    else if (["Tab", "Enter"].includes(event.key) && !complete) take(offered[active]);
    else return false;
    event.preventDefault();
    return true;
  };
  return { draw, hide, onKey };
}

function offersFor(text, commands) {
  const [word] = text.split(/\s/, 1);
  if (!word.startsWith("/")) return [];
  if (/\s/.test(text)) return commands.filter(({ command }) => command === word);
  return commands.filter(({ command }) => command.startsWith(word));
}

function row({ command, shown, hint, description }, selected, take) {
  const attributes = { role: "option", id: freshId("hint"), "aria-selected": String(selected), mousedown: (event) => event.preventDefault(), click: take };
  return h("div", attributes, h("span", {}, h("strong", {}, shown || command), " ", h("span", { class: "faint" }, hint)), h("small", {}, description));
}
