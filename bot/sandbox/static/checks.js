// What Slack's own clients check before a form is sent.

import { isEmpty } from "./values.js";

/** The problem with what was entered into an input block, in words, or undefined. */
export function problemOf(block, entered) {
  if (isEmpty(entered)) return block.optional ? undefined : "Please complete this required field.";
  return CHECKS[block.element.type]?.(entered, block.element);
}

const CHECKS = {
  plain_text_input: length,
  number_input: number,
  email_text_input: (entered) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(entered) ? undefined : "Please enter a valid e-mail address."),
  url_text_input: (entered) => (/^https?:\/\/[^\s]+$/.test(entered) ? undefined : "Please enter a valid web address, such as https://example.com."),
};

function length(entered, { min_length: least, max_length: most }) {
  if (least && entered.length < least) return `Please write at least ${least} characters.`;
  if (most && entered.length > most) return `Please write at most ${most} characters: there are ${entered.length - most} too many.`;
  return undefined;
}

function number(entered, { is_decimal_allowed: decimals, min_value: least, max_value: most }) {
  const form = decimals ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!form.test(entered)) return decimals ? "Please enter a number." : "Please enter a whole number.";
  if (least !== undefined && Number(entered) < Number(least)) return `Please enter ${least} or more.`;
  if (most !== undefined && Number(entered) > Number(most)) return `Please enter ${most} or less.`;
  return undefined;
}
