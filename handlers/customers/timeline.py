"""A customer's timeline: the audit log about them without check-ins, a page at a time, newest first."""

from collections.abc import Mapping
from typing import Final

from bot.language import _, ngettext
from bot.rules.audit import Act
from bot.rules.customer_cards import Timeline, TimelineEntry
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung, Severity
from handlers.blockkit.blocks import Block, Inline, View, bold, note, paragraph, person, when
from handlers.blockkit.text import one_line, shorten
from handlers.names import CallbackId, ListName
from handlers.shared.labels import name_of
from handlers.shared.list_lines import page_buttons

NOTHING: Final = _("Nothing has happened yet.")
# Translators: in the place of who did it: the policy or the clock.
BY_ITSELF: Final = _("by itself")
ACTS: Final[Mapping[str, str]] = {
    Act.WITHDRAW: _("Report {report} withdrawn"),
    Act.ISSUE_WARNING: _("Warning issued"),
    Act.DELIVER_WARNING: _("Warning delivered"),
    Act.NOT_NOW: _("No warning for now"),
    Act.APPROVE_DROP: _("Drop approved, another approval is needed"),
    Act.TAKE_APPROVAL_BACK: _("Approval taken back"),
    Act.RECUSE: _("Recused from case {case}"),
    Act.REMIND: _("Managers reminded of case {case}"),
    Act.OVERDUE: _("Case {case} overdue"),
    Act.LEFT: _("Who may act on case {case} changed"),
    Act.EXPIRE: _("A warning or points have expired"),
    Act.LAPSE: _("The decision lapsed"),
    Act.LET_LAPSE: _("A manager ended the decision"),
    Act.RENEW: _("The decision was renewed"),
    Act.SEND_LETTER: _("The letter about the {letter} was marked as sent"),
    Act.ASK_WHAT_WAS_LEARNT: _("Managers were asked what they learnt"),
    Act.LEARN: _("What was learnt is on record"),
    Act.RECORD_OBJECTION: _("The customer objected"),
    Act.OBJECTION_OVERDUE: _("The answer to the objection is overdue"),
    Act.ANSWER_OBJECTION: _("The objection was answered"),
    Act.CANCEL_WARNING: _("The warning was cancelled after an objection"),
    Act.SET_PROTECTION: _("Interim protection set in case {case}"),
    Act.LIFT_PROTECTION: _("Interim protection lifted in case {case}"),
    Act.SET_SAFEGUARD: _("Safeguard {safeguard} set"),
    Act.LIFT_SAFEGUARD: _("Safeguard {safeguard} lifted"),
    Act.SAFEGUARD_LAPSES: _("Safeguard {safeguard} ended"),
    Act.RECORD_OUTCOME: _("Both sides were heard"),
    Act.DESCRIBE: _("Edited: {changed}"),
    Act.IMPORT: _("Imported from the firm's list"),
    Act.MERGE: _("Record {duplicate} merged into this one"),
    Act.MERGED_INTO: _("Merged into record {into}"),
    Act.ERASE: _("Personal data erased"),
    Act.KEEP_FILE: _("A file of report {report} fetched from Slack"),
    Act.READ: _("Somebody read case {case} in full"),
    Act.EXPORT: _("The record was exported"),
    Act.CLOCK_PUT_BACK: _("The bot's clock was wrong, and was put right"),
    Act.SKIP_NUMBERS: _("A backup was restored, so some numbers are left out"),
    Act.SUM_UP: _("The weekly summary was posted"),
    Act.PLAN_AGAIN: _("Case {case} has a new deadline, since the clock was put right"),
    Act.UNDO_MERGER: _("The merger of record {duplicate} undone"),
    Act.CALL_BACKUP: _("A rep called for backup"),
    Act.WIDEN_BACKUP: _("The bot asked more people to help the rep"),
    Act.TAKE_BACKUP: _("Came to help the rep"),
    Act.END_BACKUP: _("The call for backup ended"),
    Act.NAME_BACKUP: _("A call for backup was found to be about this customer"),
}
REPORTED: Final = _("Report {report}: {category}, {severity}")
DECIDED: Final = {Choice.DROP: _("Decided in case {case}: drop"), Choice.KEEP: _("Decided in case {case}: keep")}
STEPS: Final[Mapping[str, str]] = {
    # Translators: what the policy asks for: a record and nothing more, a warning, a hearing, a decision.
    Rung.RECORD: _("record"),
    Rung.WARN: _("warn"),
    Rung.HEAR: _("hear"),
    Rung.DECIDE: _("decide"),
}
FIELDS: Final = {
    # Translators: what was edited about a customer.
    "name": _("name"),
    "owner": _("owner"),
    "worth": _("worth"),
    "crm_reference": _("CRM reference"),
    # Translators: what a letter is about, in "The letter about the {letter} was marked as sent".
    "decision": _("decision"),
    "answer": _("objection"),
}


def timeline_view(found: Timeline, policy: Policy) -> View:
    """A page of the timeline."""
    items = [_entry(each, policy, own=each.customer == found.customer.number) for each in found.page.items]
    pages = page_buttons(found.page, f"{ListName.TIMELINE}:{found.customer.number}")
    title = paragraph(bold(name_of(found.customer)))
    return note(CallbackId.LIST, _("Timeline"), [title, *(items or [paragraph(NOTHING)]), *pages])


def _entry(entry: TimelineEntry, policy: Policy, *, own: bool) -> Block:
    """`own`: the entry is about this record, not about one that was merged with it."""
    who = person(entry.actor) if entry.actor[:1] in {"U", "W"} else {"type": "text", "text": BY_ITSELF}
    elsewhere = [] if own else [" · ", _("record {number}").format(number=entry.customer)]
    what = bold(shorten(one_line(_what(entry, policy)), 200))
    return paragraph(what, *_verdict(entry.facts), "\n", when(entry.at), " · ", who, *elsewhere)


def _what(entry: TimelineEntry, policy: Policy) -> str:
    facts, template = entry.facts, ACTS.get(entry.act)
    if entry.act == Act.REPORT:
        category = shorten(one_line(policy.category(str(facts.get("category"))).name), 75)
        severity = policy.severities[Severity(str(facts.get("severity")))].name.lower()
        return REPORTED.format(report=facts.get("report"), category=category, severity=shorten(severity, 20))
    if entry.act == Act.DECIDE:
        choice = Choice.DROP if facts.get("choice") == Choice.DROP else Choice.KEEP
        return DECIDED[choice].format(case=facts.get("case"))
    named = {name: _in_words(value, FIELDS) for name, value in facts.items()}
    try:
        return template.format(**named) if template else entry.act.capitalize()
    except KeyError:
        return entry.act.capitalize()


def _in_words(value: object, names: Mapping[str, str]) -> str:
    """A value of the audit log, or several, under the names that people know."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(names.get(str(each), str(each)) for each in values)


def _verdict(facts: Mapping[str, object]) -> list[Inline]:
    step, points = facts.get("rung"), facts.get("points")
    if step is None or not isinstance(points, int):
        return []
    template = ngettext("the policy says: {step}, {n:,} point", "the policy says: {step}, {n:,} points", points)
    return [" · ", shorten(one_line(template.format(step=_in_words(step, STEPS), n=points)), 200)]
