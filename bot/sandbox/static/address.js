// The page's address holds the person and the channel that it shows, so that every view has a link.

/** {as, channel, thread} of the page's address; each may be "". */
export function address() {
  const query = new URLSearchParams(location.search);
  return { as: query.get("as") || "", channel: query.get("channel") || "", thread: query.get("thread") || "" };
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
  enter();
}
