"""The form in which a rep reports a customer. What matters comes first, the little that is optional last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.language import _, ngettext
from bot.rules.backup import Begun
from bot.rules.customers import LikelyCustomer
from bot.rules.fields import LONGEST_TEXT
from bot.rules.people import USER_ID, Person
from bot.rules.policy.ending_rules import Informed
from bot.rules.policy.policy import Policy
from bot.rules.refusals import NotRecorded
from bot.rules.reports import Place
from bot.usecases.backup.answer import begun_by_call
from bot.usecases.context import Context
from bot.usecases.customers.look_up import open_customer
from bot.usecases.reports.report import offers_care
from bot.usecases.reports.which_customer import who_is_meant
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    checkboxes,
    context_block,
    datetime_input,
    field,
    form,
    option,
    plain_text,
    radio_buttons,
    select,
    text_input,
)
from handlers.blockkit.quote import Nearby, Quote
from handlers.blockkit.text import fit, mention, one_line, short_moment, shorten
from handlers.button_values import CustomerClick, call_value
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.reports.evidence import QUOTED
from handlers.reports.parse import Prefill
from handlers.shared.customer_field import typed_option
from handlers.shared.did_you_mean import did_you_mean
from handlers.shared.help import help_view, is_help
from handlers.shared.labels import PLACES

TITLE: Final = _("Report a customer")
INTRO: Final = _("It takes a minute. You and the managers can read it.")
UNREAD: Final = _(
    "I cannot reach the record just now, so I suggest no names. Write here, and leave this open: you can send it "
    "as soon as the record is back."
)
FIND: Final = _("Type to find, or a new name")
NARRATIVE_HELP: Final = _("In your own words: what was said or done, what you said, how it ended.")
QUOTED_TEXT: Final = 2_000  # leaves the rep a thousand characters of their own
# Translators: between "|" and ">" stands what is shown of the link.
KEPT_AS_EVIDENCE: Final = _("<{link}|The message> is kept as evidence.")
CHOSEN: Final = _("I add what you choose to your words, and keep its link.")
LINKS_HELP: Final = _("One on each line.")
ENDED: Final = _("I ended the contact")
INFORMED_FIRST: Final = _("Was the customer told first?")
# Translators: of a customer whose contact a rep ended.
INFORMED: Final = {
    Informed.YES: _("Yes, they were told first"),
    Informed.NO: _("No, they were not told first"),
    Informed.NO_TIME: _("There was no time to tell them"),
}
NOT_ENDED: Final = _("I did not end it")
DOUBTED: Final = _("It may have been a misunderstanding")
WANTS_SUPPORT: Final = _("I need a break or someone to talk to")


def report_form(
    policy: Policy,
    now: datetime,
    *,
    offers_care: bool,
    typed: str | None = None,
    meant: Sequence[LikelyCustomer] = (),
    quote: Quote | None = None,
    unread: bool = False,
    begun: Begun | None = None,
) -> View:
    """The report form, opened at `now`.

    `typed`: the customer's name. `meant`: whom they may mean by it. `unread`: see `Prefill`.
    `quote`: the message to report; its text goes into the narrative, its link is kept.
    `begun`: what is known from a call for backup.
    """
    blocks = [
        context_block(UNREAD if unread else INTRO),
        field(BlockId.CUSTOMER, _("Customer"), _customer(typed)),
        *([did_you_mean(typed, meant)] if typed and meant else []),
        field(BlockId.CATEGORY, _("What kind of conduct?"), _categories(policy)),
        field(BlockId.SEVERITY, _("How serious?"), _severities(policy)),
        field(
            BlockId.NARRATIVE,
            _("What happened?"),
            text_input(begun.narrative if begun else _quoted(quote), NARRATIVE_HELP),
        ),
        field(BlockId.HAPPENED_AT, _("When"), datetime_input(begun.happened_at if begun else _said_at(quote, now))),
        field(BlockId.PLACE, _("Where"), _places((begun and begun.place) or (Place.CHAT if quote else Place.PHONE))),
        field(BlockId.ENDED, ENDED, _informed(), optional=True),
        field(BlockId.CHECKS, _("Anything else?"), _checks(policy, offers_care=offers_care), optional=True),
        *_kept(quote),
        *(_nearby(quote.nearby) if quote and quote.nearby else []),
        field(BlockId.LINKS, _("Links"), text_input(), hint=LINKS_HELP, optional=True),
        *_files(policy.evidence.files),
    ]
    # Translators: on the button: to report.
    return form(CallbackId.REPORT_FORM, TITLE, _("Report"), blocks, _metadata(quote, begun))


def prefilled_form(prefill: Prefill, context: Context, _: object) -> View:
    """The report form with what is known filled in; how it works, where somebody asks for help."""
    if prefill.typed is not None and is_help(prefill.typed):
        return help_view()
    return report_form(
        context.policy,
        context.clock(),
        offers_care=prefill.offers_care,
        typed=prefill.typed,
        meant=prefill.meant,
        quote=prefill.quote,
        unread=prefill.unread,
        begun=prefill.begun,
    )


def prefill(context: Context, prefill: Prefill) -> Prefill:
    """What the form opens with, if this person may report. Raises NotEntitled.

    It opens also while the record cannot be read, so that nobody loses what they have to say. Who may not report hears
    it when they send it.
    """
    offers, unread = False, False
    meant: tuple[LikelyCustomer, ...] = ()
    try:
        offers = offers_care(context, prefill.by)
        meant = who_is_meant(context, prefill.by, prefill.typed) if prefill.typed else ()
    except NotRecorded:
        unread = True
    quote = replace(prefill.quote, workspace=context.workspace_url()) if prefill.quote else None
    return prefill._replace(offers_care=offers, meant=meant, quote=quote, unread=unread)


def prefill_customer(context: Context, click: CustomerClick) -> Prefill:
    """*Report them* on a customer's card: the name is filled in. Raises as `open_customer`."""
    typed = open_customer(context, click.by, click.customer).customer.name
    return prefill(context, Prefill(click.by, typed=typed))


def prefill_from_call(context: Context, click: tuple[Person, int]) -> Prefill:
    """*Report what happened* after a call for backup. Raises as `begun_by_call`."""
    by, call = click
    begun = begun_by_call(context, by, call)
    return prefill(context, Prefill(by, typed=begun.typed or None, begun=begun))


def _metadata(quote: Quote | None, begun: Begun | None) -> str:
    """What it was opened on: a message, or a call for backup."""
    if begun:
        return call_value(begun.call)
    return quote.metadata if quote else ""


def _customer(typed: str | None) -> Element:
    element: Element = {"type": "external_select", "min_query_length": 1, "placeholder": plain_text(FIND)}
    return element | ({"initial_option": typed_option(typed)} if typed else {})


def _categories(policy: Policy) -> Element:
    options = [option(each.name, each.key, each.explanation) for each in policy.categories.values()]
    return select(options) | {"placeholder": plain_text(_("Pick the closest"))}


def _severities(policy: Policy) -> Element:
    return radio_buttons([option(each.name, key, each.explanation) for key, each in policy.severities.items()])


def _places(initial: Place) -> Element:
    options = {place: option(name, place) for place, name in PLACES.items()}
    return select(list(options.values()), options[initial])


def _informed() -> Element:
    options = [
        *(option(name, informed) for informed, name in INFORMED.items()),
        option(NOT_ENDED, OptionValue.NOT_ENDED),
    ]
    return select(options) | {"placeholder": plain_text(INFORMED_FIRST)}


def _checks(policy: Policy, *, offers_care: bool) -> Element:
    n = policy.ending.minutes
    repeated = ngettext("It had gone on for {n:,} minute", "It had gone on for {n:,} minutes", n)
    offered = {
        OptionValue.REPEATED: repeated.format(n=n) if policy.ending.after_repetition else "",
        OptionValue.WANTS_SUPPORT: WANTS_SUPPORT if offers_care else "",
        OptionValue.DOUBTED: DOUBTED,
    }
    return checkboxes([option(text, value) for value, text in offered.items() if text])


def _quoted(quote: Quote | None) -> str:
    return fit(QUOTED.format(text=fit(quote.text, QUOTED_TEXT)), LONGEST_TEXT) if quote and quote.text.strip() else ""


def _said_at(quote: Quote | None, now: datetime) -> datetime:
    return min(now, datetime.fromtimestamp(float(quote.ts), UTC)) if quote else now


def _files(most: int) -> list[Block]:
    return [field(BlockId.FILES, _("Files"), {"type": "file_input", "max_files": most}, optional=True)] if most else []


def _nearby(nearby: tuple[Nearby, ...]) -> list[Block]:
    """Boxes for the other messages of the thread, with who wrote them and when."""
    boxes = [_box(each, datetime.fromtimestamp(float(each.ts), UTC)) for each in nearby]
    return [field(BlockId.NEARBY, _("Other messages of the thread"), checkboxes(boxes), optional=True, hint=CHOSEN)]


def _box(each: Nearby, at: datetime) -> Element:
    writer = mention(each.writer) if USER_ID.fullmatch(each.writer) else shorten(one_line(each.writer), 20)
    box = option("", each.ts, each.text)
    return box | {"text": {"type": "mrkdwn", "text": f"{writer} {short_moment(at)}".strip()}}


def _kept(quote: Quote | None) -> list[Block]:
    return [context_block(KEPT_AS_EVIDENCE.format(link=quote.link))] if quote else []
