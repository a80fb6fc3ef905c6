// What surrounds the open channel: people, channels, title and tabs.

import { avatar, fill, h } from "./dom.js";
import { drawPeople, inWords, waiting } from "./people.js";
import { drawPlaces } from "./places.js";
import { hrefOf } from "./address.js";
import { restoreFocus, tellFocus } from "./focus.js";

const at = (id) => document.getElementById(id);

/** Redraws all of it. The open place is a channel's id or "home"; `wanted` is where the same link leads others. */
export function drawAround(world, id, wanted) {
  const channel = world.channels.find((one) => one.id === id);
  const focus = tellFocus(at("drawer"));
  drawPeople(at("people"), world, (as) => hrefOf({ as, channel: wanted }));
  drawPlaces(at("places"), world, id, (place) => hrefOf({ as: world.me.id, channel: place }));
  if (focus) restoreFocus(at("drawer"), focus);
  drawTabs(world, id);
  fill(at("team"), world.team.name);
  fill(at("title"), channel?.kind === "private" && h("span", { class: "sign locked" }), titleOf(world, channel));
  fill(at("me"), avatar(world.me));
  drawOpener(world.notifications[world.me.id] || 0);
  const unread = world.channels.reduce((sum, one) => sum + one.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${titleOf(world, channel)} · ${world.me.real_name} · Sandbox`;
}

function drawOpener(notifications) {
  fill(at("open-drawer"), "☰", waiting(notifications));
  at("open-drawer").setAttribute("aria-label", `People, clock and channels${notifications ? `, ${inWords(notifications)}` : ""}`);
}

function titleOf(world, channel) {
  if (!channel || channel.kind === "dm") return world.app.name;
  return channel.kind === "channel" ? `#${channel.name}` : channel.name;
}

function drawTabs(world, id) {
  const messages = world.channels.find((one) => one.with === world.app.bot_user);
  const inApp = id === "home" || id === messages?.id;
  const tab = (name, channel) => h("a", { href: hrefOf({ as: world.me.id, channel }), "data-place": true, "aria-current": channel === id ? "page" : null }, name);
  fill(at("tabs"), inApp && [tab("Home", "home"), messages && tab("Messages", messages.id)]);
  at("tabs").hidden = !inApp;
}
