"""What happens later: reminders, escalation, the weekly summary, objections, reviews, and lessons."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox.person import NotSeen
from tests.snapshot.cases import WHY

if TYPE_CHECKING:
    from bot.sandbox.person import Message
    from tests.snapshot.stage import Stage

MERIDIAN = "Meridian Print"


def overdue(stage: Stage) -> None:
    """A threat on which no manager acts: one steps aside, one is overtaken, and it is escalated to the director."""
    what = "He said that he knows which bus I take home."
    stage.reported(stage.joe, MERIDIAN, "Threat of violence, Severe", what)
    notice = stage.notice(f"Drop or keep {MERIDIAN}?")
    form = stage.form(stage.priya, notice, "Recuse me")
    stage.sent(
        stage.priya,
        form,
        {"Why? One sentence is enough, and you may leave it empty.": "He is my neighbour."},
        "recused",
    )
    form = stage.form(stage.brad, notice, "Keep customer")
    stage.reported(stage.ana, MERIDIAN, "Threat of violence, Severe", "He waited outside, and followed me to the stop.")
    stage.sent(stage.brad, form, {WHY: "It was said in anger."}, "overtaken")
    asked, shown = stage.received(stage.brad, MERIDIAN), stage.notice(MERIDIAN)
    stage.ana.forward(hours=2, minutes=5)
    stage.received(stage.brad, MERIDIAN, "reminder", after=asked)
    stage.ana.forward(hours=2)
    stage.received(stage.ruth, f"Drop or keep {MERIDIAN}?", "director-case")
    stage.redrawn(stage.priya, shown, "case-overdue")
    _until_monday(stage)


def decided_late(stage: Stage) -> None:
    """Monday evening: the director decides, while one of the managers still has a form open."""
    stage.ana.forward(hours=9)
    notice = stage.notice(MERIDIAN, offers="keep_customer")
    stage.notice(MERIDIAN, "overdue-note", after=notice)
    late = stage.form(stage.brad, notice, "Keep customer")
    raised = stage.received(stage.ruth, f"Drop or keep {MERIDIAN}?")
    form = stage.form(stage.ruth, raised, "Approve drop")
    decided = {
        WHY: "He has followed one of us. The police know.",
        "Reason": "Violence or the threat of it",
        "Safeguards": ["I have considered the safeguards"],
    }
    stage.sent(stage.ruth, form, decided)
    stage.sent(stage.brad, late, {WHY: "It was said in anger."}, "refused-already-decided")
    stage.received(stage.ruth, f"{MERIDIAN} is dropped", "director-decided")


def _until_monday(stage: Stage) -> None:
    now = stage.ana.forward()
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=9, minute=0, second=5)
    stage.ana.forward(seconds=(monday - now).total_seconds())


def week(stage: Stage) -> None:
    """Monday morning: the summary, its figures as a table, the Home of a manager, and check-ins."""
    received = stage.notice("Week 47, 16 to 22 November 2026", "week")
    form = stage.priya.press(received, "Download CSV")
    if form is not None:
        stage.pictured(stage.priya, form, "week-csv-asked").cancel()
    stage.received(stage.priya, "the figures as a table", "week-csv")
    stage.priya.home("What you have to do")
    stage.camera.home(stage.priya, "home-manager")
    question = stage.received(stage.ana, "How are you today?", "check-in")
    stage.ana.press(question, "I would like someone to talk to")
    stage.redrawn(stage.ana, question, "check-in-talk")


def objection(stage: Stage) -> None:
    """Zenith objects. The managers took part or own the account, so the director answers."""
    form = stage.form(stage.priya, stage.notice("Zenith Corp is dropped"), "Record an objection", "drop-objection-form")
    asked = {
        "Who objects, and how did they get in touch?": "Mr Vance, their director, by letter",
        "What do they say?": "The man who called has left them, and they offer one contact who writes and never calls.",
    }
    stage.sent(stage.priya, form, asked, "drop-objection-recorded")
    stage.notice("Objection: Zenith Corp", "drop-objection")
    stage.received(stage.ana, "The customer objected", "rep-objection")
    raised = stage.received(stage.ruth, "Objection: Zenith Corp", "director-objection")
    form = stage.form(stage.ruth, raised, "Answer the objection", "drop-answer-form")
    changed = {
        "Your answer": "It is changed",
        "If changed: to what?": "Keep them instead",
        "If changed: conditions": ["Written contact only", "Payment up front"],
        "Where may they write to?": "care@larkspur.example",
        WHY: "He was the only one, and he is gone. Reps need not take their calls.",
    }
    stage.sent(stage.ruth, form, changed, "drop-objection-answered")
    stage.notice("Kept after an objection: Zenith Corp", "case-changed")
    stage.notice("Objection answered: Zenith Corp", "case-objection-answered")
    stage.received(stage.ana, "So now we keep them", "rep-changed")


def looking_back(stage: Stage) -> None:
    """A month after a drop took effect."""
    stage.ana.forward(days=41)
    notice = stage.notice(f"What did we learn? {MERIDIAN}", "lesson")
    form = stage.form(stage.brad, notice, "Look back", "lesson-form")
    learnt = {
        "What did we learn?": "We let a threat lie over a weekend. Whoever is on call needs to see it at once.",
        "Was it the right decision?": "Yes",
        "What was the account worth a year?": "£6,000",
        "In one line": "A threat does not wait for Monday.",
    }
    stage.sent(stage.brad, form, learnt, "lesson-recorded")
    stage.notice(f"Looked back: {MERIDIAN}", "lesson-recorded")


def reviews(stage: Stage) -> None:
    """Before a decision ends: one is renewed, one lapses."""
    review = _once_it_is_there(stage, "Borealis Foods", "renew", "review")
    stage.looked_at(stage.priya, review, "Let it lapse", "lapse-form")
    form = stage.form(stage.priya, review, "Renew", "renew-form")
    stage.sent(stage.priya, form, {WHY: "Writing works well for both sides."}, "renew-recorded")
    stage.redrawn(stage.priya, review, "review-renewed")
    _once_it_is_there(stage, "lapsed: Zenith Corp", "", "case-lapsed")
    stage.received(stage.ana, "nobody renewed", "rep-lapsed")


def _once_it_is_there(stage: Stage, words: str, offers: str, name: str) -> Message:
    """The message, week after week: the story's dates may move."""
    for _ in range(40):
        stage.ana.forward(days=7)
        with suppress(NotSeen):
            return stage.notice(words, name, offers=offers, within=2)
    raise NotSeen(words)


def approvals(stage: Stage) -> None:
    """In a firm where two managers must approve a drop."""
    stage.reported(stage.ana, MERIDIAN, "Threat of violence, Severe", "He said that he would wait at the door.")
    notice = stage.notice(f"Drop or keep {MERIDIAN}?")
    approved = {
        WHY: "A threat is a threat, and this one was meant.",
        "Reason": "Violence or the threat of it",
        "Safeguards": ["I have considered the safeguards"],
    }
    stage.sent(stage.priya, stage.form(stage.priya, notice, "Approve drop"), approved, "approval-recorded")
    stage.notice("1 of 2 approvals to drop, by", "case-approved-once")
    stage.looked_at(stage.priya, notice, "Approve drop", "take-back-form")
    stage.looked_at(stage.brad, notice, "Approve drop", "drop-form-second")
