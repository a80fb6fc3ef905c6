"""The health of a bot of which only the record is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.health import Health
from bot.watch import DatabaseWatch

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database


class Calm:
    """A worker, with the loop of its roster, in which nothing is wrong, and to which Slack has said nothing yet."""

    def __init__(self, context: Context) -> None:
        self.roster, self.firm = self, context.firm

    def not_started(self) -> str:
        return ""

    def problems(self) -> dict[str, str]:
        return {}

    def named_in_vain(self) -> dict[str, str]:
        return {}

    def has_director(self) -> bool:
        return True


def a_health(context: Context, database: Database) -> Health:
    """The health of a bot whose threads do their work."""
    return Health(database, cast("Any", Calm(context)), DatabaseWatch(database.try_to_write))
