"""The second step of a decision or an answer: the letter to the customer, drafted from what the first step asked.

What was answered is carried in the form's private metadata, so that the letter and the record cannot differ.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from bot.language import _
from bot.rules.decisions import Choice
from bot.rules.objections import Terms
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Block, View, field, form, text_input
from handlers.blockkit.text import one_line
from handlers.button_values import case_and_version, case_value
from handlers.names import BlockId, CallbackId
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed

TITLE: Final = _("The letter")
NEXT: Final = _("Next: the letter")
THE_LETTER: Final = _("The letter to the customer")
SIGN_AND_SEND: Final = _("Sign and send it.")
# Translators: {signature} is who signs the firm's letters, such as "Priya Shah, Customer Care".
SIGNED_BY: Final = _("{signature} signs it; you send it.")

_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_KEY: Final = "[a-z][a-z0-9_]{0,49}"
_CARRIED: Final = re.compile(
    f"(case:[0-9]+:[0-9]+)(?::(drop|keep):({_DAY}):({_DAY})?:((?:{_KEY}(?:,{_KEY})*)?))?:({_KEY})?(?:\n(.+))?",
    re.ASCII,
)


class Carried(NamedTuple):
    """The answers of the first step. `terms`: of a decision; None of a warning.

    `why`: a key, of the reason to drop or of how an objection is answered.
    """

    case: int
    version: int
    terms: Terms | None
    why: str = ""


def letter_form(
    policy: Policy,
    named: tuple[CallbackId, str],
    carried: Carried,
    letter: str,
    above: Block,
    *below: Sequence[Block],
) -> View:
    """`named`: the form and the words of its button. `above` says what is about to be decided."""
    callback, submit = named
    written = field(BlockId.LETTER, THE_LETTER, text_input(letter), hint=who_signs(policy))
    return form(
        callback, TITLE, submit, [above, written, *(block for each in below for block in each)], _value(carried)
    )


def who_signs(policy: Policy) -> str:
    """Who signs the letter and who sends it: Backstop does neither."""
    signature = one_line(policy.firm.signature)
    return SIGNED_BY.format(signature=signature) if signature else SIGN_AND_SEND


def rationale_again(label: str, rationale: str) -> Block:
    """Why, as it was typed in the first step."""
    return field(BlockId.RATIONALE, label, text_input(rationale))


def carried_by(form: Form) -> Carried:
    """What the form brings back. Raises Malformed."""
    found = _CARRIED.fullmatch(form.metadata)
    if found is None:
        raise Malformed("private_metadata")
    case, choice, review_on, effective_on, conditions, why, details = found.groups()
    terms = _terms(choice, review_on, effective_on, conditions, details) if choice else None
    return Carried(*case_and_version(case), terms, why or "")


def _terms(choice: str, review_on: str, effective_on: str | None, conditions: str, details: str | None) -> Terms:
    try:
        return Terms(
            Choice(choice),
            date.fromisoformat(review_on),
            date.fromisoformat(effective_on) if effective_on else None,
            tuple(conditions.split(",")) if conditions else (),
            tuple((str(key), str(value)) for key, value in json.loads(details)) if details else (),
        )
    except (ValueError, TypeError):
        raise Malformed("private_metadata") from None


def _value(carried: Carried) -> str:
    terms = _terms_value(carried.terms) if carried.terms else []
    said = ":".join((case_value(carried.case, carried.version), *terms, carried.why))
    details = carried.terms.details if carried.terms else ()
    written = json.dumps(details, ensure_ascii=False).replace("~", "\\u007e")  # a record's key stands behind "~"
    return f"{said}\n{written}" if details else said


def _terms_value(terms: Terms) -> list[str]:
    effective_on = terms.effective_on.isoformat() if terms.effective_on else ""
    return [terms.choice.value, terms.review_on.isoformat(), effective_on, ",".join(terms.conditions)]
