"""Records that buttons and forms name by number, and their keys.

A number may recur: after a backup was restored, the next case gets the number of one that was lost; a second
installation counts from 1 as well. The key of a record is random, so it never does.
"""

from enum import StrEnum
from typing import Final, NamedTuple

KEY: Final = 16  # hex digits of a record's key: 64 bits
CHANGE: Final = 8  # of the key of the report that changed a case last, and as many of its customer's safeguards


class RecordKind(StrEnum):
    """A kind of record that a button or a form names. The words are those of `Unknown`."""

    CASE = "case"
    CUSTOMER = "customer"
    REPORT = "report"
    MERGER = "merger"
    SAFEGUARD = "safeguard"
    SUMMARY = "summary"
    CALL = "call"


class RecordName(NamedTuple):
    """A record by its number. A summary's is that of its week, and it also has a channel."""

    kind: RecordKind
    number: int
    channel: str = ""
