"""A use case acts on the very record that somebody saw, not on another one that has its number by now."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from bot.rules.records import KEY, RecordKind, RecordName
from bot.rules.refusals import AnotherRecord, Unknown
from bot.usecases.context import Begin, Context
from storage.transaction import Transaction


def read_keys(context: Context, team: str, names: Iterable[RecordName]) -> Mapping[RecordName, str]:
    """The key of each of these records that is there."""
    with context.read(team) as tx:
        return tx.record_keys.of(names)


def holding_to(context: Context, keys: Mapping[RecordName, str]) -> Context:
    """The context for a request that names these records: each transaction first checks that they have these keys.

    A transaction raises Unknown for a record that is not there, AnotherRecord for one with another key. Whether a case
    has changed since is asked by `refuse_outdated`.
    """
    if not keys:
        return context
    seen = {name.number: key[KEY:] for name, key in keys.items() if name.kind is RecordKind.CASE}
    return replace(context, begin=_checked(context.begin, keys), read=_checked(context.read, keys), seen=seen)


def _checked(begin: Begin, keys: Mapping[RecordName, str]) -> Begin:
    @contextmanager
    def checked(team: str) -> Iterator[Transaction]:
        with begin(team) as tx:
            _refuse_others(tx, keys)
            yield tx

    return checked


def _refuse_others(tx: Transaction, keys: Mapping[RecordName, str]) -> None:
    found = tx.record_keys.of(keys)
    for name, key in keys.items():
        if name not in found:
            raise Unknown(name.kind, name.number)
        if found[name][:KEY] != key[:KEY]:
            raise AnotherRecord
