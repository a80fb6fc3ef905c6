import { avatar, fill, h } from "./dom.js";

/** The faces one can be. `href(userId)` is the same place as that person. */
export function drawPeople(nav, world, href) {
  const people = [...world.users.values()].filter((user) => !user.bot);
  fill(nav, h("ul", {}, people.map((user) => h("li", {}, face(user, user.id === world.me.id, href(user.id))))));
}

function face(user, current, href) {
  const names = h("span", { class: "who" }, h("strong", {}, user.real_name), h("small", {}, user.title));
  const given = h("small", { class: "given" }, user.real_name.split(" ")[0]);
  const label = `${user.real_name}, ${user.title}`;
  const attributes = { href, "data-place": true, "aria-label": label, title: label, "aria-current": current ? "true" : null };
  return h("a", attributes, avatar(user), given, names);
}
