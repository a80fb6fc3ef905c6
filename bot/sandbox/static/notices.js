import { fill, h } from "./dom.js";

const MOST = 3;

/** Shows a sentence: in the open form if there is one, else over the page until it is dismissed or replaced. */
export function notice(text) {
  const trouble = document.querySelector("dialog[open] .trouble");
  if (trouble) fill(trouble, text);
  else add(text, document.getElementById("notices"));
}

function add(text, place) {
  const node = h("div", { class: "notice", role: "alert" }, h("p", {}, text), h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", click: () => node.remove() }, "×"));
  place.append(node);
  while (place.children.length > MOST) place.firstElementChild.remove();
}

/** Removes a notice whose text is now shown elsewhere on the page. */
export function unnotice(text) {
  for (const node of document.querySelectorAll("#notices .notice")) if (node.firstElementChild.textContent === text) node.remove();
}
