"""Something changed that a verdict rests on, though nothing new was reported."""

from bot.desk.desk import Desk
from bot.desk.judging import judge, settle
from bot.desk.noting import note_verdict, show_customer, verdict_facts
from bot.desk.ports import Record


def judge_anew(record: Record, desk: Desk, customer: int, actor: str, act: str, facts: dict[str, object]) -> None:
    """Ask the policy anew and write it down as `act`: an open case follows, none is opened, no deadline moves."""
    now = desk.clock()
    judged = judge(record, desk, record.customers.get(customer), now, news=False)
    n = record.audit.append(customer, actor, act, verdict_facts(judged) | facts, now)
    note_verdict(record, desk, judged, customer, n, now)
    settle(record, customer, now)
    show_customer(record, desk, customer, judged.case, now)
    record.notices.want_reports_about(customer, now)
