import { freshId, h } from "./dom.js";
import { plainWords, words } from "./mrkdwn.js";

/** Shows a Block Kit confirm object. True if there is none, or if the person confirms. */
export function confirmed(question, names) {
  if (!question) return Promise.resolve(true);
  return new Promise((resolve) => {
    const dialog = build(question, names);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function build(question, names) {
  const id = freshId("question");
  const kind = question.style === "danger" ? "button danger" : "button primary";
  const text = words(question.text, names);
  return h(
    "dialog", { class: "question", "aria-labelledby": id },
    h("form", { method: "dialog" },
      h("h2", { id }, plainWords(question.title)),
      h("div", { class: "text" }, text),
      h("div", { class: "foot" },
        h("button", { class: "button", value: "no" }, plainWords(question.deny)),
        h("button", { class: kind, value: "yes" }, plainWords(question.confirm)))),
  );
}
