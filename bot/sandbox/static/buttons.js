// Buttons and overflow menus, with the confirmation before a click and the warning sign after a failed one.

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { menuButton } from "./menu.js";
import { link, plainWords } from "./mrkdwn.js";

const STYLES = { primary: "button primary", danger: "button danger" };

export function button(element, block, surface) {
  const node = h("button", { type: "button", class: STYLES[element.style] || "button" }, plainWords(element.text));
  if (element.accessibility_label) node.setAttribute("aria-label", element.accessibility_label);
  const failure = h("span", { class: "failed-action", role: "alert" });
  node.dataset.keep = element.action_id;
  node.addEventListener("click", () => press(node, failure, element, block, surface));
  return h("span", { class: "button-place" }, node, failure);
}

async function press(node, failure, element, block, surface) {
  if (node.hasAttribute("aria-busy") || !(await confirmed(element.confirm, surface.names))) return;
  if (element.url) openLink(element.url);
  failure.replaceChildren();
  node.setAttribute("aria-busy", "true");
  try {
    const done = await surface.act(block, element, { value: element.value });
    if (!done.ok) failure.replaceChildren(h("span", { "aria-hidden": "true" }, "⚠ "), done.error);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function openLink(url) {
  const followed = link(url, "");
  document.body.append(followed);
  followed.click();
  followed.remove();
}

export function overflow(element, block, surface) {
  const choose = async (option) => {
    if (!(await confirmed(element.confirm, surface.names))) return;
    if (option.url) openLink(option.url);
    await surface.act(block, element, { selected_option: option });
  };
  const item = (option) => ({ text: plainWords(option.text), hint: plainWords(option.description), run: () => choose(option) });
  return menuButton({ label: "More choices", face: "⋯", items: element.options.map(item), kind: "button overflow" });
}
