import { base64Of } from "./api.js";
import { fill, h } from "./dom.js";

const LARGEST = 10 * 1024 * 1024;

/** Slack's file_input: files are uploaded when chosen; its value is the sandbox's file objects. */
export function fileInput(element, { id, aria, surface, block, entered, enter, keep }) {
  const types = element.filetypes?.map((type) => `.${type}`).join(",");
  const most = element.max_files ?? 10;
  const input = h("input", { id, type: "file", class: "file-choice", multiple: most > 1, accept: types || null, "data-keep": keep, ...aria });
  const list = h("ul", { class: "files" });
  const trouble = h("p", { class: "error", role: "alert" });
  const draw = (files) => fill(list, files.map((file) => row(file, () => change(files.filter((one) => one !== file)))));
  const change = (files) => {
    enter(files);
    draw(files);
  };
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    input.value = "";
    fill(trouble, "");
    try {
      refuse(chosen, surface.values.get(block, element).length, most, element.filetypes);
      for (const file of chosen) change([...surface.values.get(block, element), await surface.upload(file.name, await base64Of(file))]);
    } catch (refusal) {
      fill(trouble, refusal.message);
    }
  });
  draw(entered);
  return h("div", { class: "drop" }, input, list, trouble);
}

function refuse(chosen, held, most, types) {
  if (held + chosen.length > most) throw new Error(most === 1 ? "Only one file fits here." : `At most ${most} files fit here.`);
  for (const { name, size } of chosen) {
    if (size > LARGEST) throw new Error(`${name} is larger than 10 MB.`);
    if (types && !types.some((type) => name.toLowerCase().endsWith(`.${type}`))) throw new Error(`${name} is not one of: ${types.join(", ")}.`);
  }
}

function row(file, remove) {
  return h("li", { class: "file" }, h("span", {}, file.name), h("button", { type: "button", "aria-label": `Remove ${file.name}`, click: remove }, "×"));
}
