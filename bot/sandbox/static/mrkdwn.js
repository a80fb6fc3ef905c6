// Slack's mrkdwn to DOM nodes. Data becomes text nodes, never markup; only safe links can be opened.

import { placeOf } from "./address.js";
import { emojiOf } from "./emoji.js";
import { formatDate } from "./dates.js";
import { h } from "./dom.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };

/** `text` without Slack's three escapes. */
export function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** Names and links of a surface: {userName(id), channelName(id), groupName(id), now()}. */
export function mrkdwn(text, names) {
  const nodes = [];
  text.split(/```\n?([\s\S]+?)\n?```/).forEach((part, index) => {
    if (index % 2) nodes.push(h("pre", {}, unescape(part)));
    else nodes.push(...paragraphs(part, names));
  });
  return nodes;
}

/** A Block Kit text object as nodes. */
export function words(object, names) {
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  return h("span", { class: "lines" }, plainWords(object));
}

/** A plain_text object as a string; Slack keeps it escaped and shows it unescaped. */
export function plainWords(object) {
  return unescape(object?.text || "").replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiOf(name) || whole);
}

function paragraphs(text, names) {
  const nodes = [];
  let quoted = null;
  text.replace(/^\n|\n$/g, "").split("\n").forEach((line, index) => {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if (!quote) {
      if (index && !quoted) nodes.push(h("br"));
      quoted = null;
      nodes.push(...inline(line, names));
    } else if (quoted) quoted.append(h("br"), ...inline(quote[1], names));
    else nodes.push((quoted = h("blockquote", {}, inline(quote[1], names))));
  });
  return nodes;
}

/** One line of mrkdwn as nodes. */
export function inline(text, names) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = special(text, at, names);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function special(text, at, names) {
  const letter = text[at];
  const rest = text.slice(at);
  if (letter === "<") return angle(rest, names);
  if (letter === "`") return code(rest);
  if (letter === ":") return emoji(rest);
  if (letter in MARKS) return marked(text, at, names);
  if (letter === "h" && !/\w/.test(text[at - 1] || "")) return bareLink(rest);
  return null;
}

function angle(rest, names) {
  const match = /^<([^<>\n]+)>/.exec(rest);
  return match && { node: reference(match[1], names), length: match[0].length };
}

function code(rest) {
  const match = /^`([^`\n]+)`/.exec(rest);
  return match && { node: h("code", {}, unescape(match[1])), length: match[0].length };
}

function emoji(rest) {
  const match = /^:([a-z0-9_+-]+):/.exec(rest);
  const picture = match && emojiOf(match[1]);
  return picture && { node: picture, length: match[0].length };
}

function bareLink(rest) {
  const match = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"]/.exec(rest);
  return match && { node: link(unescape(match[0]), unescape(match[0])), length: match[0].length };
}

function marked(text, at, names) {
  const mark = text[at];
  if (/\w/.test(text[at - 1] || "") || /[\s]|^$/.test(text[at + 1] || "") || text[at + 1] === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const closes = !/\s/.test(text[end - 1]) && !/\w/.test(text[end + 1] || "");
    if (closes) return { node: h(MARKS[mark], {}, inline(text.slice(at + 1, end), names)), length: end + 1 - at };
  }
  return null;
}

function reference(inside, names) {
  const [target, label] = split(inside);
  if (target.startsWith("@")) return mention(`@${names.userName(target.slice(1))}`, "mention");
  if (target.startsWith("#")) return mention(`#${label || names.channelName(target.slice(1))}`, "mention");
  if (target.startsWith("!subteam^")) return mention(names.groupName(target.slice(9)), "mention ping");
  if (target.startsWith("!date^")) return date(target, label, names);
  if (target.startsWith("!")) return mention(`@${label || target.slice(1)}`, "mention ping");
  return link(unescape(target), label ? unescape(label) : unescape(target).replace(/^mailto:/, ""));
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

function mention(text, kind) {
  return h("span", { class: kind }, text);
}

function date(target, fallback, names) {
  const [, seconds, pattern, href] = target.split("^");
  if (!/^\d+$/.test(seconds) || !pattern) return h("span", {}, unescape(fallback));
  const text = formatDate(Number(seconds), pattern, names.now());
  return h("time", { datetime: new Date(seconds * 1000).toISOString(), title: unescape(fallback) }, href ? link(href, text) : text);
}

/** A link to http, https, mailto or tel; any other is shown as its text. One to a message stays within the page. */
export function link(href, text) {
  const place = placeOf(href);
  if (place) return h("a", { href: place, "data-place": true }, text);
  if (!/^(https?:|mailto:|tel:)/i.test(href)) return h("span", {}, text);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}
