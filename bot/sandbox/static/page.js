// Wires the page: who one is, where one is, and what arrives live.

import { address, follow, go, hrefOf } from "./address.js";
import { connect, Refused } from "./api.js";
import { Clock, drawClock } from "./clock.js";
import { avatar, fill, h } from "./dom.js";
import { drawer } from "./drawer.js";
import { Home } from "./home.js";
import { modals } from "./modal.js";
import { notice, unnotice } from "./notices.js";
import { drawPeople } from "./people.js";
import { drawPlaces } from "./places.js";
import { Room } from "./room.js";
import { worldOf } from "./world.js";

const at = (id) => document.getElementById(id);
const clock = new Clock();
const desk = { threadPane: at("thread"), surface, attempt, failure, onThread };
const shown = { as: null, channel: null, place: null, stop: () => {} };
const closeDrawer = drawer(at("open-drawer"), at("drawer"), at("main"), at("veil"));
const tick = drawClock(at("clock"), clock, (seconds) => attempt(() => desk.api.forward(seconds)));
const showModals = modals(at("modal"), { submit, close: (view) => attempt(() => desk.api.close({ view_id: view.id })) }, (view, values) => surface({ view_id: view.id }, values));

/** Runs a call; a refusal is shown as a notice, and undefined comes back. */
async function attempt(work) {
  try {
    return await work();
  } catch (refusal) {
    notice(reasonOf(refusal));
    return undefined;
  }
}

/** Runs a call; the words of what went wrong, or "". */
async function failure(work) {
  try {
    const answer = await work();
    return answer.ok === false ? answer.error : "";
  } catch (refusal) {
    return reasonOf(refusal);
  }
}

function reasonOf(refusal) {
  if (refusal instanceof Refused) return refusal.message;
  if (refusal instanceof TypeError) return "The sandbox can't be reached.";
  throw refusal;
}

function surface(where, values) {
  const { api, world } = desk;
  const ids = (block, element) => ({ ...where, block_id: block.block_id, action_id: element.action_id });
  return {
    names: world.names,
    values,
    people: () => [...world.users.values()].filter((user) => !user.bot),
    act: async (block, element, chosen) => {
      const error = await failure(() => api.action({ ...ids(block, element), ...chosen, values }));
      return { ok: !error, error };
    },
    options: (block, element, value) => api.options({ ...ids(block, element), value }),
    upload: (name, content) => api.upload({ name, content_base64: content }),
  };
}

async function submit(view, values) {
  try {
    return await desk.api.submit({ view_id: view.id, values });
  } catch (refusal) {
    return { ok: false, error: reasonOf(refusal) };
  }
}

async function enter() {
  const wanted = address();
  if (wanted.as !== shown.as) return become(wanted.as);
  if (wanted.channel !== shown.channel) await openPlace(wanted.channel);
  showThread(wanted.thread);
  closeDrawer();
  return undefined;
}

function become(as) {
  shown.stop();
  shown.as = as || document.body.dataset.firstPerson;
  desk.api = connect(shown.as);
  showModals([]);
  shown.stop = desk.api.listen(onEvent, (connected) => {
    at("offline").hidden = connected;
    if (connected) refresh();
  });
}

/** Loads everything as it is now: at the start, and whenever the connection was lost. */
async function refresh() {
  const state = await attempt(() => desk.api.state());
  if (!state) return;
  clock.set(state.clock);
  tick();
  desk.world = worldOf(state, () => clock.now());
  await openPlace(address().channel);
  showThread(address().thread);
  closeDrawer();
  showModals((await desk.api.views()).stack);
}

async function openPlace(wanted) {
  const { world } = desk;
  const channel = world.channels.find((one) => one.id === wanted);
  shown.channel = wanted;
  shown.place?.closeThread?.();
  const id = channel || wanted === "home" ? wanted : world.channels[0].id;
  shown.place = id === "home" ? new Home(desk) : new Room(channel || world.channels[0], desk);
  shown.id = id;
  drawAround();
  fill(at("content"), shown.place.node);
  await shown.place.load();
  drawAround();
}

function drawAround() {
  const { world } = desk;
  const { id } = shown;
  const current = world.channels.find((one) => one.id === id);
  drawPeople(at("people"), world, (as) => hrefOf({ as, channel: id }));
  drawPlaces(at("places"), world, id, (channel) => hrefOf({ as: world.me.id, channel }));
  fill(at("team"), world.team.name);
  fill(at("title"), current?.kind === "private" && h("span", { class: "sign locked" }), titleOf(current));
  fill(at("me"), avatar(world.me));
  drawTabs(id, current);
  const unread = world.channels.reduce((sum, channel) => sum + channel.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${titleOf(current)} · ${world.me.real_name} · Sandbox`;
}

function titleOf(channel) {
  if (!channel || channel.kind === "dm") return desk.world.app.name;
  return channel.kind === "channel" ? `#${channel.name}` : channel.name;
}

function drawTabs(id, current) {
  const { world } = desk;
  const messages = world.channels.find((one) => one.with === world.app.bot_user);
  const inApp = id === "home" || (current && current === messages);
  const tab = (name, channel) => h("a", { href: hrefOf({ as: world.me.id, channel }), "data-place": true, "aria-current": channel === id ? "page" : null }, name);
  fill(at("tabs"), inApp && [tab("Home", "home"), messages && tab("Messages", messages.id)]);
  at("tabs").hidden = !inApp;
}

function showThread(ts) {
  if (ts && shown.place instanceof Room) shown.place.openThread(ts);
  else shown.place?.closeThread?.();
}

function onThread(ts) {
  go(hrefOf({ as: shown.as, channel: shown.id, thread: ts }), enter);
}

const EVENTS = {
  message: arrived,
  message_changed: ({ channel, message }) => here(channel)?.put(message),
  message_deleted: ({ channel, ts }) => here(channel)?.remove(ts),
  ephemeral: arrived,
  views: ({ stack }) => showModals(stack),
  home: ({ view }) => shown.place instanceof Home && shown.place.show(view),
  clock: (moved) => {
    clock.set(moved);
    refresh();
  },
  channel: ({ channel }) => {
    if (!desk.world.channels.some((one) => one.id === channel.id)) desk.world.channels.push(channel);
    drawAround();
  },
  notice: ({ text }) => notice(text),
};

function onEvent(event) {
  if (desk.world) EVENTS[event.type]?.(event);
}

function here(channel) {
  return shown.place instanceof Room && shown.id === channel ? shown.place : null;
}

function arrived({ channel, message }) {
  const room = here(channel);
  if (message.ephemeral) unnotice(message.text);
  if (room) room.put(message);
  else if (message.user !== desk.world.me.id) {
    const place = desk.world.channels.find((one) => one.id === channel);
    if (place) place.unread += 1;
    drawAround();
  }
}

follow(enter);
setInterval(tick, 5000);
enter();
