// The elements that hold a value, each as one control. `about` is {id, labelledBy, label, describedBy, required, onChange}.

import { combobox } from "./combobox.js";
import { confirmed } from "./confirm.js";
import { localFieldOf, secondsOf } from "./dates.js";
import { fileInput } from "./files.js";
import { freshId, h } from "./dom.js";
import { plainWords, words } from "./mrkdwn.js";
import { keyOf } from "./values.js";
import { peopleChoices, remoteChoices, staticChoices } from "./choices.js";

const CONTROLS = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  static_select: (element, tools) => select(element, tools, staticChoices(element), false),
  multi_static_select: (element, tools) => select(element, tools, staticChoices(element), true),
  external_select: (element, tools) => select(element, tools, remoteChoices(element, tools), false),
  users_select: (element, tools) => select(element, tools, peopleChoices(tools.surface), false),
  multi_users_select: (element, tools) => select(element, tools, peopleChoices(tools.surface), true),
  datepicker: (element, tools) => moment(element, tools, "date"),
  timepicker: (element, tools) => moment(element, tools, "time"),
  datetimepicker: (element, tools) => moment(element, tools, "datetime-local", localFieldOf, secondsOf),
  radio_buttons: (element, tools) => ticks(element, tools, "radio"),
  checkboxes: (element, tools) => ticks(element, tools, "checkbox"),
  file_input: fileInput,
};

/** One control. Entered values go into surface.values and, if given, to about.onChange as Slack's action field. */
export function control(element, block, surface, about) {
  const entered = surface.values.adopt(block, element);
  const enter = async (value) => {
    if (element.confirm && !(await confirmed(element.confirm, surface.names))) return;
    surface.values.set(block, element, value);
    about.onChange?.({ [keyOf(element.type)]: value });
  };
  const id = about.id || freshId("control");
  const tools = { ...about, id, block, surface, entered, enter, aria: aria(about), keep: element.action_id };
  return CONTROLS[element.type](element, tools);
}

function aria(about) {
  return {
    "aria-label": about.labelledBy ? null : about.label || null,
    "aria-labelledby": about.labelledBy,
    "aria-describedby": about.describedBy,
    "aria-required": about.required ? "true" : null,
  };
}

const FIELD_TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text" };

function text(element, tools) {
  const { id, aria: named, entered, enter, keep } = tools;
  const whole = { id, class: "control", placeholder: plainWords(element.placeholder) || null, "data-keep": keep, ...named };
  const node = element.multiline
    ? h("textarea", { ...whole, rows: "5" })
    : h("input", { ...whole, type: FIELD_TYPES[element.type] || "text", inputmode: element.type === "number_input" ? "decimal" : null, autocomplete: "off" });
  node.value = entered ?? "";
  node.addEventListener("input", () => tools.surface.values.set(tools.block, element, node.value || null));
  if (tools.onChange) node.addEventListener("change", () => enter(node.value || null));
  return node;
}

function moment(element, { id, aria: named, entered, enter, keep }, type, write = String, read = String) {
  const node = h("input", { id, type, class: "control moment", "data-keep": keep, ...named });
  if (entered !== null) node.value = write(entered);
  node.addEventListener("change", () => enter(node.value ? read(node.value) : null));
  return node;
}

function ticks(element, { aria: named, entered, enter, keep, inGroup, surface }, type) {
  const many = type === "checkbox";
  const chosen = new Set((many ? entered : [entered]).filter(Boolean).map((option) => option.value));
  const name = freshId("ticks");
  const change = (option, on) => {
    if (!many) return enter(option);
    if (on) chosen.add(option.value);
    else chosen.delete(option.value);
    return enter(element.options.filter((each) => chosen.has(each.value)));
  };
  const tick = (option) => {
    const hint = option.description && h("small", { class: "lines" }, words(option.description, surface.names));
    const box = h("input", { type, name, value: option.value, "data-keep": `${keep}/${option.value}`, change: (event) => change(option, event.target.checked) });
    box.checked = chosen.has(option.value);
    return h("label", { class: "tick" }, box, h("span", {}, words(option.text, surface.names), hint));
  };
  const role = inGroup ? {} : { role: many ? "group" : "radiogroup", ...named };
  return h("div", { class: "ticks", ...role }, element.options.map(tick));
}

function select(element, tools, load, many) {
  const chosen = many ? tools.entered : [tools.entered].filter((one) => one !== null);
  return combobox({
    ...tools,
    many,
    load: load.find,
    waits: load.waits,
    chosen: chosen.map(load.describe),
    most: element.max_selected_items,
    placeholder: plainWords(element.placeholder) || null,
    enter: (choices) => tools.enter(many ? choices.map((one) => one.raw) : (choices[0]?.raw ?? null)),
  });
}
