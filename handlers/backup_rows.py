"""The rows of `handlers/entry_points.py` for backup: calling for somebody, and what answers a call."""

from typing import Final

from bot.usecases.backup.answer import end_backup, set_available, take_call
from bot.usecases.backup.call import call_backup
from bot.usecases.permissions.permissions import Permission
from handlers.backup import parse
from handlers.backup.command import call_or_help, called_or_help
from handlers.backup.messages import called_view
from handlers.entry_point import opens, runs, says, shows
from handlers.names import ActionId, Command, Shortcut
from handlers.reports.form import prefill_from_call, prefilled_form

_REP, _CALLED, _IN_CALL = Permission.REP, Permission.CALLED, Permission.IN_CALL

BACKUP: Final = (
    says(Command.BACKUP, _REP, parse.by_command, call_or_help, called_or_help, reads_profile=True),
    opens(Shortcut.BACKUP, _REP, parse.by_button, call_backup, shows(called_view), reads_profile=True),
    opens(ActionId.HOME_BACKUP, _REP, parse.by_button, call_backup, shows(called_view), reads_profile=True),
    opens(ActionId.BACKUP_ABOUT, _REP, parse.about_customer, call_backup, shows(called_view), reads_profile=True),
    runs(ActionId.BACKUP_TAKE, _CALLED, parse.take, take_call),
    *(runs(action, _IN_CALL, parse.end, end_backup) for action in parse.HOW),
    opens(ActionId.BACKUP_REPORT, _IN_CALL, parse.call_click, prefill_from_call, prefilled_form),
    runs(ActionId.MAY_BE_CALLED, _REP, parse.available, set_available),
    runs(ActionId.NOT_AVAILABLE, _REP, parse.available, set_available),
)
