"""What reps ask for: the report form, its type-ahead, and taking a report back."""

import json
import re
from datetime import datetime
from typing import Final

from bot.rules.check_ins import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import Known, NewReport, Place, Typed
from bot.usecases.reports.check_ins import AnswerCheckIn
from bot.usecases.reports.withdraw import Withdraw
from handlers import ids
from handlers.blockkit.links import Quote
from handlers.blockkit.text import one_line
from handlers.parsing.fields import name_problem, past_problem, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, maybe, number, one_of, plain, refuse, shaped, string
from handlers.reports.evidence import evidence, lines, links_problem

_VIEW: Final = re.compile(r"V[A-Z0-9]{1,30}", re.ASCII)
_CHANNEL: Final = re.compile(r"[CDG][A-Z0-9]{1,30}", re.ASCII)
_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{6}", re.ASCII)
_DOMAIN: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}", re.ASCII)
_CHECK_IN: Final = re.compile(r"checkin:([1-9][0-9]{0,17}):([12])", re.ASCII)
_ANSWERS: Final = {
    ids.CHECK_IN_FINE: Answer.FINE,
    ids.CHECK_IN_TALK: Answer.TALK,
    ids.CHECK_IN_DECLINE: Answer.DECLINED,
}
_CHECKS: Final = frozenset({ids.DOUBTED, ids.WANTS_SUPPORT})


def new_report(body: object, now: datetime) -> NewReport:
    """The report form as it was sent at `now`. Raises `Malformed`, and `FieldErrors` with all there is to mend."""
    form = Form(body)
    customer, happened_at = form.chosen(ids.CUSTOMER), form.moment(ids.HAPPENED_AT)
    narrative, links = form.typed(ids.NARRATIVE), lines(form.typed(ids.LINKS))
    refuse(
        {
            ids.CUSTOMER: _customer_problem(customer),
            ids.NARRATIVE: text_problem(narrative),
            ids.HAPPENED_AT: past_problem(happened_at, now),
            ids.LINKS: links_problem(links),
        }
    )
    checks = _checks(form)
    return NewReport(
        by=person(body),
        form=shaped(_VIEW, body, "view", "id"),
        customer=_customer(customer),
        category=form.chosen(ids.CATEGORY),
        severity=one_of(Severity, form.chosen(ids.SEVERITY)),
        place=one_of(Place, form.chosen(ids.PLACE)),
        happened_at=happened_at,
        narrative=narrative,
        evidence=evidence(_carried(form.metadata), links, form.attached(ids.FILES)),
        doubted=ids.DOUBTED in checks,
        wants_support=ids.WANTS_SUPPORT in checks,
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
    kind, _, digits = string(body, "actions", 0, "value").partition(":")
    if kind != "report":
        raise Malformed("actions", 0, "value")
    return Withdraw(by=person(body), report=number(digits))


def answer_check_in(body: object) -> AnswerCheckIn:
    """A click on a button under the question how a rep is. Raises `Malformed`."""
    found = _CHECK_IN.fullmatch(string(body, "actions", 0, "value"))
    answer = _ANSWERS.get(string(body, "actions", 0, "action_id"))
    if found is None or answer is None:
        raise Malformed("actions", 0)
    return AnswerCheckIn(by=person(body), report=number(found[1]), round=int(found[2]), answer=answer)


def options_query(body: object) -> tuple[str, str]:
    """The workspace, and what has been typed so far into the customer's field. Raises `Malformed`."""
    return person(body).team, one_line(plain(string(body, "value")))


def _customer(value: str) -> Known | Typed:
    if value.startswith(ids.KNOWN):
        return Known(number(value.removeprefix(ids.KNOWN)))
    return Typed(name=_name(value), new=value.startswith(ids.NEW))


def _customer_problem(value: str) -> str | None:
    if value.startswith(ids.KNOWN):
        return None
    if value.startswith(ids.TOO_LONG):
        return name_problem(number(value.removeprefix(ids.TOO_LONG)))
    return name_problem(_name(value))


def _name(value: str) -> str:
    for kind in (ids.NEW, ids.TYPED):
        if value.startswith(kind):
            return one_line(value.removeprefix(kind))
    raise Malformed(ids.CUSTOMER)


def _checks(form: Form) -> frozenset[str]:
    checks = frozenset(form.ticked(ids.CHECKS))
    if not checks <= _CHECKS:
        raise Malformed(ids.CHECKS)
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
