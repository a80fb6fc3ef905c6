// Puts the page together: the person, the open channel, and live events.

import { address, follow, go, hrefOf } from "./address.js";
import { connect, Refused } from "./api.js";
import { drawAround } from "./around.js";
import { Clock, drawClock } from "./clock.js";
import { fill } from "./dom.js";
import { drawer } from "./drawer.js";
import { Home } from "./home.js";
import { modals } from "./modal.js";
import { notice, unnotice } from "./notices.js";
import { Room } from "./room.js";
import { Tour } from "./tour.js";
import { worldOf } from "./world.js";

const at = (id) => document.getElementById(id);
const clock = new Clock();
const desk = { threadPane: at("thread"), surface, attempt, failure, onThread };
const shown = { as: null, channel: null, id: null, place: null, ts: "", stop: () => {}, ready: () => {} };
const closeDrawer = drawer(at("open-drawer"), at("drawer"), at("main"), at("veil"));
const tick = drawClock(at("clock"), clock, (seconds) => attempt(() => desk.api.forward(seconds)));
const tour = new Tour(at("tour"), desk, clock, (place) => go(hrefOf(place), enter));
const showModals = modals(at("modal"), { submit, close: (view) => attempt(() => desk.api.close({ view_id: view.id })) }, (view, values) => surface({ view_id: view.id }, values));

/** Runs a call; shows a refusal as a notice and returns undefined. */
async function attempt(work) {
  try {
    return await work();
  } catch (refusal) {
    notice(reasonOf(refusal));
    return undefined;
  }
}

/** Runs a call; returns the error as text, or "". */
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
  if (refusal instanceof TypeError) return "The sandbox can't be reached."; // thrown by fetch
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
  if (shown.as === null || (wanted.as && wanted.as !== shown.as)) return become(wanted.as);
  if (!desk.world) return undefined; // once it is loaded, what the address says then is shown
  if (wanted.channel !== shown.channel) await openPlace(wanted.channel);
  if (desk.world) arrive(wanted);
  return undefined;
}

/** Shows the thread and the message of the address. */
function arrive({ thread, ts }) {
  showThread(thread);
  closeDrawer();
  if (ts && ts !== shown.ts && !(shown.place instanceof Room && shown.place.point(ts))) notice(`${desk.world.me.real_name} cannot see that message here.`);
  shown.ts = ts;
  tour.draw();
}

function become(as) {
  shown.as = as || document.body.dataset.firstPerson;
  shown.place = null;
  desk.world = null;
  at("main").setAttribute("aria-busy", "true");
  desk.api = connect(shown.as);
  showModals([]);
  listen();
  return new Promise((ready) => (shown.ready = ready));
}

function listen() {
  shown.stop();
  shown.stop = desk.api.listen(onEvent, (connected) => {
    at("offline").hidden = connected;
    if (connected) refresh();
  });
}

/** Loads the current state: at the start, and after the connection was lost. Text being written is kept. */
async function refresh() {
  const { api } = desk;
  const state = await attempt(() => api.state());
  if (!state || api !== desk.api) return; // somebody else since
  clock.set(state.clock);
  tick();
  desk.world = worldOf(state, () => clock.now());
  if (shown.place && address().channel === shown.channel) await reload();
  else await openPlace(address().channel);
  tour.show(state.tour);
  at("clock").inert = tour.telling;
  if (api !== desk.api) return;
  arrive(address());
  const open = await attempt(() => api.views());
  if (api !== desk.api) return;
  if (open) showModals(open.stack);
  at("main").setAttribute("aria-busy", "false");
  shown.ready();
  begin();
}

/** On the page's first sight of the story, when it is told: shows where it begins. */
function begin() {
  if (shown.begun || tour.telling || at("modal").open) return;
  shown.begun = true;
  if (!address().ts) tour.begin(address());
}

async function openPlace(wanted) {
  const { channels } = desk.world;
  const withApp = channels.find((one) => one.with === desk.world.app.bot_user);
  const channel = channels.find((one) => one.id === wanted) || (wanted.startsWith("D") || wanted === "dm" ? withApp : channels[0]);
  shown.place?.closeThread?.();
  shown.channel = wanted;
  shown.id = wanted === "home" ? "home" : channel.id;
  shown.place = shown.id === "home" ? new Home(desk) : new Room(channel, desk);
  fill(at("content"), shown.place.node);
  await reload();
}

async function reload() {
  around();
  await shown.place.load();
  around();
}

/** What another person's link leads to is the same place, or their own direct messages with the app. */
function around() {
  if (desk.world) drawAround(desk.world, shown.id, shown.id.startsWith("D") ? "dm" : shown.channel || shown.id);
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
  notifications: ({ counts }) => {
    desk.world.notifications = counts;
    around();
  },
  home: ({ view }) => shown.place instanceof Home && shown.place.show(view),
  clock: (moved) => {
    clock.set(moved);
    tick();
    shown.place.retime();
  },
  channel: ({ channel }) => {
    if (!desk.world.channels.some((one) => one.id === channel.id)) desk.world.channels.push(channel);
    around();
  },
  tour: (event) => {
    tour.show(event.tour);
    at("clock").inert = tour.telling;
    begin();
  },
  notice: ({ text }) => notice(text),
};

function onEvent(event) {
  if (desk.world && shown.place) EVENTS[event.type]?.(event);
}

function here(channel) {
  return shown.id === channel && shown.place instanceof Room ? shown.place : null;
}

function arrived({ channel, message }) {
  const room = here(channel);
  if (message.ephemeral) unnotice(message.text);
  if (room) room.put(message);
  else if (message.user !== desk.world.me.id) {
    const place = desk.world.channels.find((one) => one.id === channel);
    if (place) place.unread += 1;
    if (place && message.notifies.includes(desk.world.me.id)) place.notifications += 1;
    around();
  }
}

at("thread").addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && onThread(null));
follow(enter);
setInterval(tick, 5000);
enter();
// A browser allows six connections to one host, and each open stream is one, so hidden tabs close theirs.
document.addEventListener("visibilitychange", () => (document.hidden ? shown.stop() : listen()));
