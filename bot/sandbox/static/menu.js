import { freshId, h } from "./dom.js";

/**
 * A button that opens a menu. `items` are {text, hint?, run}. Arrow keys move; Esc closes it and restores the focus,
 * as does choosing.
 */
export function menuButton({ label, face, items, kind }) {
  const id = freshId("menu");
  const opener = h("button", { type: "button", class: kind, "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id }, face);
  const menu = h("div", { class: "menu", role: "menu", id, "aria-label": label, hidden: true });
  const place = h("span", { class: "menu-place" }, opener, menu);
  const close = () => {
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  };
  const choose = (item) => {
    close();
    opener.focus();
    item.run();
  };
  menu.append(...items.map((item) => entry(item, choose)));
  opener.addEventListener("click", () => (menu.hidden ? open(opener, menu) : close()));
  place.addEventListener("keydown", (event) => onKey(event, menu, opener, close));
  place.addEventListener("focusout", (event) => place.contains(event.relatedTarget) || close());
  return place;
}

function entry(item, choose) {
  const hint = item.hint && h("small", {}, item.hint);
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", click: () => choose(item) }, item.text, hint);
}

function open(opener, menu) {
  menu.hidden = false;
  menu.classList.toggle("upwards", opener.getBoundingClientRect().bottom + menu.offsetHeight + 16 > innerHeight);
  opener.setAttribute("aria-expanded", "true");
  menu.firstElementChild.focus();
}

function onKey(event, menu, opener, close) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && !menu.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close();
    opener.focus();
  } else if (step && menu.hidden) open(opener, menu);
  else if (step) {
    const entries = [...menu.children];
    const next = entries.indexOf(document.activeElement) + step;
    entries.at(next % entries.length).focus();
  }
  if (step) event.preventDefault();
}
