// A channel or direct message: its messages, the open thread beside them, and live changes in both.

import { composer } from "./composer.js";
import { debounce, fill, h } from "./dom.js";
import { Timeline } from "./timeline.js";
import { Values } from "./values.js";

const inThread = (message, ts) => message.ts === ts || message.thread_ts === ts;
const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

export class Room {
  #messages = new Map();
  #values = new Map();
  #thread = null;

  /** `channel` is an entry of the state's list; `desk` is the page's {api, world, surface(…), attempt, threadPane, onThread(ts)}. */
  constructor(channel, desk) {
    this.channel = channel;
    this.desk = desk;
    this.api = desk.api; // of whoever opened the channel, also once the page is somebody else's
    const label = channel.kind === "dm" ? `Message ${channel.name}` : `Message #${channel.name}`;
    this.timeline = new Timeline("Messages", this.#room(true), `Nothing has been said here yet. Type / to see what ${desk.world.app.name} can do.`);
    this.node = h("div", { class: "room" }, this.timeline.node, composer(label, this.#deal(null)));
    this.markRead = debounce(() => this.#fetch(), 800);
  }

  #fetch() {
    return this.desk.attempt(() => this.api.messages(this.channel.id));
  }

  /** Loads the messages. */
  async load() {
    const answer = await this.#fetch();
    if (!answer || this.api !== this.desk.api) return;
    this.#messages = new Map(answer.messages.map((message) => [message.ts, message]));
    const channel = this.desk.world.channels.find((one) => one.id === this.channel.id);
    this.#show(channel.unread);
    channel.unread = channel.notifications = 0;
  }

  /** Brings a message into view and marks it. Returns whether it is here; one in a thread opens that. */
  point(ts) {
    const message = this.#messages.get(ts);
    if (!message) return false;
    if (isReply(message)) this.desk.onThread(message.thread_ts);
    else this.timeline.point(ts);
    return true;
  }

  /** Redraws the days after the clock was moved. */
  retime() {
    this.#show(0);
  }

  #show(unread) {
    const messages = [...this.#messages.values()];
    this.timeline.show(messages.filter((message) => !isReply(message)), unread);
    this.#thread?.timeline.show(messages.filter((message) => inThread(message, this.#thread.ts)));
  }

  /** Shows a new or changed message. */
  put(message) {
    this.#messages.set(message.ts, message);
    if (!isReply(message)) this.timeline.put(message);
    if (this.#thread && inThread(message, this.#thread.ts)) this.#thread.timeline.put(message);
    this.markRead();
  }

  remove(ts) {
    this.#messages.delete(ts);
    this.timeline.remove(ts);
    this.#thread?.timeline.remove(ts);
  }

  openThread(ts) {
    if (this.#thread?.ts === ts) return;
    const timeline = new Timeline("Thread", this.#room(false), "");
    this.#thread = { ts, timeline };
    const close = h("button", { type: "button", class: "quiet", "aria-label": "Close thread", click: () => this.desk.onThread(null) }, "×");
    const heading = h("h2", { tabindex: "-1" }, "Thread");
    const head = h("header", { class: "pane-head" }, heading, close);
    fill(this.desk.threadPane, head, timeline.node, composer("Reply in thread", this.#deal(ts)));
    this.desk.threadPane.hidden = false;
    timeline.show([...this.#messages.values()].filter((message) => inThread(message, ts)));
    heading.focus();
  }

  closeThread() {
    if (!this.#thread) return;
    this.timeline.focus(this.#thread.ts);
    this.#thread = null;
    this.desk.threadPane.hidden = true;
    fill(this.desk.threadPane);
  }

  #room(withThreads) {
    const { world, api, attempt, onThread } = this.desk;
    return {
      me: world.me.id,
      user: world.user,
      names: world.names,
      appName: world.app.name,
      shortcuts: world.app.shortcuts,
      surfaceOf: (message) => this.#surface(message),
      shortcut: (message, id) => attempt(() => api.shortcut({ channel: this.channel.id, ts: message.ts, callback_id: id })),
      openThread: withThreads ? (ts) => onThread(ts) : null,
    };
  }

  #surface(message) {
    if (!this.#values.has(message.ts)) this.#values.set(message.ts, new Values());
    const values = this.#values.get(message.ts);
    values.keepOnly(message.blocks);
    return this.desk.surface({ channel: this.channel.id, ts: message.ts }, values);
  }

  #globalShortcuts() {
    const { api, world, attempt } = this.desk;
    const run = (id) => () => attempt(() => api.shortcut({ callback_id: id }));
    const global = world.app.shortcuts.filter((one) => one.everywhere);
    return global.map(({ callback_id: id, name }) => ({ command: `/${name.toLowerCase()}`, shown: name, hint: "", description: `Shortcut · ${world.app.name}`, run: run(id) }));
  }

  #deal(thread) {
    const { api, world, attempt, failure } = this.desk;
    const where = { channel: this.channel.id };
    return {
      commands: [...(thread ? [] : world.app.commands), ...this.#globalShortcuts()],
      say: (text) => failure(() => api.say({ ...where, text, thread_ts: thread || undefined })),
      run: (command, text) => {
        if (thread) return `${command} can't be used in threads.`;
        if (!world.app.commands.some((one) => one.command === command)) return `${command} is not a command that is known here.`;
        return attempt(() => api.command({ ...where, command, text })).then(() => "");
      },
    };
  }
}
