"""Parses what a rep sends: the report form, what opens it, withdrawing a report, and answering a check-in."""

import json
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.rules.backup import Begun
from bot.rules.customers import LikelyCustomer
from bot.rules.fields import LONGEST_NAME, too_long
from bot.rules.people import Person
from bot.rules.policy.ending_rules import EndedContact, Informed
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import CheckInAnswer, NewReport, PickedCustomer, Place, TypedCustomer
from bot.usecases.reports.check_ins import AnswerCheckIn, Talked
from bot.usecases.reports.withdraw import Withdraw
from handlers.blockkit.quote import Nearby, Quote
from handlers.blockkit.text import one_line
from handlers.button_values import call_of, check_in_of, report_of
from handlers.names import ActionId, BlockId, OptionValue
from handlers.parsing.form import Form, on_one_line
from handlers.parsing.people import sender
from handlers.parsing.reading import Malformed, matching, member_of, optional, record_number, string, without_markup
from handlers.parsing.shown_text import shown_text
from handlers.reports.evidence import evidence, lines, with_quotes
from handlers.shared.did_you_mean import asked_about

_CHANNEL: Final = re.compile(r"[CDG][A-Z0-9]{1,30}", re.ASCII)
_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{6}", re.ASCII)
_WORKSPACE: Final = re.compile(r"(?:https?://[A-Za-z0-9.:-]{1,200}/)?", re.ASCII)
_ANSWERS: Final[Mapping[str, CheckInAnswer]] = {
    ActionId.CHECK_IN_FINE: CheckInAnswer.FINE,
    ActionId.CHECK_IN_TALK: CheckInAnswer.TALK,
    ActionId.CHECK_IN_DECLINE: CheckInAnswer.DECLINED,
}
_CHECKS: Final = frozenset({OptionValue.DOUBTED, OptionValue.WANTS_SUPPORT, OptionValue.REPEATED})


class Prefill(NamedTuple):
    """Who opens the report form, what is filled in, and whether it offers someone to talk to.

    `meant`: whom they may mean by what they typed. `unread`: the record could not be read for it.
    `begun`: what is known from a call for backup.
    """

    by: Person
    typed: str | None = None
    quote: Quote | None = None
    offers_care: bool = False
    meant: tuple[LikelyCustomer, ...] = ()
    unread: bool = False
    begun: Begun | None = None


def new_report(form: Form) -> NewReport:
    """The report form as it was sent. Raises `Malformed`."""
    checks = _checks(form)
    call = call_of(form.metadata)
    quote = _carried(form.metadata) if call is None else None
    others = [quote.of(ts) for ts in form.ticked(BlockId.NEARBY)] if quote else []
    return NewReport(
        by=form.by,
        customer=_customer(form),
        category=form.chosen(BlockId.CATEGORY),
        severity=form.member(BlockId.SEVERITY, Severity),
        place=form.member(BlockId.PLACE, Place),
        happened_at=form.moment(BlockId.HAPPENED_AT),
        narrative=with_quotes(form.typed(BlockId.NARRATIVE), others),
        evidence=evidence(
            [quote, *others] if quote else [], lines(form.typed(BlockId.LINKS)), form.attached(BlockId.FILES)
        ),
        doubted=OptionValue.DOUBTED in checks,
        wants_support=OptionValue.WANTS_SUPPORT in checks,
        ended=_ended(form, repeated=OptionValue.REPEATED in checks),
        call=call,
    )


def by_command(body: object) -> Prefill:
    """`/report-abuse [customer]`. Raises `Malformed`."""
    typed = report_prefill(body)
    return Prefill(sender(body), typed=typed)


def by_shortcut(body: object) -> Prefill:
    """*Report customer* under a message. Raises `Malformed`."""
    quote = quoted(body)
    return Prefill(sender(body), quote=quote)


def by_button(body: object) -> Prefill:
    """*Report a customer* in the App Home, or from anywhere in Slack. Raises `Malformed`."""
    return Prefill(sender(body))


def by_name(body: object) -> Prefill:
    """*Report them*, of a name that nobody has reported. Raises `Malformed`."""
    typed = string(body, "actions", 0, "value").removeprefix(OptionValue.TYPED)
    return Prefill(sender(body), typed=one_line(typed) or None)


def report_prefill(body: object) -> str | None:
    """The customer's name as typed after the command; None if nothing was typed. Raises `Malformed`."""
    return one_line(without_markup(string(body, "text"))) or None


def quoted(body: object) -> Quote:
    """The message of *Report customer*, as people read it, and where it is. Raises `Malformed`."""
    thread = optional(body, "message", "thread_ts")
    return Quote(
        text=shown_text(optional(body, "message")),
        channel=matching(_CHANNEL, body, "channel", "id"),
        ts=matching(_TS, body, "message", "ts"),
        thread=thread if isinstance(thread, str) and _TS.fullmatch(thread) else None,
    )


def withdraw(body: object) -> Withdraw:
    """*Withdraw* in the rep's message about their report. Raises `Malformed`."""
    return Withdraw(by=sender(body), report=report_of(body))


def answer_check_in(body: object) -> AnswerCheckIn:
    """An answer to a check-in. Raises `Malformed`."""
    report, round_ = check_in_of(body)
    answer = _ANSWERS.get(string(body, "actions", 0, "action_id"))
    if answer is None:
        raise Malformed("actions", 0)
    return AnswerCheckIn(by=sender(body), report=report, round=round_, answer=answer)


def talked(body: object) -> Talked:
    """*I have talked to them*. Raises `Malformed`."""
    return Talked(by=sender(body), report=report_of(body))


def _customer(form: Form) -> PickedCustomer | TypedCustomer:
    kind, _, rest = form.chosen(BlockId.CUSTOMER).partition(":")
    match f"{kind}:":
        case OptionValue.KNOWN:
            return PickedCustomer(record_number(rest))
        case OptionValue.TOO_LONG:
            form.problems[BlockId.CUSTOMER] = too_long(record_number(rest), LONGEST_NAME)
        case OptionValue.NEW | OptionValue.TYPED:
            return _meant(form, on_one_line(rest))
        case _ if BlockId.CUSTOMER not in form.problems:
            raise Malformed(BlockId.CUSTOMER)
    return TypedCustomer("")


def _meant(form: Form, typed: str) -> PickedCustomer | TypedCustomer:
    """Whom the rep means by what they typed, where they were asked about this very name."""
    if not form.has_field(BlockId.DID_YOU_MEAN):
        return TypedCustomer(typed)
    kind, _, rest = form.chosen(BlockId.DID_YOU_MEAN).partition(":")
    number, _, about = rest.rpartition(":")
    if BlockId.DID_YOU_MEAN in form.problems or about != asked_about(typed):
        return TypedCustomer(typed)
    return PickedCustomer(record_number(number)) if f"{kind}:" == OptionValue.KNOWN else TypedCustomer(typed, new=True)


def _ended(form: Form, *, repeated: bool) -> EndedContact | None:
    """What is said of a contact that was ended; None where it was not, or the field was left empty."""
    informed = form.optional_choice(BlockId.ENDED)
    if informed in {None, OptionValue.NOT_ENDED}:
        return None
    return EndedContact(member_of(Informed, informed), repeated)


def _checks(form: Form) -> frozenset[str]:
    checks = frozenset(form.ticked(BlockId.CHECKS))
    if not checks <= _CHECKS:
        raise Malformed(BlockId.CHECKS)
    return checks


def _carried(metadata: str) -> Quote | None:
    """The message that the form was opened on. Its text is in the narrative by now."""
    if not metadata:
        return None
    try:
        kept = json.loads(metadata)
    except ValueError:
        raise Malformed("view", "private_metadata") from None
    workspace = "" if optional(kept, "workspace") is None else matching(_WORKSPACE, kept, "workspace")
    nearby = optional(kept, "nearby")
    others = {} if nearby is None else nearby
    if not isinstance(others, dict) or not all(_TS.fullmatch(ts) and isinstance(others[ts], str) for ts in others):
        raise Malformed("view", "private_metadata", "nearby")
    return Quote(
        "", matching(_CHANNEL, kept, "channel"), matching(_TS, kept, "ts"), workspace,
        nearby=tuple(Nearby(ts, "", text) for ts, text in others.items()),
    )  # fmt: skip
