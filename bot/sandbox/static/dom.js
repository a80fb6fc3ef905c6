// Data reaches the page as text nodes only; no code of the page parses markup in it.

let serial = 0;

/** An id that is unique on the page. */
export function freshId(stem) {
  serial += 1;
  return `${stem}-${serial}`;
}

/**
 * An element. Among the attributes, a function is the listener of that event, true sets an empty
 * attribute, and null, undefined or false omits it. Children may be nested arrays; strings become text.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...present(children));
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name, value);
  else node.setAttribute(name, value === true ? "" : value);
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replaces the children of `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/** A person's or an app's picture: initials on their colour. */
export function avatar(user) {
  const face = h("span", { class: user.bot ? "face face-app" : "face", "aria-hidden": "true" }, initials(user));
  if (/^[0-9a-f]{6}$/i.test(user.color)) face.style.setProperty("--face", `#${user.color}`);
  return face;
}

function initials(user) {
  const names = user.real_name.split(/\s+/).filter(Boolean);
  return names.slice(0, 2).map((name) => name[0].toUpperCase()).join("");
}

/** Calls `work` once `quiet` milliseconds have passed without another call. */
export function debounce(work, quiet) {
  let timer = null;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), quiet);
  };
}
