"""The words of the letters to a customer, read as the customer reads them: whole, and as something to be signed."""

from typing import Final

from bot.language import _
from bot.rules.decisions import Choice
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
This is a formal warning. It is about how you, or somebody who acts for you, treated our staff.

What happened
{episodes}

You may be firm with us, and you may complain. But our staff do not have to put up with conduct like this.

What we ask of you
From now on, please:
{changes}

What happens otherwise
If it happens again while this warning is valid, we may end our business with you.

If you see it differently
You may object to this warning, once, until {until}. {how} Somebody who had no part in it will look at it, and we \
will answer within {within} of hearing from you. {tell_us}

How long this warning is valid
It is valid for {valid} from the day you receive it. After that it ends, and you need do nothing.
""")

DROP: Final = _("""\
We are ending our business with you on {effective_on}.

Why
{why} This is what happened:
{episodes}

Before we decided, we considered whether an illness, a disability, a hard time or a difficulty with the language \
explains it.

What this means
From {effective_on} we take no new orders from you, and we do not answer your calls or messages, unless you object to \
this decision or there is an emergency: see below. What either of us owes the other up to that day still has to be paid.

How long this lasts
Until {review_on}. It ends on that day unless we renew it and tell you why.

{objecting}

In an emergency
{emergency}
""")

CONDITIONS: Final = _("""\
We will go on working with you, on these conditions:
{conditions}

Why
This is what happened:
{episodes}

What happens otherwise
If you do not keep to these conditions, we may end our business with you.

How long this lasts
Until {review_on}. The conditions end on that day unless we renew them and tell you why.

{objecting}
""")

TO_A_DECISION: Final = _("""\
If you see it differently
You may object to this decision, once, until {until}. {how} We will answer within {within} of \
hearing from you. {tell_us}""")

ANSWER: Final = _("""\
{objected} Somebody who took no part in it has looked at it again.

Our answer
{answer}

Why
{rationale}

This is our last answer to this objection.
""")
OBJECTED: Final = {
    Choice.DROP: _("You objected to our decision of {day} to end our business with you."),
    Choice.KEEP: _("You objected to our decision of {day} to go on working with you on conditions only."),
}
TELL_US: Final = _(
    "If an illness, a disability, a hard time or a difficulty with the language has played a part, please tell us: "
    "we will look for a way that works for you."
)
OBJECTED_TO_WARNING: Final = _("You objected to our warning of {day}.")
WARNING_STANDS: Final = _("The warning stands. It is valid until {until}.")
WARNING_CANCELLED: Final = _("The warning is cancelled. It is no longer valid.")
STANDS: Final = _("The decision stands.")
CANCELLED: Final = _("The decision is cancelled. We go on working with you as before.")
CHANGED_TO_DROP: Final = _("The decision is changed. We are ending our business with you on {effective_on}.")
CHANGED_TO_KEEP: Final = _("The decision is changed. We go on working with you, on these conditions:\n{conditions}")
HOLDS_UNTIL: Final = _("This lasts until {review_on}. It ends on that day unless we renew it and tell you why.")
# Translators: {reason} is one of the firm's reasons, such as "Abuse after a warning".
REASON: Final = _("Our reason: {reason}.")
WARNED: Final = _("We warned you on {day}.")
