// Slack's rich_text blocks to DOM nodes.

import { h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { formatDate } from "./dates.js";
import { link } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

export function richText(block, names) {
  return h("div", { class: "rich" }, block.elements.map((element) => part(element, names)));
}

function part(element, names) {
  const inside = () => element.elements.map((piece) => styled(piece, names));
  if (element.type === "rich_text_list") return list(element, names);
  if (element.type === "rich_text_quote") return h("blockquote", {}, inside());
  if (element.type === "rich_text_preformatted") return h("pre", {}, inside());
  return h("p", {}, inside());
}

function list(element, names) {
  const items = element.elements.map((item) => h("li", {}, item.elements.map((piece) => styled(piece, names))));
  const node = h(element.style === "ordered" ? "ol" : "ul", {}, items);
  node.style.setProperty("--indent", String(element.indent || 0));
  return node;
}

function styled(piece, names) {
  let node = plain(piece, names);
  for (const [style, tag] of Object.entries(STYLES)) if (piece.style?.[style]) node = h(tag, {}, node);
  return node;
}

function plain(piece, names) {
  switch (piece.type) {
    case "text": return lines(piece.text);
    case "link": return link(piece.url, piece.text || piece.url);
    case "emoji": return emojiOf(piece.name) || `:${piece.name}:`;
    case "user": return h("span", { class: "mention" }, `@${names.userName(piece.user_id)}`);
    case "channel": return h("span", { class: "mention" }, `#${names.channelName(piece.channel_id)}`);
    case "usergroup": return h("span", { class: "mention ping" }, names.groupName(piece.usergroup_id));
    case "broadcast": return h("span", { class: "mention ping" }, `@${piece.range}`);
    case "date": return h("time", {}, formatDate(piece.timestamp, piece.format, names.now()));
    case "color": return h("code", {}, piece.value);
    default: return `[${piece.type}]`;
  }
}

function lines(text) {
  return h("span", { class: "lines" }, text);
}
