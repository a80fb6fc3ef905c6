// The list of channels, direct messages and apps.

import { avatar, fill, h } from "./dom.js";
import { inWords } from "./people.js";

/** Draws the list. `href(channelId)` is a channel's link; `current` is the open one. */
export function drawPlaces(nav, world, current, href) {
  const { app } = world;
  const withApp = (channel) => channel.with === app.bot_user;
  const rooms = world.channels.filter((channel) => channel.kind !== "dm");
  const direct = world.channels.filter((channel) => channel.kind === "dm" && !withApp(channel));
  const appChannel = world.channels.find(withApp);
  const inApp = current === "home" || (appChannel && current === appChannel.id);
  fill(
    nav,
    group("Channels", rooms.map((channel) => place(sign(channel), channel.name, channel, channel.id === current, href(channel.id)))),
    direct.length > 0 && group("Direct messages", direct.map((channel) => place(avatar(world.user(channel.with)), channel.name, channel, channel.id === current, href(channel.id)))),
    group("Apps", [place(avatar(world.user(app.bot_user)), app.name, appChannel, inApp, href(appChannel?.unread ? appChannel.id : "home"))]),
  );
}

function group(title, rows) {
  return h("section", {}, h("h2", {}, title), h("ul", {}, rows.map((row) => h("li", {}, row))));
}

function sign(channel) {
  return h("span", { class: channel.kind === "private" ? "sign locked" : "sign", "aria-hidden": "true" }, channel.kind === "private" ? "" : "#");
}

function place(picture, name, channel, current, href) {
  const unread = channel?.unread || 0;
  const rings = channel?.notifications > 0;
  const said = rings ? ` unread, ${inWords(channel.notifications)}` : " unread";
  const count = unread > 0 && h("span", { class: rings ? "count waiting" : "count" }, String(unread), h("span", { class: "unseen" }, said));
  const attributes = { href, "data-place": true, "data-keep": channel?.id || name, class: unread > 0 ? "place has-unread" : "place", "aria-current": current ? "page" : null };
  return h("a", attributes, picture, h("span", { class: "name" }, name), count);
}
