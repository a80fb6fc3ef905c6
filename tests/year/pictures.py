"""Every message that is to show something new can be rendered, and Slack would accept it."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.app import render_function
from bot.rules.notices import Notice, NoticeKind
from bot.rules.weeks import Week
from bot.sandbox.block_kit.check import check_message, check_view
from bot.sandbox.errors import SlackError
from bot.usecases.transport import Message
from bot.usecases.weekly.summaries import publish_digest
from storage.tables.outbox import notice
from tests.builders import TEAM
from tests.year.facts import Row
from tests.year.office import Office

Key = tuple[str, int, str, int]


def wrong(office: Office, keys: set[Key]) -> Iterator[str]:
    """Render these messages, and say which of them Slack would not accept."""
    for row in _notices(office, keys):
        if row.kind == NoticeKind.DIGEST:
            continue  # it answers the summary, which is never in Slack here
        try:
            _show(row.kind, drawn(office, row))
        except SlackError as refusal:
            yield f"{row.kind} {row.subject} for {row.target}: {refusal}"


def drawn(office: Office, row: Row) -> Message:
    if row.kind == NoticeKind.SUMMARY:
        publish_digest(office.context, TEAM, Week.of_key(row.subject), row.target)
    with office.context.read(TEAM) as tx:
        return render_function(office.context)(tx, _notice(row))


def _show(kind: str, message: Message) -> None:
    if kind == NoticeKind.HOME:
        check_view({"type": "home", "blocks": message.blocks}, ("home",))
    elif message.file is None:
        check_message(message.text, message.blocks)


def noticed(office: Office) -> list[Row]:
    """Every message that was asked for."""
    with office.database.engine.connect() as connection:
        return list(connection.execute(select(notice).order_by(notice.c.kind, notice.c.subject, notice.c.round)))


def _notices(office: Office, keys: set[Key]) -> list[Row]:
    if not keys:
        return []
    subjects = notice.c.subject.in_({subject for _, subject, _, _ in keys})
    with office.database.engine.connect() as connection:
        found = connection.execute(select(notice).where(subjects))
        return [row for row in found if (row.kind, row.subject, row.target, row.round) in keys]


def _notice(row: Row) -> Notice:
    return Notice(
        team=row.team,
        kind=row.kind,
        subject=row.subject,
        target=row.target,
        round=row.round,
        channel=row.channel,
        ts=row.ts,
        tag=row.tag,
        rate_limit=row.rate_limit,
        wanted=row.wanted,
        attempt=row.attempt,
        failures=row.failures,
        in_doubt=row.doubt,
        created_at=row.created_at,
    )
