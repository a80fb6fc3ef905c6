"""What every use case with fields refuses: whatever is wrong in them, all at once, once it is clear who may send it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.language import _
from bot.rules.conditions import FIELD, Details, asked_details, user_in, wrong_details
from bot.rules.fields import problems
from bot.rules.refusals import Unknown, Wrong
from bot.usecases.context import Begin, Context
from bot.usecases.permissions.colleagues import is_stranger
from bot.usecases.shared.case_access import Check
from storage.transaction import Transaction

NO_COLLEAGUE = _(
    "This is a guest, a bot, or somebody who does not work here. Please pick somebody else, or write a name."
)


def wrong_fields(context: Context, command: object) -> dict[str, str]:
    """What is wrong with each field of a command by itself, by field name."""
    return problems(command, context.policy, context.clock())


def wrong_answers(tx: Transaction, context: Context, conditions: Sequence[str], details: Details) -> dict[str, str]:
    """What is wrong with what the conditions ask for. Reps read that they pass the customer to whoever is picked."""
    asked = asked_details(conditions, details, context.policy)
    picked = {f"{FIELD}{key}": user for key, value in asked if (user := user_in(value))}
    strangers = {name: NO_COLLEAGUE for name, user in picked.items() if is_stranger(tx, user)}
    return wrong_details(conditions, details, context.policy) | strangers


def refuse(wrong: Mapping[str, str]) -> None:
    """Raises Wrong if there is anything wrong."""
    if wrong:
        raise Wrong(dict(wrong))


def refuse_wrong_fields(
    context: Context,
    command: Any,  # noqa: ANN401 - of any use case
    check: Check,
    number: int,
    wrong: Mapping[str, str] | None = None,
    besides: Callable[[Transaction], Mapping[str, str]] | None = None,
) -> None:
    """Raises Wrong if a field of the command is wrong by itself, before the use case begins its transaction.

    What `check` refuses about the record of this `number` comes first: it says who may send the form. `wrong`, and what
    `besides` finds in the record: what is wrong besides; what is said of a field by itself goes before it.
    """
    found = {**(wrong or {}), **wrong_fields(context, command)}
    if found or besides:
        with context.read(command.by.team) as tx:
            found = {**(besides(tx) if besides else {}), **found}
            if found:
                check(tx, context, command.by, number)
                raise _WrongByItself(found)


class _WrongByItself(Wrong):
    """The fields are wrong whatever is chosen elsewhere in the form."""


def refusing(context: Context, wrong: Mapping[str, str]) -> Context:
    """The context for a form in which a choice was not made: the use case may refuse, and does nothing else.

    `wrong`: all that is wrong with the form by itself. Each transaction ends with Wrong, of these fields and those of
    `refuse_wrong_fields`, unless the use case refuses for another reason before: who may not send the form reads that.
    """
    if not wrong:
        return context
    return replace(context, begin=_refusing(context.begin, wrong), read=_refusing(context.read, wrong))


def _refusing(begin: Begin, wrong: Mapping[str, str]) -> Begin:
    @contextmanager
    def refused(team: str) -> Iterator[Transaction]:
        with begin(team) as tx:
            try:
                yield tx
            except _WrongByItself as found:
                raise Wrong({**found.fields, **wrong}) from None
            except (Wrong, Unknown):  # they may be about what stands in the place of the choice
                raise Wrong(dict(wrong)) from None
            raise Wrong(dict(wrong))

    return refused
