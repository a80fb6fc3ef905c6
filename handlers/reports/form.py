"""The form in which a rep reports a customer: what matters first, what is optional last and little."""

from datetime import UTC, datetime
from typing import Final

from bot.language import _
from bot.rules.policy.policy import Policy
from bot.rules.reports import Place
from handlers.blockkit.blocks import (
    LONGEST_TEXT,
    Block,
    Element,
    View,
    context,
    field,
    form,
    line,
    moment_input,
    one_of,
    option,
    plain,
    radio,
    rich,
    some_of,
    strong,
    text_input,
)
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import fit
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.customer_field import typed_option
from handlers.shared.labels import PLACES

TITLE: Final = _("Report a customer")
INTRO: Final = _("It takes a minute. You and the managers can read it.")
FIND: Final = _("Type to find, or a new name")
NARRATIVE_HELP: Final = _("In your own words: what was said or done, what you said, how it ended.")
QUOTED: Final = "\n\n" + _("——— The message ———") + "\n{text}"
QUOTED_TEXT: Final = 2_000  # leaves the rep a thousand characters of their own
# Translators: between "|" and ">" stands what is shown of the link.
KEPT_AS_EVIDENCE: Final = _("<{link}|The message> is kept as evidence.")
LINKS_HELP: Final = _("One on each line.")
DOUBTED: Final = _("It may have been a misunderstanding")
WANTS_SUPPORT: Final = _("I need a break or someone to talk to")


def report_form(
    policy: Policy,
    now: datetime,
    *,
    offers_care: bool,
    typed: str | None = None,
    quote: Quote | None = None,
    problem: str | None = None,
) -> View:
    """The report form, opened at `now`.

    `typed`: the customer's name as it stood after the command. `quote`: the message to report, whose words go into
    the narrative and whose link is kept. `problem`: what kept an earlier attempt from being recorded.
    """
    blocks = [
        context(INTRO),
        *([rich(line(strong(problem)))] if problem else []),
        field(BlockId.CUSTOMER, _("Customer"), _customer(typed)),
        field(BlockId.CATEGORY, _("What kind of conduct?"), _categories(policy)),
        field(BlockId.SEVERITY, _("How serious?"), _severities(policy)),
        field(BlockId.NARRATIVE, _("What happened?"), text_input(_quoted(quote), NARRATIVE_HELP)),
        field(BlockId.HAPPENED_AT, _("When"), moment_input(_said_at(quote, now))),
        field(BlockId.PLACE, _("Where"), _places(Place.CHAT if quote else Place.PHONE)),
        field(BlockId.CHECKS, _("Anything else?"), _checks(offers_care=offers_care), optional=True),
        *_kept(quote),
        field(BlockId.LINKS, _("Links"), text_input(), hint=LINKS_HELP, optional=True),
        field(BlockId.FILES, _("Files"), {"type": "file_input", "max_files": 10}, optional=True),
    ]
    # Translators: on the button: to report.
    return form(CallbackId.REPORT_FORM, TITLE, _("Report"), blocks, quote.metadata if quote else "")


def _customer(typed: str | None) -> Element:
    element: Element = {"type": "external_select", "min_query_length": 1, "placeholder": plain(FIND)}
    return element | ({"initial_option": typed_option(typed)} if typed else {})


def _categories(policy: Policy) -> Element:
    options = [option(each.name, each.key, each.explanation) for each in policy.categories.values()]
    return one_of(options) | {"placeholder": plain(_("Pick the closest"))}


def _severities(policy: Policy) -> Element:
    return radio([option(each.name, key, each.explanation) for key, each in policy.severities.items()])


def _places(initial: Place) -> Element:
    options = {place: option(name, place) for place, name in PLACES.items()}
    return one_of(list(options.values()), options[initial])


def _checks(*, offers_care: bool) -> Element:
    support = [option(WANTS_SUPPORT, OptionValue.WANTS_SUPPORT)] if offers_care else []
    return some_of([option(DOUBTED, OptionValue.DOUBTED), *support])


def _quoted(quote: Quote | None) -> str:
    return fit(QUOTED.format(text=fit(quote.text, QUOTED_TEXT)), LONGEST_TEXT) if quote and quote.text.strip() else ""


def _said_at(quote: Quote | None, now: datetime) -> datetime:
    return min(now, datetime.fromtimestamp(float(quote.ts), UTC)) if quote else now


def _kept(quote: Quote | None) -> list[Block]:
    return [context(KEPT_AS_EVIDENCE.format(link=quote.link))] if quote else []
