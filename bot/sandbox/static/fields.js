// A modal's input block: label, control, hint and error.

import { control } from "./controls.js";
import { fill, freshId, h } from "./dom.js";
import { plainWords } from "./mrkdwn.js";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

export function inputBlock(block, surface) {
  const ids = { id: freshId("field"), hint: freshId("hint"), error: freshId("error"), label: freshId("label") };
  const inGroup = GROUPS.has(block.element.type);
  const onChange = block.dispatch_action ? (chosen) => surface.act(block, block.element, chosen) : null;
  const node = control(block.element, block, surface, { id: ids.id, describedBy: `${ids.hint} ${ids.error}`, required: !block.optional, onChange, inGroup });
  const parts = [label(block, ids, inGroup), hint(block, ids), node, h("p", { class: "error", id: ids.error, role: "alert" })];
  const outer = inGroup ? h("fieldset", { "aria-describedby": `${ids.hint} ${ids.error}` }, parts) : h("div", {}, parts);
  outer.classList.add("block", "field");
  return outer;
}

function label(block, ids, inGroup) {
  const optional = block.optional && h("span", { class: "optional" }, " (optional)");
  return inGroup ? h("legend", {}, plainWords(block.label), optional) : h("label", { for: ids.id, id: ids.label }, plainWords(block.label), optional);
}

function hint(block, ids) {
  return h("p", { class: "hint", id: ids.hint }, plainWords(block.hint));
}

/** Removes the error of the field that `event` came from, since the person is changing it. */
export function clearError(event) {
  const field = event.target.closest(".field.wrong");
  if (!field) return;
  field.classList.remove("wrong");
  fill(field.querySelector(":scope > .error"));
  field.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
}

/** Shows `errors`, by block id, beside their fields in `form`, removes all others, and focuses the first. */
export function showErrors(form, errors) {
  let first = null;
  for (const field of form.querySelectorAll(".field")) {
    const error = errors[field.dataset.block];
    fill(field.querySelector(":scope > .error"), error);
    field.classList.toggle("wrong", Boolean(error));
    const entry = field.querySelector("input, textarea");
    if (error) entry?.setAttribute("aria-invalid", "true");
    else entry?.removeAttribute("aria-invalid");
    if (error) first ??= entry;
  }
  first?.focus();
  first?.closest(".field").scrollIntoView({ block: "nearest" });
}
