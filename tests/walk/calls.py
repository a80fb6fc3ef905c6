"""Calls for backup in a random walk: what people do about them, and who must not have been asked."""

from collections.abc import Callable, Iterator, Mapping

from bot.rules.backup import HowEnded
from bot.rules.notices import Notice, NoticeKind
from bot.usecases.backup.answer import EndCall, TakeCall, end_backup, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.backup.messages import for_who_is_asked
from bot.usecases.context import Context
from storage.tables.backup import backup_call
from storage.tables.customers import customer
from tests.builders import TEAM, someone
from tests.walk.looking import Act
from tests.year.chance import Chance
from tests.year.facts import Facts, Row

StakesIn = Callable[[int], Mapping[str, str]]
SECONDS = (5, 20, 70)
"""Between two steps, while somebody waits for help."""


def about_calls(known: Facts, chance: Chance, names: tuple[str, ...]) -> Iterator[Act]:
    """Somebody calls; whoever was asked comes, or somebody else tries to; either of the two ends it."""
    typed = f"{chance.one_of(names)}, he shouts at me"
    number = chance.one_of([0, *(row.number for row in known.of(customer))])
    yield 0.8, call_backup, CallBackup(chance.rep(), "" if number and chance.now_and_then(0.5) else typed, number)
    for call in known.of(backup_call)[-2:]:
        weight = 0.1 if call.ended_at else 8.0
        comes = chance.one_of(call.asked) if call.asked and chance.now_and_then(0.5) else chance.manager().user
        yield weight, take_call, TakeCall(someone(comes), call.number)
        by = chance.one_of((call.caller, call.taken_by or call.caller, chance.rep().user))
        yield weight / 8, end_backup, EndCall(someone(by), call.number, chance.one_of((*HowEnded,)))


def wrongly_asked(before: Facts, known: Facts, stakes_in: StakesIn) -> Iterator[str]:
    """Whoever was asked since, or came, and has a stake in the customer; or is the caller."""
    were = {call.number: call for call in before.of(backup_call)}
    for call in known.of(backup_call):
        was = were.get(call.number)
        asked = set(call.asked) - set(was.asked if was else ())
        came = {call.taken_by} - {was.taken_by if was else None, None}
        staked = stakes_in(call.customer) if call.customer else {}
        for user in sorted(asked | came):
            why = "called" if user == call.caller else staked.get(user)
            if why:
                yield f"call {call.number}: {user} was asked or came, who {why}"


def wrongly_read(context: Context, known: Facts, stakes_in: StakesIn) -> Iterator[str]:
    """What a rep typed, shown to somebody with a stake in whom they named. The newest calls only."""
    for call in known.of(backup_call, lambda row: row.words)[-3:]:
        named = call.customer or _named(known, call.words)
        staked = stakes_in(named) if named else {}
        for user in call.asked:
            if user in staked and _read(context, call, user):
                yield f"call {call.number}: {user} reads what was typed, who {staked[user]}"


def _named(known: Facts, words: str) -> int:
    name = words.partition(",")[0]
    return next((row.number for row in known.of(customer) if row.name == name), 0)


def _read(context: Context, call: Row, user: str) -> str:
    now = context.clock()
    notice = Notice(
        TEAM, NoticeKind.BACKUP, call.number, user, 0, user, "1.0", "tag", "", 1, 0, 0, in_doubt=False, created_at=now
    )
    with context.read(TEAM) as tx:
        return for_who_is_asked(tx, context, notice).file.call.words
