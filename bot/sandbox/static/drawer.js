// On a phone, the people, the clock and the list of channels are in a drawer.

/** Lets `opener` open the drawer; Esc, the overlay and the returned `close()` close it. */
export function drawer(opener, panel, rest, veil) {
  const set = (open) => {
    document.body.classList.toggle("drawer-open", open);
    opener.setAttribute("aria-expanded", String(open));
    rest.inert = open;
    veil.hidden = !open;
  };
  const close = () => {
    if (!document.body.classList.contains("drawer-open")) return;
    set(false);
    opener.focus();
  };
  opener.addEventListener("click", () => {
    set(true);
    (panel.querySelector("[aria-current=page]") || panel.querySelector("a")).focus();
  });
  veil.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  return close;
}
