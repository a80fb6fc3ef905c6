// Block Kit to DOM. A surface shows blocks: a message, a modal or the Home tab. It provides
// {names, now(), values, people(), act(block, element, chosen), options(…), upload(file)}.

import { control } from "./controls.js";
import { button, overflow } from "./buttons.js";
import { freshId, h } from "./dom.js";
import { inputBlock } from "./fields.js";
import { plainWords, words } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { holdsValue } from "./values.js";

const NAMES = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" }; // of those without a placeholder
const BLOCKS = { header, section, context, actions, divider, image, input: inputBlock, rich_text: rich, data_visualization: dataVisualization };

/** The blocks, in order. A block of an unknown type is shown as a sentence that says so. */
export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const render = BLOCKS[block.type] || unknown;
    const node = render(block, surface);
    node.dataset.block = block.block_id || "";
    return node;
  });
}

function header(block) {
  return h("h2", { class: "block header" }, plainWords(block.text));
}

function section(block, surface) {
  const id = freshId("section");
  const text = block.text && h("div", { class: "text", id }, words(block.text, surface.names));
  const fields = block.fields && h("div", { class: "pairs" }, block.fields.map((field) => h("div", {}, words(field, surface.names))));
  const accessory = block.accessory && h("div", { class: "accessory" }, interactive(block.accessory, block, surface, id));
  return h("div", { class: accessory ? "block section with-accessory" : "block section" }, h("div", { class: "body" }, text, fields), accessory);
}

function context(block, surface) {
  const piece = (element) => (element.type === "image" ? picture(element, "small-picture") : h("span", {}, words(element, surface.names)));
  return h("div", { class: "block context" }, block.elements.map(piece));
}

function actions(block, surface) {
  return h("div", { class: "block actions" }, block.elements.map((element) => interactive(element, block, surface, null)));
}

function interactive(element, block, surface, labelledBy) {
  if (element.type === "image") return picture(element, "accessory-picture");
  if (element.type === "button") return button(element, block, surface);
  if (element.type === "overflow") return overflow(element, block, surface);
  if (!holdsValue(element)) return unknown(element);
  const onChange = (chosen) => surface.act(block, element, chosen);
  return control(element, block, surface, { labelledBy: element.placeholder ? null : labelledBy, label: plainWords(element.placeholder) || NAMES[element.type], onChange });
}

function divider() {
  return h("hr", { class: "block" });
}

function image(block) {
  const title = block.title && h("figcaption", {}, plainWords(block.title));
  return h("figure", { class: "block" }, title, picture(block, "picture"));
}

function picture(element, kind) {
  const source = element.image_url || element.slack_file?.url || "";
  const missing = (event) => event.target.replaceWith(h("span", { class: "missing-picture", role: "img", "aria-label": element.alt_text }, element.alt_text));
  return h("img", { class: kind, src: source, alt: element.alt_text, loading: "lazy", error: missing });
}

/** A chart of bars, whatever its type: the values are what matters here. */
function dataVisualization(block) {
  const points = (block.chart.series || []).flatMap((series) => series.data).concat(block.chart.segments || []);
  const highest = Math.max(1, ...points.map((point) => point.value));
  const bar = (point) => {
    const column = h("i");
    column.style.setProperty("--share", String(Math.max(0, point.value) / highest));
    return h("div", { class: "bar" }, h("span", {}, point.value || ""), column, h("span", {}, point.label));
  };
  const words = `${block.title}: ${points.map((point) => `${point.label}: ${point.value}`).join(", ")}`;
  const bars = h("div", { class: "bars", role: "img", "aria-label": words }, points.map(bar));
  return h("figure", { class: "block" }, h("figcaption", {}, block.title), bars);
}

function rich(block, surface) {
  const node = richText(block, surface.names);
  node.classList.add("block");
  return node;
}

function unknown(block) {
  return h("p", { class: "block unknown" }, `[a ${block.type} is not shown here]`);
}
