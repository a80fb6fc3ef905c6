// Times in the language and time zone of the reader's browser.

const DAY = 86_400_000;

const FORMATS = {
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_long_full: { year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

function write(date, format) {
  return new Intl.DateTimeFormat("en-GB", FORMATS[format]).format(date);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** How many calendar days `date` lies after `now`, in the reader's zone. */
export function daysFrom(now, date) {
  return Math.round((midnight(date) - midnight(now)) / DAY);
}

function near(now, date) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[daysFrom(now, date)];
}

function ago(now, date) {
  const minutes = Math.round((date - now) / 60_000);
  const [unit, size] = [["day", 1440], ["hour", 60], ["minute", 1]].find(([, one]) => Math.abs(minutes) >= one) || ["minute", 1];
  return new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" }).format(Math.trunc(minutes / size), unit);
}

function token(name, now, date) {
  if (name === "ago") return ago(now, date);
  if (name === "date_num") return localFieldOf(date / 1000).slice(0, 10);
  if (name === "day_divider_pretty") return near(now, date) || dayOf(date, now);
  const [, plain, pretty] = /^(\w+?)(_pretty)?$/.exec(name);
  if (!Object.hasOwn(FORMATS, plain)) return null;
  return (pretty && near(now, date)) || write(date, plain);
}

/**
 * A `<!date^…>` with Slack's tokens filled in. Unknown tokens stay as they are. The first letter becomes a capital,
 * as at Slack even within a sentence; a word or a zero-width space before the token prevents it.
 */
export function formatDate(seconds, pattern, now) {
  const date = new Date(seconds * 1000);
  const text = pattern.replace(/\{(\w+)\}/g, (whole, name) => token(name, now, date) ?? whole);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A message's ts as a Date. */
export function dateOf(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function timeOf(date) {
  return write(date, "time");
}

/** «Today», «Yesterday» or «Friday 20 November», with the year if it is not the current one. */
export function dayOf(date, now) {
  const word = { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[daysFrom(now, date)];
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return word || new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year }).format(date);
}

/** A moment in one line: «Tue 24 Nov 2026, 16:05». */
export function momentOf(date) {
  const day = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return `${new Intl.DateTimeFormat("en-GB", day).format(date).replace(",", "")}, ${timeOf(date)}`;
}

/** 09:00 on the next day that is not a Saturday or Sunday. */
export function nextBusinessMorning(now) {
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 9);
  do morning.setDate(morning.getDate() + 1);
  while ([0, 6].includes(morning.getDay()));
  return morning;
}

const two = (number) => String(number).padStart(2, "0");

/** Seconds since 1970 as a datetime-local field writes them, and back. */
export function localFieldOf(seconds) {
  const date = new Date(seconds * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function secondsOf(localField) {
  return Math.round(new Date(localField).getTime() / 1000);
}
