import { h } from "./dom.js";

const MOST = 3;

/** Shows a sentence over the page until it is dismissed or pushed out by newer ones. */
export function notice(text) {
  const place = document.getElementById("notices");
  const node = h("div", { class: "notice", role: "alert" }, h("p", {}, text), h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", click: () => node.remove() }, "×"));
  place.append(node);
  while (place.children.length > MOST) place.firstElementChild.remove();
}
