import { avatar, fill, h } from "./dom.js";

/** The people one can act as. `href(userId)` is the link to the same channel as that person. */
export function drawPeople(nav, world, href) {
  const people = [...world.users.values()].filter((user) => !user.bot);
  fill(nav, h("ul", {}, people.map((user) => h("li", {}, face(user, user.id === world.me.id, href(user.id), world.notifications[user.id] || 0)))));
}

function face(user, current, href, notifications) {
  const [given] = user.real_name.split(" ");
  const label = `${user.real_name}, ${user.title}`;
  return h(
    "a", { href, "data-place": true, "data-keep": user.id, title: label, "aria-current": current ? "true" : null },
    avatar(user),
    waiting(notifications),
    h("small", { class: "given", "aria-hidden": "true" }, given),
    h("span", { class: "who", "aria-hidden": "true" }, h("strong", {}, user.real_name), h("small", {}, user.title)),
    h("span", { class: "unseen" }, label, notifications > 0 && `, ${inWords(notifications)}`),
  );
}

/** How many notifications wait on a phone, as a number on a bell; inWords says it. */
export function waiting(notifications) {
  return notifications > 0 && h("span", { class: "count waiting", "aria-hidden": "true" }, String(notifications));
}

export function inWords(notifications) {
  return notifications === 1 ? "1 notification" : `${notifications} notifications`;
}
