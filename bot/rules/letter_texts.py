"""The words of the letters to a customer, read as the customer reads them: whole, and as something to be signed."""

from typing import Final

from bot.language import _
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from bot.rules.reports import Place

PLACES: Final = {
    # Translators: where something happened, as in "- 20 November 2026, on the phone: threats".
    Place.PHONE: _("on the phone"),
    Place.EMAIL: _("by e-mail"),
    Place.CHAT: _("in a chat"),
    Place.IN_PERSON: _("in person"),
    Place.SOCIAL_MEDIA: _("on social media"),
}
EPISODE: Final = _("- {day}, {place}: {conduct}")
TWICE: Final = _("- {day}, {place}, twice: {conduct}")

LETTER: Final = _("""\
{today}

Dear {customer},

{body}

Yours sincerely
""")

WARNING: Final = _("""\
This is a formal warning. It is about how you, or somebody who acts for you, dealt with our staff.

What happened
{episodes}

You may be firm with us, and you may complain. But nobody who works here has to accept conduct like this.

What we ask of you
From now on, please:
{changes}

What happens otherwise
If something like this happens again while this warning is valid, {consequence}

If you see it differently
You may object to this warning, once, until {until}. {how} Somebody who was not involved will look at it. We \
will answer within {within} after we hear from you. Until we answer, the warning stays valid. {tell_us}

How long this warning is valid
It is valid for {valid} from the day you receive it. Then it ends. You do not have to do anything for that.
""")

CONSEQUENCE: Final = _("we may end our business with you, or go on working with you only on conditions.")
# Translators: of a first warning where the policy asks for more; {n} is 2 or more.
NEXT_WARNING: Final = _("you may get another formal warning. After {n} warnings, {consequence}")

DROP: Final = _("""\
We are ending our business with you on {effective_on}.

Why
{why} This is what happened:
{episodes}

Before we decided, we considered whether an illness, a disability, a hard time or a difficulty with the language \
explains what happened.

What this means
From {effective_on} we take no new orders from you, and we do not answer your calls or messages. We do answer if you \
object to this decision, or if there is an emergency (see below). You still have to pay what you owe us, and we still \
have to pay what we owe you.

How long this lasts
Until {review_on}. Then this decision ends, and you may do business with us again, unless we renew it and tell you \
why.

{objecting}

In an emergency
{emergency}
""")

CONDITIONS: Final = _("""\
We will go on working with you, but only on conditions. From now on:
{conditions}

Why
This is what happened:
{episodes}

What happens otherwise
If you do not keep to this, we may end our business with you.

How long this lasts
Until {review_on}. Then we work with you as before, unless we renew the conditions and tell you why.

{objecting}
""")

TO_A_DECISION: Final = _("""\
If you see it differently
You may object to this decision, once, until {until}. {how} Somebody who was not involved will look at it. We \
will answer within {within} after we hear from you. Until we answer, the decision stands. {tell_us}""")

ANSWER: Final = _("""\
{objected} Somebody who was not involved in it has looked at it again.

Our answer
{answer}

Why
{rationale}

This is our final answer to your objection.
""")
OBJECTED: Final = {
    Choice.DROP: _("You objected to our decision of {day} to end our business with you."),
    Choice.KEEP: _("You objected to our decision of {day} to go on working with you on conditions only."),
}
TELL_US: Final = _(
    "If an illness, a disability, a hard time or a difficulty with the language is a reason for this, please tell us: "
    "we will look for a way that works for you."
)
# Translators: stands for the address in "Write to us at …", where the policy names none.
FROM_HERE: Final = _("the address that this letter came from")
OBJECTED_TO_WARNING: Final = _("You objected to our warning of {day}.")
WARNING_STANDS: Final = _("The warning stands. It is valid until {until}.")
WARNING_CANCELLED: Final = _("We have cancelled the warning. It is no longer valid.")
STANDS: Final = _("The decision stands.")
CANCELLED: Final = _("We have cancelled the decision. We go on working with you as before.")
CHANGED_TO_DROP: Final = _("We have changed the decision. We are ending our business with you on {effective_on}.")
CHANGED_TO_KEEP: Final = _(
    "We have changed the decision. We go on working with you, but only on conditions. From now on:\n{conditions}"
)
HOLDS_UNTIL: Final = _("The decision holds until {review_on}. Then it ends, unless we renew it and tell you why.")
# Translators: {reason} is one of the firm's reasons, such as "Abuse after a warning".
REASON: Final = _("Our reason: {reason}.")
WARNED: Final = _("We warned you on {day}.")
NOT_WARNED: Final = _("After conduct like this we do not warn first.")


def in_letters(policy: Policy, text: str) -> str:
    """A sentence of the policy as letters say it, with the firm's address in its place."""
    return text.replace("{address}", policy.firm.address_on_one_line or FROM_HERE)
