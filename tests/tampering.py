"""What is done to the record in the tests of `audit verify`, what it finds of it, and why it need not find the rest.

`python -m tests.tampering` prints the table of docs/security.md.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot.rules.audit import Act
from bot.rules.backup import BackupCall, Circle
from bot.rules.cases import Outcome, Recusal
from bot.rules.customers import Customer, Safeguard
from bot.rules.decisions import Approval, Choice, Decision, Ending, Hindsight, Lesson, Review, Reviewed
from bot.rules.mergers import Moved
from bot.rules.objections import Objection
from bot.rules.policy.verdicts import Rung
from bot.rules.protection import Protection
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.sent_letters import LetterKind, SentLetter
from bot.rules.vouching import VOUCHES
from bot.rules.warnings import Delivery
from storage.db.digested_tables import DIGESTED
from storage.tables.columns import metadata
from storage.transaction import Transaction
from tests.builders import FRIDAY

ADA, DAY = "U0ADA", FRIDAY.date()
DROP = Decision(2, Choice.DROP, ADA, FRIDAY, "Why.", DAY, DAY, "abuse", letter="Dear Sir.")
CHANGES: dict[str, Callable[[Transaction], object]] = {
    "customer": lambda tx: tx.mergers.redirect(2, 1),
    "merger": lambda tx: tx.mergers.add(2, 1, Moved(), ADA, FRIDAY),
    "report": lambda tx: tx.reports.withdraw(1, FRIDAY),
    "matter": lambda tx: tx.cases.close(5, Outcome.NOT_NOW, FRIDAY, ADA, "No."),
    "warning": lambda tx: tx.warnings.withdraw(1, FRIDAY),
    "decision": lambda tx: tx.cases.end_decision(2, Ending.CANCELLED, FRIDAY),
    "verdict": lambda tx: tx.verdicts.add(tx.verdicts.newest(1), 1, 99, None, None, FRIDAY),
    "hearing": lambda tx: tx.hearings.begin(2, ADA, FRIDAY, "salt"),
    "safeguard": lambda tx: tx.safeguards.set(1, Safeguard("health", "Deaf.", "Slowly.", None, ADA, FRIDAY), None, "s"),
    "approval": lambda tx: tx.approvals.add(Approval(DROP, 1), "salt"),
    "recusal": lambda tx: tx.recusals.add(Recusal(2, ADA, FRIDAY), "salt"),
    "protection": lambda tx: tx.protections.add(Protection(2, 9, FRIDAY, ADA, None, Rung.WARN, 1, "Why."), "salt"),
    "stake": lambda tx: tx.stakes.owner_changed(Customer(1, "Acme", owner=ADA), Customer(1, "Acme"), FRIDAY),
    "review": lambda tx: tx.reviews.add(Review(2, 0, Reviewed.RENEWED, ADA, FRIDAY, "Why.", DAY), "salt"),
    "objection": lambda tx: tx.objections.add(Objection(2, 1, None, ADA, FRIDAY, "He.", "New.", FRIDAY), "salt"),
    "sent_letter": lambda tx: tx.sent_letters.add(SentLetter(2, LetterKind.ANSWER, Delivery.POST, FRIDAY, ADA, FRIDAY)),
    "lesson": lambda tx: tx.lessons.add(Lesson(2, ADA, FRIDAY, "Warn.", Hindsight.RIGHT, "Warn."), "salt"),
    "backup_call": lambda tx: tx.backup_calls.add(BackupCall(9, 1, ADA, FRIDAY, "", Circle.LEADS, ()), "s"),
}
"""A change to each table whose rows have a digest."""

WAYS: Final = ("change", "remove", "put in", "reorder", "cut off")
"""`reorder`: two rows exchange their keys, or the only one gets another. `cut off`: the newest row, and the counter or
the stored end is put back; of customers, the newest one with everything about them.
"""
FOUND: Final = "found"
_DIGESTED: Final = dict.fromkeys(WAYS, FOUND)
_SEARCH = "only leads what is typed to a customer; a report's digest says about whom it is"
_SLACK = "what Slack said last; it is read again from Slack, and the log names whoever acted"
_SHOWN = "how Slack is kept in step; it holds nothing that the record does not"
_ASKED = "a rep's own, shown to nobody; it decides nothing"
_ALIKE = "only which past cases are shown beside a case; it decides nothing"
_PACE = "only when the next message may be sent"
_INSTALLATION = "only which messages in Slack are this record's"
_PROCESS = "only which processes serve, so that they can say what they do not agree on"
_AVAILABLE = "what somebody says of themselves; whoever was asked is in the log"
_NUMBERS = "no number is taken from it"
_FILE = "a file that no report names is shown nowhere"
_TASK = "a task does only what the record calls for at that time"

CELLS: Final[Mapping[str, Mapping[str, str]]] = {
    **dict.fromkeys(DIGESTED, _DIGESTED),
    "audit": _DIGESTED,
    "audit_head": _DIGESTED,
    "counter": {**_DIGESTED, "put in": _NUMBERS},
    "policy": _DIGESTED,
    "publication": _DIGESTED,
    "summary": _DIGESTED,
    "step": {**_DIGESTED, "put in": _TASK},
    "customer_gram": dict.fromkeys(WAYS, _SEARCH),
    "former_name": dict.fromkeys(WAYS, _SEARCH),
    "precedent": dict.fromkeys(WAYS, _ALIKE),
    "evidence_file": {**_DIGESTED, "put in": _FILE},
    "check_in": dict.fromkeys(WAYS, _ASKED),
    "talk": dict.fromkeys(WAYS, _ASKED),
    "unavailable": dict.fromkeys(WAYS, _AVAILABLE),
    "person": dict.fromkeys(WAYS, _SLACK),
    "user_group": dict.fromkeys(WAYS, _SLACK),
    "member": dict.fromkeys(WAYS, _SLACK),
    "notice": dict.fromkeys(WAYS, _SHOWN),
    "pace": dict.fromkeys(WAYS, _PACE),
    "installation": dict.fromkeys(WAYS, _INSTALLATION),
    "process": dict.fromkeys(WAYS, _PROCESS),
}
"""For each table and way: "found", or why `audit verify` need not find it."""
NOT_COMPARED: Final[Mapping[tuple[str, str], str]] = {
    **{(name, column): "derived" for name, kind in DIGESTED.items() for column in kind.not_digested},
    ("audit", "form"): "only tells a form that is sent twice",
    ("audit", "once"): "only tells what somebody did twice",
    ("evidence_file", "since"): "of a file that is kept it says nothing any more",
    ("evidence_file", "next_try_at"): "of a file that is kept it does nothing",
    ("policy", "since"): "only says since when it is kept",
    ("step", "failures"): "only how often it broke",
    ("step", "error"): "only how it broke",
    ("summary", "posted_at"): "the entry of the log says when the figures were posted",
}
"""Columns in which a change is not looked for, and why."""
ONLY: Final[Mapping[str, str]] = {
    "step": "kind = 'due' AND subject IN (SELECT number FROM matter WHERE closed_at IS NULL) "
    "OR kind = 'objection' AND subject IN (SELECT \"case\" FROM objection WHERE answer IS NULL)"
}
"""The rows of a table to which its cells apply."""

_SAID_AT_DRAWING = "it only has drawn again what is counted when it is drawn"
_AT_ONCE = "it waits for no more than a moment"
_MINUTES = "it waits for minutes; whoever calls reads at once what to do alone, and sees that nobody comes"
_AT_STARTS = "it is scheduled again at each start of the bot"
_ASKS = "nothing of the record follows from it, and whether it was done before is not in any row"
TASKS: Final[Mapping[TaskKind, str]] = {
    TaskKind.REMINDER: _ASKS,
    TaskKind.DEADLINE: FOUND,
    TaskKind.OVERDUE: FOUND,
    TaskKind.WHO_IS_LEFT: _AT_ONCE,
    TaskKind.CHECK_IN: FOUND,
    TaskKind.WARNING_EXPIRY: FOUND,
    TaskKind.POINTS_EXPIRY: _SAID_AT_DRAWING,
    TaskKind.SAFEGUARD_END: FOUND,
    TaskKind.SUMMARY: _AT_STARTS,
    TaskKind.REVIEW: FOUND,
    TaskKind.OBJECTION_DUE: FOUND,
    TaskKind.LESSON: _ASKS,
    TaskKind.EFFECT: _SAID_AT_DRAWING,
    TaskKind.NEW_WEEK: _SAID_AT_DRAWING,
    TaskKind.RETENTION: _AT_STARTS,
    TaskKind.PLAN_AGAIN: _AT_ONCE,
    TaskKind.BACKUP_WIDER: _MINUTES,
    TaskKind.BACKUP_ALONE: _MINUTES,
    TaskKind.BACKUP_OVER: FOUND,
    TaskKind.BACKUP_REPORT: _ASKS,
    TaskKind.LETTER: FOUND,
}
"""For each kind of scheduled task: whether it is missed where it is removed, or why it need not be."""


def texts_printed() -> str:
    """The table of docs/security.md: of which rows that the log named before an act may change the texts."""
    able = [(act, vouches.texts) for act, vouches in VOUCHES.items() if vouches.texts and act != Act.ERASE]
    lines = "\n".join(f"| {act} | {', '.join(sorted(texts))} |" for act, texts in able)
    head = "| act | whose texts may be others from then on |\n|---|---|\n"
    return head + lines.replace("decision:1", "decision (what its conditions ask)")


def tasks_printed() -> str:
    """The table of scheduled tasks of docs/security.md."""
    lines = (f"| `{kind}` | {FOUND if why == FOUND else f'not found: {why}'} |" for kind, why in TASKS.items())
    return "\n".join(["| scheduled task | where it is removed |", "|---|---|", *lines])


def printed() -> str:
    """The table of docs/security.md."""
    notes: dict[str, int] = {}
    lines = [f"| table | {' | '.join(WAYS)} |", f"|---|{'---|' * len(WAYS)}"]
    for name in sorted(metadata.tables):
        cells = (CELLS[name][way] for way in WAYS)
        said = (each if each == FOUND else f"need not: {notes.setdefault(each, len(notes) + 1)}" for each in cells)
        lines.append(f"| {name} | {' | '.join(said)} |")
    return "\n".join([*lines, "", *(f"{number}. {why[0].upper()}{why[1:]}." for why, number in notes.items())])


if __name__ == "__main__":
    print(texts_printed(), printed(), tasks_printed(), sep="\n\n")  # noqa: T201 - that is what it is for
