"""What `/backup` does: it calls for somebody, or says how it works."""

from bot.rules.backup import CallFile
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_rep
from handlers.backup.messages import called_text
from handlers.shared.help import help_text, is_help


def call_or_help(context: Context, command: CallBackup) -> CallFile | None:
    """The call; None, and nobody is called, where somebody asks for help. Raises as `call_backup`."""
    if not is_help(command.typed):
        return call_backup(context, command)
    with context.read(command.by.team) as tx:
        refuse_unless_rep(tx, command.by, context.clock())
    return None


def called_or_help(file: CallFile | None) -> str:
    """The answer to the command."""
    return called_text(file) if file else help_text()
