"""What managers see of a case, from its first notice to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.snapshot.stage import Stage

WHY = "Why?"


def warning(stage: Stage) -> None:
    """Acme is warned, and objects; Pemberton is not warned for now."""
    notice = stage.notice("Warn Acme Ltd?", "case-warn")
    stage.looked_at(stage.priya, notice, "Not now", "not-now-form")
    form = stage.form(stage.priya, notice, "Issue warning", "warning-form")
    stage.sent(stage.priya, form, {}, "warning-issued")
    stage.notice("Deliver the warning to Acme Ltd", "case-deliver")
    stage.received(stage.joe, "not marked as delivered yet", "rep-warning-written")
    form = stage.form(stage.priya, notice, "Mark delivered", "delivered-form")
    stage.sent(stage.priya, form, {"How did it reach the customer?": "By e-mail"}, "warning-delivered")
    warned = stage.notice("Acme Ltd was warned", "case-warned")
    stage.received(stage.joe, "We warned them formally", "rep-warned")
    stage.looked_at(stage.brad, warned, "Read the letter", "letter")
    form = stage.form(stage.priya, warned, "Record an objection", "objection-form")
    says = "They say that it was one call and not eleven, and that nobody asked for a private number."
    form_says = {"Who objects, and how did they get in touch?": "By phone", "What do they say?": says}
    stage.sent(stage.priya, form, form_says, "objection-recorded")
    objection = stage.notice("Objection: Acme Ltd", "objection")
    form = stage.form(stage.brad, objection, "Answer the objection", "answer-form")
    found = "The phone system shows eleven calls on that day. The private number stands in their own e-mail."
    stage.sent(stage.brad, form, {"Your answer": "It stands", WHY: found})
    stage.notice("Objection answered: Acme Ltd", "objection-answered")


def no_warning(stage: Stage) -> None:
    """A report that leads to no warning."""
    what = "He swore at me when the delivery was late for the third time, and hung up."
    stage.reported(stage.ana, "Casa Lima", "Verbal abuse, Serious", what)
    notice = stage.notice("Warn Casa Lima?")
    why = "Three late deliveries in a month were our fault. I have called him, and he was sorry about his tone."
    stage.sent(stage.brad, stage.form(stage.brad, notice, "Not now"), {WHY: why})
    stage.notice("Casa Lima is not warned for now", "case-not-now")
    stage.received(stage.ana, "decided against a warning", "rep-not-now")


def hearing(stage: Stage) -> None:
    """Larkspur is heard, and it was a misunderstanding."""
    notice = stage.notice("Hear both sides: Larkspur Hotels", "case-hear")
    stage.brad.press(notice, "Take the hearing")
    notice = stage.notice("Larkspur Hotels", "case-hearing", offers="record_outcome")
    stage.looked_at(stage.priya, notice, "Take over", "take-over-form")
    form = stage.form(stage.brad, notice, "Record the outcome", "outcome-form")
    heard = {
        "What came out?": "A misunderstanding",
        "What does the rep say?": "It was loud, and she is not sure that it was meant for her.",
        "What does the customer say?": "He was shouting over the music, and had no idea how it sounded.",
        "Which reports were a misunderstanding?": ["Report"],
        "How did the misunderstanding come about?": "A party was on behind him, and he was shouting over the music.",
    }
    stage.sent(stage.brad, form, heard, "outcome-recorded")
    stage.notice("A misunderstanding: Larkspur Hotels", "case-misunderstanding")
    stage.received(stage.mia, "it was a misunderstanding", "rep-misunderstanding")


def guarding(stage: Stage) -> None:
    """Northwind needs patience, so that both sides are heard first; then they are kept."""
    notice, message = stage.notice("Drop or keep Northwind Travel?"), stage.received(stage.mia, "Northwind Travel")
    form = stage.form(stage.priya, notice, "Set a safeguard", "safeguard-form")
    known = {"What kind of tolerance do they need?": "Bereavement", "What is known?": "Her partner died in October."}
    stage.sent(stage.priya, form, known, "safeguard-set")
    stage.notice("Northwind Travel", "case-safeguard", offers="take_hearing")
    stage.redrawn(stage.mia, message, "rep-needs-patience")
    stage.looked_at(stage.priya, notice, "Lift a safeguard", "lift-form")


def dropping(stage: Stage) -> None:
    """Zenith is dropped. Refused to the director, as the case has not come to them, and to the owner of the account."""
    notice = stage.notice("Drop or keep Zenith Corp?", "case-decide")
    stage.looked_at(stage.priya, notice, "See the case", "reports-in-full")
    stage.looked_at(stage.ruth, notice, "Approve drop", "refused-not-yet")
    stage.looked_at(stage.brad, notice, "Keep customer", "refused-owner")
    stage.looked_at(stage.priya, notice, "Recuse me", "recuse-form")
    stage.looked_at(stage.priya, notice, "Keep customer", "keep-form")
    form = stage.form(stage.priya, notice, "Approve drop", "drop-form")
    decided = {
        WHY: "Third report in seven weeks, after a clear warning. Nobody here should have to pick up that phone.",
        "Reason": "Abuse after a warning",
        "Safeguards": ["I have considered the safeguards"],
    }
    stage.sent(stage.priya, form, decided, "drop-recorded")
    stage.notice("Zenith Corp is dropped", "case-dropped")
    stage.received(stage.ana, "we end the relationship", "rep-dropped")
    stage.command(stage.joe, "Zenith Corp", "customer-dropped")


def asking(stage: Stage) -> None:
    """A threat: Priya asks Brad to hear both sides before she decides, then keeps the customer."""
    what = "He said that he would come by and break my arm. I think that he was drunk; I wrote it down at once."
    stage.reported(stage.mia, "Hartmann & Söhne GmbH", "Threat of violence, Severe", what)
    notice = stage.notice("Drop or keep Hartmann & Söhne GmbH?", "case-urgent")
    form = stage.form(stage.priya, notice, "Hear both sides", "hear-form")
    clear = {"Who takes the hearing?": "Brad Keller", "What do you want to find out?": "Was it he who called?"}
    stage.sent(stage.priya, form, clear, "hearing-asked")
    stage.received(stage.brad, "Please hear both sides: Hartmann", "hearing-named")
    form = stage.form(stage.brad, stage.notice("Hear both sides: Hartmann", "case-hearing-asked"), "Record the outcome")
    heard = {
        "What came out?": "Upheld",
        "What does the rep say?": "It happened as she wrote, and she stands by it.",
        "What does the customer say?": "It was their driver. They have let him go, and apologised in writing.",
    }
    stage.sent(stage.brad, form, heard)
    notice = stage.notice("Drop or keep Hartmann & Söhne GmbH?", "case-heard")
    why = "They acted on the same day, and the man who called has left them."
    kept = {WHY: why, "Conditions": ["Written contact only", "One named contact"]}
    kept |= {"Where may they write to?": "care@larkspur.example", "Or a name": "Priya Shah"}
    stage.sent(stage.priya, stage.form(stage.priya, notice, "Keep customer"), kept, "keep-recorded")
    stage.notice("Hartmann & Söhne GmbH is kept", "case-kept")


def managing(stage: Stage) -> None:
    """A customer as a manager looks them up, with what can be done there."""
    stage.command(stage.priya, "Zenith Corp", "customer-manager", until="On record:")
    for button, name in (("Timeline", "timeline"), ("Edit", "edit-form"), ("Merge a duplicate", "merge-form")):
        stage.priya.command("/customer", "Zenith Corp").press(button)
        stage.camera.form(stage.priya, name)
        while form := stage.priya.form():
            form.cancel()
