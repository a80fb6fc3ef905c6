// The person's open modals. The topmost is shown; the others keep their values.

import { renderBlocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { clearError, showErrors } from "./fields.js";
import { plainWords } from "./mrkdwn.js";
import { restoreFocus, tellFocus } from "./focus.js";
import { Values } from "./values.js";

/**
 * The one dialog of the page. `deal` is {submit(view, values), close(view)} at the sandbox; `surfaceOf(view,
 * values)` returns what the blocks need. Returns show(stack).
 */
export function modals(dialog, deal, surfaceOf) {
  const entered = new Map();
  let shown = "";
  const top = { view: null };

  dialog.oncancel = (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    deal.close(top.view);
  };

  function show(stack) {
    for (const id of entered.keys()) if (!stack.some((view) => view.id === id)) entered.delete(id);
    const face = JSON.stringify(stack.at(-1) || null);
    if (face === shown) return;
    shown = face;
    if (stack.length) draw(stack);
    else if (dialog.open) dialog.close();
  }

  function draw(stack) {
    const view = stack.at(-1);
    const same = dialog.open && top.view?.id === view.id;
    top.view = view;
    if (!entered.has(view.id)) entered.set(view.id, new Values());
    const values = entered.get(view.id);
    values.keepOnly(view.blocks);
    const focus = same ? tellFocus(dialog) : null;
    const { form, heading } = build(view, stack.length, values, surfaceOf(view, values), deal);
    fill(dialog, form);
    if (!dialog.open) dialog.showModal();
    if (!(focus && restoreFocus(dialog, focus))) start(view, form, heading);
  }

  return show;
}

function start(view, form, heading) {
  const wanted = view.blocks.findIndex((block) => block.element?.focus_on_load);
  const field = wanted >= 0 && form.querySelector(".form-body").children[wanted].querySelector("input, textarea");
  (field || heading).focus();
}

function build(view, depth, values, surface, deal) {
  const heading = h("h2", { id: "modal-title", tabindex: "-1" }, plainWords(view.title));
  const trouble = h("p", { class: "trouble", role: "alert" });
  const close = () => deal.close(view);
  const back = depth > 1 && h("button", { type: "button", class: "quiet", "aria-label": "Back", click: close }, "‹");
  const head = h("div", { class: "form-head" }, back, heading, h("button", { type: "button", class: "quiet", "aria-label": "Close", click: close }, "×"));
  const body = h("div", { class: "form-body", tabindex: "0" }, renderBlocks(view.blocks, surface));
  const form = h("form", { novalidate: true }, head, body, trouble, foot(view, close));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, trouble, view, values, deal);
  });
  form.addEventListener("input", clearError);
  form.addEventListener("change", clearError);
  form.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && view.submit && form.requestSubmit());
  return { form, heading };
}

function foot(view, close) {
  const leave = h("button", { type: "button", class: "button", click: close }, plainWords(view.close) || (view.submit ? "Cancel" : "Close"));
  const submit = view.submit && h("button", { type: "submit", class: "button primary" }, plainWords(view.submit));
  return h("div", { class: "foot" }, leave, submit);
}

async function send(form, trouble, view, values, deal) {
  const submit = form.querySelector("[type=submit]");
  if (!submit || submit.hasAttribute("aria-busy")) return;
  fill(trouble, "");
  submit.setAttribute("aria-busy", "true");
  try {
    const done = await deal.submit(view, values);
    showErrors(form, done.errors || {});
    if (done.error) fill(trouble, done.error);
  } finally {
    submit.removeAttribute("aria-busy");
  }
}
