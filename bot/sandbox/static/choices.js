// What a select offers: groups of choices {key, text, hint, raw}, where raw is what Slack sends for it.

import { plainWords } from "./mrkdwn.js";

function choice(option) {
  return { key: option.value, text: plainWords(option.text), hint: plainWords(option.description), raw: option };
}

function grouped({ options, option_groups: groups }) {
  if (groups) return groups.map((group) => ({ label: plainWords(group.label), choices: group.options.map(choice) }));
  return [{ label: "", choices: (options || []).map(choice) }];
}

function matching(groups, query) {
  const wanted = query.trim().toLowerCase();
  const fits = ({ text, hint }) => `${text} ${hint}`.toLowerCase().includes(wanted);
  return groups.map(({ label, choices }) => ({ label, choices: choices.filter(fits) })).filter((group) => group.choices.length);
}

export function staticChoices(element) {
  return { describe: choice, waits: 0, find: async (query) => matching(grouped(element), query) };
}

/** Options that the app suggests while somebody types. */
export function remoteChoices(element, { block, surface }) {
  const least = element.min_query_length ?? 3;
  const find = async (query) => {
    const missing = least - query.trim().length;
    if (missing > 0) return `Type ${missing} more ${missing === 1 ? "letter" : "letters"}`;
    return grouped(await surface.options(block, element, query));
  };
  return { describe: choice, waits: 250, find };
}

export function peopleChoices(surface) {
  const person = (user) => ({ key: user.id, text: user.real_name, hint: user.title, raw: user.id });
  const find = async (query) => matching([{ label: "", choices: surface.people().map(person) }], query);
  return { describe: (id) => person(surface.people().find((user) => user.id === id) || { id, real_name: id, title: "" }), waits: 0, find };
}
