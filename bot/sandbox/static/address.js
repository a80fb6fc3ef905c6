// Which person and place the page shows is in its address, so that every view can be linked to.

/** {as, channel, thread} of the page's address; each may be "". */
export function address() {
  const query = new URLSearchParams(location.search);
  return { as: query.get("as") || "", channel: query.get("channel") || "", thread: query.get("thread") || "" };
}

/** The link to a place; parts left out are empty. */
export function hrefOf(place) {
  const set = Object.entries(place).filter(([, value]) => value);
  return `?${new URLSearchParams(set)}`;
}

/** Follows links marked data-place within the page; `enter` is called for every change of the address. */
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
