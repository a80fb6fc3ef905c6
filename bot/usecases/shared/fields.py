"""What every use case with fields does first: it refuses what is wrong in them, all at once."""

from collections.abc import Mapping

from bot.rules.fields import problems
from bot.rules.refusals import Wrong
from bot.usecases.context import Context


def wrong_fields(context: Context, command: object) -> dict[str, str]:
    """What is wrong with each field of a command by itself, by field name."""
    return problems(command, context.policy, context.clock())


def refuse(wrong: Mapping[str, str]) -> None:
    """Raises Wrong if there is anything wrong."""
    if wrong:
        raise Wrong(dict(wrong))


def refuse_wrong_fields(context: Context, command: object) -> None:
    """Raises Wrong if a field of the command is wrong by itself."""
    refuse(wrong_fields(context, command))
