"""What reps ask for: the report form, its type-ahead, and taking a report back."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.rules.check_ins import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import Known, NewReport, Place, Typed
from bot.usecases.reports.check_ins import AnswerCheckIn
from bot.usecases.reports.withdraw import Withdraw
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import one_line
from handlers.button_values import check_in_of, report_of
from handlers.names import ActionId, BlockId, OptionValue
from handlers.parsing.fields import name_problem, past_problem, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, maybe, number, one_of, plain, refuse, shaped, string
from handlers.reports.evidence import evidence, lines, links_problem

_VIEW: Final = re.compile(r"V[A-Z0-9]{1,30}", re.ASCII)
_CHANNEL: Final = re.compile(r"[CDG][A-Z0-9]{1,30}", re.ASCII)
_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{6}", re.ASCII)
_DOMAIN: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}", re.ASCII)
_ANSWERS: Final[Mapping[str, Answer]] = {
    ActionId.CHECK_IN_FINE: Answer.FINE,
    ActionId.CHECK_IN_TALK: Answer.TALK,
    ActionId.CHECK_IN_DECLINE: Answer.DECLINED,
}
_CHECKS: Final = frozenset({OptionValue.DOUBTED, OptionValue.WANTS_SUPPORT})


def new_report(body: object, now: datetime) -> NewReport:
    """The report form as it was sent at `now`. Raises `Malformed`, and `FieldErrors` with all there is to mend."""
    form = Form(body)
    customer, happened_at = form.chosen(BlockId.CUSTOMER), form.moment(BlockId.HAPPENED_AT)
    narrative, links = form.typed(BlockId.NARRATIVE), lines(form.typed(BlockId.LINKS))
    refuse(
        {
            BlockId.CUSTOMER: _customer_problem(customer),
            BlockId.NARRATIVE: text_problem(narrative),
            BlockId.HAPPENED_AT: past_problem(happened_at, now),
            BlockId.LINKS: links_problem(links),
        }
    )
    checks = _checks(form)
    return NewReport(
        by=person(body),
        form=shaped(_VIEW, body, "view", "id"),
        customer=_customer(customer),
        category=form.chosen(BlockId.CATEGORY),
        severity=one_of(Severity, form.chosen(BlockId.SEVERITY)),
        place=one_of(Place, form.chosen(BlockId.PLACE)),
        happened_at=happened_at,
        narrative=narrative,
        evidence=evidence(_carried(form.metadata), links, form.attached(BlockId.FILES)),
        doubted=OptionValue.DOUBTED in checks,
        wants_support=OptionValue.WANTS_SUPPORT in checks,
    )


def report_prefill(body: object) -> str | None:
    """The customer's name as it was typed after the command; None when nothing was."""
    return one_line(plain(string(body, "text"))) or None


def quoted(body: object) -> Quote:
    """The message under *Report customer*: its words as people read them, and where it stands. Raises `Malformed`."""
    domain = None if maybe(body, "team") is None else shaped(_DOMAIN, body, "team", "domain")
    return Quote(
        text=plain(string(body, "message", "text")),
        channel=shaped(_CHANNEL, body, "channel", "id"),
        ts=shaped(_TS, body, "message", "ts"),
        domain=domain,
    )


def withdraw(body: object) -> Withdraw:
    """A click on [Withdraw] under one's own report. Raises `Malformed`."""
    return Withdraw(by=person(body), report=report_of(body))


def answer_check_in(body: object) -> AnswerCheckIn:
    """A click on a button under the question how a rep is. Raises `Malformed`."""
    report, round_ = check_in_of(body)
    answer = _ANSWERS.get(string(body, "actions", 0, "action_id"))
    if answer is None:
        raise Malformed("actions", 0)
    return AnswerCheckIn(by=person(body), report=report, round=round_, answer=answer)


def _customer(value: str) -> Known | Typed:
    if value.startswith(OptionValue.KNOWN):
        return Known(number(value.removeprefix(OptionValue.KNOWN)))
    return Typed(name=_name(value), new=value.startswith(OptionValue.NEW))


def _customer_problem(value: str) -> str | None:
    if value.startswith(OptionValue.KNOWN):
        return None
    if value.startswith(OptionValue.TOO_LONG):
        return name_problem(number(value.removeprefix(OptionValue.TOO_LONG)))
    return name_problem(_name(value))


def _name(value: str) -> str:
    for kind in (OptionValue.NEW, OptionValue.TYPED):
        if value.startswith(kind):
            return one_line(value.removeprefix(kind))
    raise Malformed(BlockId.CUSTOMER)


def _checks(form: Form) -> frozenset[str]:
    checks = frozenset(form.ticked(BlockId.CHECKS))
    if not checks <= _CHECKS:
        raise Malformed(BlockId.CHECKS)
    return checks


def _carried(metadata: str) -> Quote | None:
    """The quoted message that the form was opened on. Its words are in the narrative by now."""
    if not metadata:
        return None
    try:
        kept = json.loads(metadata)
    except ValueError:
        raise Malformed("view", "private_metadata") from None
    domain = None if maybe(kept, "domain") is None else shaped(_DOMAIN, kept, "domain")
    return Quote("", shaped(_CHANNEL, kept, "channel"), shaped(_TS, kept, "ts"), domain)
