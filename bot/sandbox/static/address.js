// The page's address holds the person and the channel that it shows, so that every view has a link.

const PERMALINK = /^https?:\/\/([^/]+)\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?(.*))?$/;

/** {as, channel, thread, ts} of the page's address; each may be "". The channel "dm" is one's own with the app. */
export function address() {
  const query = new URLSearchParams(location.search);
  const [as, channel, thread, ts] = ["as", "channel", "thread", "ts"].map((name) => query.get(name) || "");
  return { as, channel, thread, ts };
}

/** The link within the page to a message that has this address at Slack; null if it is no message's. */
export function placeOf(url) {
  const [, host, channel, seconds, micros, query] = PERMALINK.exec(url) || [];
  if (!channel || !(host === location.host || /^(.+\.)?slack\.com$/.test(host))) return null;
  const thread = new URLSearchParams(query).get("thread_ts");
  return hrefOf({ as: address().as, channel, thread, ts: seconds && `${seconds}.${micros}` });
}

/** The link to a channel; omitted parts are empty. */
export function hrefOf(place) {
  const set = Object.entries(place).filter(([, value]) => value);
  return `?${new URLSearchParams(set)}`;
}

/** Follows links with data-place without reloading the page; calls `enter` after every change of the address. */
export function follow(enter) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.getAttribute("href"), enter);
  });
  addEventListener("popstate", () => enter());
}

export function go(href, enter) {
  if (href !== location.search) history.pushState(null, "", href);
  return enter();
}
