import { avatar, fill, h } from "./dom.js";

/** The faces one can be. `href(userId)` is the same place as that person. */
export function drawPeople(nav, world, href) {
  const people = [...world.users.values()].filter((user) => !user.bot);
  fill(nav, h("ul", {}, people.map((user) => h("li", {}, face(user, user.id === world.me.id, href(user.id))))));
}

function face(user, current, href) {
  const mark = (user.outsider && "from outside") || (user.guest && "guest");
  const role = [user.title, mark && !user.title.toLowerCase().includes(mark) && mark].filter(Boolean).join(", ");
  const names = h("span", { class: "who" }, h("strong", {}, user.real_name), h("small", {}, role));
  const attributes = { href, "data-place": true, "aria-label": `${user.real_name}, ${role}`, title: `${user.real_name}, ${role}`, "aria-current": current ? "true" : null };
  return h("a", attributes, avatar(user), names);
}
