"""Functions that make Slack's blocks; https://docs.slack.dev/reference/block-kit has the JSON and its limits.

What people wrote goes into `rich` or plain text, where Slack parses nothing. mrkdwn is for our own texts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from string import Formatter
from typing import Any, Final

from bot.language import _
from bot.rules.fields import LONGEST_TEXT
from handlers.blockkit.text import DATE_AND_TIME, fallback_of, fit, one_line, shorten

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]
Inline = dict[str, Any] | str
"""An inline element of Slack's rich text, or a text that becomes one."""

MOST_BOXES: Final = 10
LONGEST_TITLE: Final = 150
NAMELESS: Final = _("(no name)")


def words(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    """Text within a line. Slack refuses an empty one, so `NAMELESS` replaces it."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {"type": "text", "text": text or NAMELESS} | ({"style": style} if style else {})


def bold(text: str) -> Element:
    """Bold text within a line."""
    return words(text, bold=True)


def person(user: str) -> Element:
    """A mention within a line."""
    return {"type": "user", "user_id": user}


def group(id_: str) -> Element:
    """A user group within a line."""
    return {"type": "usergroup", "usergroup_id": id_}


def channel(id_: str) -> Element:
    """A channel within a line."""
    return {"type": "channel", "channel_id": id_}


def when(at: datetime, form: str = DATE_AND_TIME) -> Element:
    """A time within a line, shown in each reader's time zone."""
    return {"type": "date", "timestamp": int(at.timestamp()), "format": form, "fallback": fallback_of(at, form)}


def link(address: str, title: str) -> Element:
    """A link within a line."""
    return {"type": "link", "url": address, "text": one_line(title) or address}


def line(*inlines: Inline) -> Element:
    """A line of a rich block."""
    return {"type": "rich_text_section", "elements": _elements(inlines)}


def filled(template: str, **values: Inline | list[Inline] | int) -> list[Inline]:
    """A translated sentence, its placeholders replaced by texts, numbers, elements or lists of these.

    Raises KeyError for a placeholder without a value, and ValueError for a value without a placeholder.
    """
    fields = list(Formatter().parse(template))
    left_over = set(values) - {name for _text, name, _spec, _conversion in fields}
    if left_over:
        raise ValueError(f"{template!r} has no place for {', '.join(sorted(left_over))}")
    found: list[Inline] = []
    for text, name, spec, _conversion in fields:
        found += [text] if text else []
        found += _inlines(values[name], spec or "") if name else []
    return found


def joined(groups: Iterable[Sequence[Inline]], by: str = ", ") -> list[Inline]:
    """The groups in one line, with `by` between them."""
    found: list[Inline] = []
    for inlines in groups:
        found += [by, *inlines] if found else inlines
    return found


def bullets(lines: Sequence[Element]) -> Element:
    """Lines as a list of a rich block."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def quote(*inlines: Inline) -> Element:
    """A quotation in a rich block."""
    return {"type": "rich_text_quote", "elements": _elements(inlines)}


def preformatted(text: str) -> Element:
    """A text to copy, line by line as it stands, in a rich block."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def rich(*lines: Element) -> Block:
    """A rich block: Slack parses nothing in it."""
    return {"type": "rich_text", "elements": list(lines)}


def paragraph(*inlines: Inline) -> Block:
    """A rich block of one line."""
    return rich(line(*inlines))


def header(text: str) -> Block:
    """A title of up to 150 characters."""
    return {"type": "header", "text": plain_text(shorten(one_line(text), LONGEST_TITLE))}


def context_block(mrkdwn: str) -> Block:
    """Small print of our own; never what people wrote."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def section(mrkdwn: str) -> Block:
    """A paragraph of our own; what people wrote has to be escaped."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def plain_text(text: str) -> Element:
    """Text in which Slack parses nothing, not even emoji."""
    return {"type": "plain_text", "text": text or NAMELESS, "emoji": False}


def actions(*buttons: Element) -> Block:
    """Buttons in a row."""
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action: str, value: str, *, primary: bool = False, confirm: Element | None = None) -> Element:
    """A button. Slack sends `value` back when it is pressed."""
    element = {"type": "button", "text": plain_text(text), "action_id": action, "value": value}
    style = {"style": "primary"} if primary else {}
    return element | style | ({"confirm": confirm} if confirm else {})


def menu(action: str, options: Sequence[Element]) -> Element:
    """A menu behind three dots, of up to five options."""
    return {"type": "overflow", "action_id": action, "options": list(options)}


def confirm(title: str, text: str, *, yes: str, no: str) -> Element:
    """A question before a button acts."""
    return {"title": plain_text(title), "text": plain_text(text), "confirm": plain_text(yes), "deny": plain_text(no)}


def field(name: str, label: str, element: Element, *, hint: str | None = None, optional: bool = False) -> Block:
    """A labelled input. `name` is the ID of both the block and its element."""
    named = element | {"action_id": name}
    block = {"type": "input", "block_id": name, "label": plain_text(label), "element": named, "optional": optional}
    return block | ({"hint": plain_text(hint)} if hint else {})


def text_input(initial: str = "", placeholder: str | None = None) -> Element:
    """A text over several lines, of up to 3,000 characters."""
    element: Element = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_TEXT}
    given = {"initial_value": fit(initial, LONGEST_TEXT)} if initial else {}
    return element | given | ({"placeholder": plain_text(placeholder)} if placeholder else {})


def line_input(most: int, initial: str = "") -> Element:
    """A text on one line, of up to `most` characters."""
    text = fit(one_line(initial), most)
    return {"type": "plain_text_input", "max_length": most} | ({"initial_value": text} if text else {})


def option(text: str, value: str, description: str | None = None) -> Element:
    """An option. Text and description are cut at 75 characters, the value never."""
    shown = {"text": plain_text(shorten(one_line(text), 75)), "value": value}
    return shown | ({"description": plain_text(shorten(one_line(description), 75))} if description else {})


def select(options: Sequence[Element], initial: Element | None = None) -> Element:
    """A menu of which one option is picked."""
    given = {"initial_option": initial} if initial else {}
    return {"type": "static_select", "options": list(options)} | given


def checkboxes(options: Sequence[Element]) -> Element:
    """Boxes to tick, up to ten."""
    return {"type": "checkboxes", "options": list(options)}


def checkboxes_or_menu(options: Sequence[Element]) -> Element:
    """Any number of up to a hundred options: boxes to tick, or a menu where there are too many for boxes."""
    return (
        checkboxes(options) if len(options) <= MOST_BOXES else {"type": "multi_static_select", "options": list(options)}
    )


def radio_buttons(options: Sequence[Element], initial: Element | None = None) -> Element:
    """Options that are all visible, of which one is picked."""
    picked = {"initial_option": initial} if initial else {}
    return {"type": "radio_buttons", "options": list(options)} | picked


def user_select(initial: str | None = None) -> Element:
    """A menu of the workspace's people."""
    return {"type": "users_select"} | ({"initial_user": initial} if initial else {})


def date_input(initial: date | None = None) -> Element:
    """A day."""
    return {"type": "datepicker"} | ({"initial_date": initial.isoformat()} if initial else {})


def datetime_input(initial: datetime) -> Element:
    """A day and a time."""
    return {"type": "datetimepicker", "initial_date_time": int(initial.timestamp())}


def form(callback: str, title: str, submit: str, blocks: Sequence[Block], metadata: str = "") -> View:
    """A view to fill in."""
    return _view(callback, title, blocks, metadata) | {"submit": plain_text(submit), "close": plain_text(_("Cancel"))}


def note(callback: str, title: str, blocks: Sequence[Block]) -> View:
    """A view to read."""
    return _view(callback, title, blocks, "") | {"close": plain_text(_("Done"))}


def _view(callback: str, title: str, blocks: Sequence[Block], metadata: str) -> View:
    named = {"type": "modal", "callback_id": callback, "title": plain_text(title)}
    return named | {"blocks": list(blocks), "private_metadata": metadata}


def _inlines(value: Inline | list[Inline] | int, spec: str) -> list[Inline]:
    return value if isinstance(value, list) else [value if isinstance(value, dict) else format(value, spec)]


def _elements(inlines: Sequence[Inline]) -> list[Element]:
    """Successive texts become one element."""
    found: list[Element] = []
    for kind, run in groupby(inlines, type):
        same = list(run)
        found += [words("".join(map(str, same)))] if kind is str else [each for each in same if isinstance(each, dict)]
    return found
