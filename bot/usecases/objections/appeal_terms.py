"""What an appeal may change a decision to."""

from bot.language import _
from bot.rules.date_text import day
from bot.rules.decisions import Choice, Decision, latest_review
from bot.rules.objections import Terms
from bot.usecases.context import Context
from bot.usecases.shared.decisions_in_force import running_since
from storage.transaction import Transaction

UNCHANGED = _("These are the terms as they stand. Please change something, or uphold the decision instead.")
NO_WORSE = _("An appeal never ends what a customer was kept with. Please leave this at keeping them.")
NO_CONDITION = _("Please pick at least one condition. To free the customer of all, overturn the decision instead.")
GONE = _("A condition is no longer in the policy. Please pick again.")
PASSED = _("This day has passed. Please pick today or a later day.")
TOO_EARLY = _("The review comes after the day on which the drop takes effect.")
WHEN = _("A decision is reviewed after today and by {day} at the latest: an appeal does not renew it.")


def wrong_terms(tx: Transaction, context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    """What is wrong with the terms, by field, with the mend; empty where they can stand."""
    if terms == Terms.of(decision):
        return {"review_on": UNCHANGED}
    own = (
        _wrong_drop(context, decision, terms) if terms.choice is Choice.DROP else _wrong_keep(context, decision, terms)
    )
    return _wrong_review(tx, context, decision, terms) | own


def _wrong_drop(context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    if decision.choice is Choice.KEEP:
        return {"choice": NO_WORSE}
    if terms.effective_on is None or (
        terms.effective_on != decision.effective_on and terms.effective_on < context.today()
    ):
        return {"effective_on": PASSED}
    return {"review_on": TOO_EARLY} if terms.review_on <= terms.effective_on else {}


def _wrong_keep(context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    if not terms.conditions:
        return {"conditions": NO_CONDITION}
    known = {*context.policy.conditions, *decision.conditions}
    return {} if known.issuperset(terms.conditions) else {"conditions": GONE}


def _wrong_review(tx: Transaction, context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    since = context.policy.hours.local_date(running_since(tx, decision))
    latest = latest_review(since, context.policy)
    return {} if context.today() < terms.review_on <= latest else {"review_on": WHEN.format(day=day(latest))}
