"""The words of the letters to a customer, read as the customer reads them: whole, and as something to be signed."""

from typing import Final

from bot.language import _
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

WARNING: Final = _("""\
{today}

Dear {customer},

This is a formal warning about how our staff have been treated.

What happened
{episodes}

You may be firm with us, and you may complain. But we do not accept conduct like this, whatever the reason for it.

What we ask of you
From now on, please:
{changes}

What happens otherwise
If it happens again while this warning is valid, we may end our business with you.

If you see it differently
You may object to this warning until {dispute_until}. {dispute} {tell_us}

How long this warning is valid
It is valid for {valid} from the day you receive it. After that it ends, and you need do nothing.

Yours sincerely
""")

DROP: Final = _("""\
Dear {customer},

We are ending our business with you on {effective_on}.

Why
{why} This is what happened:
{episodes}

What this means
From {effective_on} we take no new orders from you and do not answer calls or messages, except in an emergency, as we \
say below. What we owe each other up to that day stays owed.

How long this holds
Until {review_on}. It ends on that day unless we renew it and tell you why.

How to object
You may object once, until {appeal_until}. {appeal} {tell_us}

In an emergency
{emergency}

Yours sincerely
""")

CONDITIONS: Final = _("""\
Dear {customer},

We will go on working with you, on these conditions:
{conditions}

Why
This is what happened:
{episodes}

How long this holds
Until {review_on}. The conditions end on that day unless we renew them and tell you why.

How to object
You may object once, until {appeal_until}. {appeal} {tell_us}

Yours sincerely
""")

ANSWER: Final = _("""\
Dear {customer},

You objected to our decision of {decided_on}. Somebody who took no part in it has looked at it again.

Our answer
{answer}

Why
{rationale}

This objection is now closed.

Yours sincerely
""")
TELL_US: Final = _(
    "If a health condition, a disability or a difficulty with the language plays a part, please tell us: "
    "we will look for a way that works for you."
)
STANDS: Final = _("The decision stands.")
CANCELLED: Final = _("The decision is cancelled. We go on working with you as before.")
CHANGED_TO_DROP: Final = _("The decision is changed. We are ending our business with you on {effective_on}.")
CHANGED_TO_KEEP: Final = _("The decision is changed. We go on working with you, on these conditions:\n{conditions}")
HOLDS_UNTIL: Final = _("It holds until {review_on}. It ends on that day unless we renew it and tell you why.")
# Translators: a sentence that is one reason of the firm's, such as "Abuse after a warning".
REASON: Final = _("{reason}.")
WARNED: Final = _("We warned you on {day}.")
