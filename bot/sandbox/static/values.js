// What has been entered on one surface: Slack's state.values, by block and by action.

const KINDS = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  radio_buttons: ["selected_option", "initial_option"],
  checkboxes: ["selected_options", "initial_options"],
  file_input: ["files", null],
};

const MANY = new Set(["selected_options", "selected_users", "files"]);

/** The field of a state value that holds what was entered, such as selected_option. */
export function keyOf(type) {
  return KINDS[type][0];
}

export function holdsValue(element) {
  return element.type in KINDS;
}

/** The values of one view or message. Values survive a redraw with the same block and action ids. */
export class Values {
  #entries = new Map();

  /** Adds an element, with its initial value unless something was entered before; returns its value. */
  adopt(block, element) {
    const place = placeOf(block, element);
    const known = this.#entries.get(place);
    if (known?.type !== element.type) this.#entries.set(place, initial(block, element));
    return this.get(block, element);
  }

  get(block, element) {
    return this.#entries.get(placeOf(block, element))?.entered;
  }

  set(block, element, entered) {
    this.#entries.get(placeOf(block, element)).entered = entered;
  }

  /** Removes the values of elements that are no longer among `blocks`. */
  keepOnly(blocks) {
    const places = new Set(blocks.flatMap((block) => elementsOf(block).map((element) => placeOf(block, element))));
    for (const place of this.#entries.keys()) if (!places.has(place)) this.#entries.delete(place);
  }

  toJSON() {
    const values = {};
    for (const { block_id, action_id, type, entered } of this.#entries.values()) {
      values[block_id] ??= {};
      values[block_id][action_id] = { type, [keyOf(type)]: entered };
    }
    return values;
  }
}

function placeOf(block, element) {
  return JSON.stringify([block.block_id, element.action_id]);
}

function initial(block, element) {
  const [key, source] = KINDS[element.type];
  const entered = (source && element[source]) ?? (MANY.has(key) ? [] : null);
  return { block_id: block.block_id, action_id: element.action_id, type: element.type, entered };
}

/** Every element of a block that may hold a value. */
export function elementsOf(block) {
  const inside = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
  return inside.filter((element) => element && holdsValue(element));
}
