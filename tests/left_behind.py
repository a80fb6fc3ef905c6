"""Which messages an act left as they were, although they would say something else by now."""

from dataclasses import dataclass, replace

from bot.app import render_function
from bot.rules.notices import FILES, Notice, NoticeKind
from bot.usecases.context import Context
from bot.usecases.delivery.delivery import Render
from bot.usecases.transport import RetryLater
from storage.database import Database
from storage.db.mapping import value_of
from storage.tables.outbox import notice
from storage.transaction import Transaction
from tests.builders import TEAM, rows

FINAL = {*FILES, NoticeKind.DIGEST}
Key = tuple[str, int, str, int]


@dataclass(frozen=True)
class Drawn:
    """A message as it would be sent now. `wanted`: the version that it is to show."""

    wanted: int
    digest: str
    text: str


def drawn(context: Context, database: Database) -> dict[Key, Drawn]:
    """Every message that was asked for, as if Slack showed it already; files aside, which are final."""
    render, found = render_function(replace(context, workspace_url=lambda: "https://firm.slack.com/")), {}
    for row in rows(database, notice):
        if row.kind not in FINAL:
            shown = value_of(Notice, row, in_doubt=False, ts=row.ts or "1.0")
            with database.read(TEAM) as tx:
                found[row.kind, row.subject, row.target, row.round] = _drawn(render, tx, shown)
    return found


def _drawn(render: Render, tx: Transaction, shown: Notice) -> Drawn:
    try:
        message = render(tx, shown)
    except RetryLater:
        return Drawn(shown.wanted, "", "not to be sent yet")
    return Drawn(shown.wanted, message.digest(), message.text or str(message.blocks))


def left_behind(before: dict[Key, Drawn], after: dict[Key, Drawn]) -> list[tuple[Key, str, str]]:
    """The messages that would say something else, and that nobody asked to be drawn again: what they say, and would."""
    both = [(key, was, after[key]) for key, was in before.items() if key in after]
    return [
        (key, was.text, now.text) for key, was, now in both if was.digest != now.digest and was.wanted == now.wanted
    ]
