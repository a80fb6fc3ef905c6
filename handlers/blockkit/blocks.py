"""Slack's blocks, as small as this product needs them.

What people wrote goes into `rich` and plain text, where nothing is parsed; mrkdwn is for our own words.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from string import Formatter
from typing import Any, Final

from bot.language import _
from handlers.blockkit.text import DATE_AND_TIME, fallback_of, fit, one_line, shorten

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]
TextPiece = dict[str, Any] | str

LONGEST_TEXT: Final = 3_000
MOST_BOXES: Final = 10
NAMELESS: Final = _("(no name)")


def words(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    """Text within a line, shown as it is. An empty one is named, since Slack refuses it."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {"type": "text", "text": text or NAMELESS} | ({"style": style} if style else {})


def strong(text: str) -> Element:
    """Bold text within a line."""
    return words(text, bold=True)


def person(user: str) -> Element:
    """Somebody within a line."""
    return {"type": "user", "user_id": user}


def group(id_: str) -> Element:
    """A user group within a line."""
    return {"type": "usergroup", "usergroup_id": id_}


def channel(id_: str) -> Element:
    """A channel within a line."""
    return {"type": "channel", "channel_id": id_}


def when(at: datetime, form: str = DATE_AND_TIME) -> Element:
    """A time within a line, in every reader's own zone."""
    return {"type": "date", "timestamp": int(at.timestamp()), "format": form, "fallback": fallback_of(at, form)}


def link(address: str, title: str) -> Element:
    """A link within a line."""
    return {"type": "link", "url": address, "text": one_line(title) or address}


def line(*parts: TextPiece) -> Element:
    """A line of a rich block."""
    return {"type": "rich_text_section", "elements": _elements(parts)}


def filled(template: str, **parts: TextPiece | list[TextPiece] | int) -> list[TextPiece]:
    """A sentence of ours as a translator has it, whole, with its places filled by texts, numbers, elements or several.

    Raises KeyError where a place has nothing to fill it, and ValueError where `parts` has more than there are places.
    """
    pieces = list(Formatter().parse(template))
    left_over = set(parts) - {name for _text, name, _spec, _how in pieces}
    if left_over:
        raise ValueError(f"{template!r} has no place for {', '.join(sorted(left_over))}")
    found: list[TextPiece] = []
    for text, name, spec, _how in pieces:
        found += [text] if text else []
        found += _spelt(parts[name], spec or "") if name else []
    return found


def joined(groups: Iterable[Sequence[TextPiece]], by: str = ", ") -> list[TextPiece]:
    """Several things within a line, with `by` between them."""
    parts: list[TextPiece] = []
    for group in groups:
        parts += [by, *group] if parts else group
    return parts


def bullets(lines: Sequence[Element]) -> Element:
    """Lines as a list of a rich block."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def quote(*parts: TextPiece) -> Element:
    """Somebody's own words in a rich block."""
    return {"type": "rich_text_quote", "elements": _elements(parts)}


def typed_out(text: str) -> Element:
    """A text to copy, line by line as it stands, in a rich block."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def rich(*lines: Element) -> Block:
    """A paragraph in which nothing is parsed."""
    return {"type": "rich_text", "elements": list(lines)}


def paragraph(*parts: TextPiece) -> Block:
    """A paragraph of one line."""
    return rich(line(*parts))


def header(text: str) -> Block:
    """A title of up to 150 characters."""
    return {"type": "header", "text": plain(shorten(one_line(text), 150))}


def context(mrkdwn: str) -> Block:
    """Small print in our own words; what people wrote does not belong here."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def section(mrkdwn: str) -> Block:
    """A paragraph in our own words; what people wrote only escaped."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def plain(text: str) -> Element:
    """Text that Slack does not parse, colons of emoji included."""
    return {"type": "plain_text", "text": text or NAMELESS, "emoji": False}


def actions(*buttons: Element) -> Block:
    """Buttons in a row."""
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action: str, value: str, *, primary: bool = False, confirm: Element | None = None) -> Element:
    """A button; `value` is all that it tells us when pressed."""
    element = {"type": "button", "text": plain(text), "action_id": action, "value": value}
    style = {"style": "primary"} if primary else {}
    return element | style | ({"confirm": confirm} if confirm else {})


def menu(action: str, options: Sequence[Element]) -> Element:
    """A menu behind three dots, of up to five options, for what is asked for rarely."""
    return {"type": "overflow", "action_id": action, "options": list(options)}


def confirm(title: str, text: str, *, yes: str, no: str) -> Element:
    """A question before a button acts."""
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def field(name: str, label: str, element: Element, *, hint: str | None = None, optional: bool = False) -> Block:
    """A labelled input. Its block and its element go by the same name."""
    named = element | {"action_id": name}
    block = {"type": "input", "block_id": name, "label": plain(label), "element": named, "optional": optional}
    return block | ({"hint": plain(hint)} if hint else {})


def text_input(initial: str = "", placeholder: str | None = None) -> Element:
    """A text over several lines, of up to 3,000 characters."""
    element: Element = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_TEXT}
    given = {"initial_value": fit(initial, LONGEST_TEXT)} if initial else {}
    return element | given | ({"placeholder": plain(placeholder)} if placeholder else {})


def line_input(most: int, initial: str = "") -> Element:
    """A text on one line, of up to `most` characters."""
    text = fit(one_line(initial), most)
    return {"type": "plain_text_input", "max_length": most} | ({"initial_value": text} if text else {})


def option(text: str, value: str, description: str | None = None) -> Element:
    """Something to pick. Text and description are cut at 75 characters; the value is whole."""
    shown = {"text": plain(shorten(one_line(text), 75)), "value": value}
    return shown | ({"description": plain(shorten(one_line(description), 75))} if description else {})


def one_of(options: Sequence[Element], initial: Element | None = None) -> Element:
    """A menu of which one is picked."""
    given = {"initial_option": initial} if initial else {}
    return {"type": "static_select", "options": list(options)} | given


def some_of(options: Sequence[Element]) -> Element:
    """Boxes to tick, up to ten."""
    return {"type": "checkboxes", "options": list(options)}


def several(options: Sequence[Element]) -> Element:
    """Any number of up to a hundred options: boxes to tick, or a menu where there are too many for boxes."""
    return some_of(options) if len(options) <= MOST_BOXES else {"type": "multi_static_select", "options": list(options)}


def radio(options: Sequence[Element]) -> Element:
    """A few options, all in sight, of which one is picked."""
    return {"type": "radio_buttons", "options": list(options)}


def somebody(initial: str | None = None) -> Element:
    """A colleague."""
    return {"type": "users_select"} | ({"initial_user": initial} if initial else {})


def day_input(initial: date | None = None) -> Element:
    """A day."""
    return {"type": "datepicker"} | ({"initial_date": initial.isoformat()} if initial else {})


def moment_input(initial: datetime) -> Element:
    """A day and a time."""
    return {"type": "datetimepicker", "initial_date_time": int(initial.timestamp())}


def form(callback: str, title: str, submit: str, blocks: Sequence[Block], metadata: str = "") -> View:
    """A view to fill in."""
    return _view(callback, title, blocks, metadata) | {"submit": plain(submit), "close": plain(_("Cancel"))}


def note(callback: str, title: str, blocks: Sequence[Block]) -> View:
    """A view to read."""
    return _view(callback, title, blocks, "") | {"close": plain(_("Done"))}


def weight(blocks: Sequence[Block]) -> int:
    """How much blocks weigh on the wire, in bytes."""
    return len(json.dumps(list(blocks)).encode())


def _view(callback: str, title: str, blocks: Sequence[Block], metadata: str) -> View:
    named = {"type": "modal", "callback_id": callback, "title": plain(title)}
    return named | {"blocks": list(blocks), "private_metadata": metadata}


def _spelt(part: TextPiece | list[TextPiece] | int, spec: str) -> list[TextPiece]:
    return part if isinstance(part, list) else [part if isinstance(part, dict) else format(part, spec)]


def _elements(parts: Sequence[TextPiece]) -> list[Element]:
    """The parts as elements; texts that follow one another are one."""
    found: list[Element] = []
    for kind, run in groupby(parts, type):
        same = list(run)
        found += [words("".join(map(str, same)))] if kind is str else [part for part in same if isinstance(part, dict)]
    return found
