// One message: author, time, content and actions.

import { renderBlocks } from "./blocks.js";
import { avatar, h } from "./dom.js";
import { dateOf, dayOf, momentOf, timeOf } from "./dates.js";
import { emojiOf } from "./emoji.js";
import { menuButton } from "./menu.js";
import { link, mrkdwn } from "./mrkdwn.js";

const RULE = "As Slack is set at first, direct messages, mentions and replies in threads that one follows do; an edit never does.";

/**
 * A message as an article. `room` provides {user(id), names, surfaceOf(message), shortcuts, shortcut(message, id),
 * openThread(ts)}; without openThread, as within a thread, there is no link to the thread.
 */
export function messageNode(message, room) {
  const user = room.user(message.user);
  const when = dateOf(message.ts);
  const article = h(
    "article", { class: kindOf(message), "aria-label": `${user.real_name}, ${dayOf(when, room.names.now())} ${timeOf(when)}` },
    avatar(user),
    h("div", { class: "said" }, byline(message, user, when, room), content(message, room), attached(message), reactions(message), replies(message, room)),
    tools(message, room),
  );
  article.dataset.ts = message.ts;
  return article;
}

function kindOf(message) {
  return message.ephemeral ? "message ephemeral" : "message";
}

function byline(message, user, when, room) {
  return h(
    "header", { class: "byline" },
    h("strong", {}, user.real_name),
    user.bot && h("span", { class: "badge" }, "App"),
    h("time", { datetime: when.toISOString(), title: momentOf(when) }, timeOf(when)),
    message.user !== room.me && bell(message.notifies.includes(room.me), "message"),
    message.edited && h("span", { class: "faint" }, "(edited) ", message.user !== room.me && bell(false, "edit")),
    message.ephemeral && h("span", { class: "only-you" }, "Only visible to you"),
  );
}

/** Whether this notifies one's phone, in words where it does. */
function bell(rings, what) {
  const said = rings ? "Notifies you" : `This ${what} does not notify you`;
  return h("span", { class: rings ? "bell rings" : "bell", title: `${said}. ${RULE}` }, h("span", { class: rings ? null : "unseen" }, said));
}

function content(message, room) {
  if (!message.blocks.length) return h("div", { class: "text" }, mrkdwn(message.text, room.names));
  const typed = message.blocks.every((block) => block.type === "rich_text");
  return h("div", { class: typed ? "text" : "card" }, renderBlocks(message.blocks, room.surfaceOf(message)));
}

function attached(message) {
  const one = (file) => (file.mode === "tombstone" ? h("p", { class: "faint" }, "This file was deleted.") : file.mimetype.startsWith("image/")
    ? h("figure", {}, h("img", { class: "picture", src: file.url_private, alt: file.alt_txt || file.title }), h("figcaption", {}, file.title))
    : h("p", { class: "file" }, link(file.url_private, file.title)));
  return message.files.map(one);
}

function reactions(message) {
  const one = ({ name, count }) => h("span", { class: "reaction" }, emojiOf(name) || `:${name}:`, ` ${count}`);
  return message.reactions.length > 0 && h("p", { class: "reactions" }, message.reactions.map(one));
}

function replies(message, room) {
  const count = message.reply_count;
  if (!count || !room.openThread) return null;
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return h("button", { type: "button", class: "replies", click: () => room.openThread(message.ts) }, words, h("span", { class: "faint" }, " · open the thread"));
}

function tools(message, room) {
  if (message.ephemeral) return null;
  const reply = room.openThread && { text: "Reply in thread", run: () => room.openThread(message.thread_ts || message.ts) };
  const shortcuts = room.shortcuts.filter((one) => !one.everywhere).map(({ callback_id: id, name }) => ({ text: name, hint: room.appName, run: () => room.shortcut(message, id) }));
  return menuButton({ label: "More actions", face: "⋯", items: [reply, ...shortcuts].filter(Boolean), kind: "quiet more" });
}
