// Keeps the focus while the page is redrawn.

/** Where the focus is within `root`, in a form that survives a redraw. */
export function tellFocus(root) {
  const node = document.activeElement;
  if (!root.contains(node) || !node.dataset.keep) return null;
  return { keep: node.dataset.keep, block: blockOf(node), start: selection(node, "selectionStart"), end: selection(node, "selectionEnd") };
}

function blockOf(node) {
  return node.closest("[data-block]")?.dataset.block;
}

function selection(node, side) {
  return node.matches("textarea, input[type=text], input[type=url]") ? node[side] : null;
}

/** Restores the focus; false if the element is gone. */
export function restoreFocus(root, { keep, block, start, end }) {
  const alike = [...root.querySelectorAll("[data-keep]")].filter((each) => each.dataset.keep === keep);
  const node = alike.find((each) => blockOf(each) === block) || alike[0]; // a block without an id of its own gets a new one
  if (!node) return false;
  node.focus();
  if (start !== null) node.setSelectionRange(start, end);
  return true;
}
