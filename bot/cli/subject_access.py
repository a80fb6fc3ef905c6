"""What a person may be given who asks what is kept about them: their data without that of colleagues.

Art. 15(4) GDPR and the UK's Data Protection Act 2018, Schedule 2, paragraph 16: the rights of others are not to be
adversely affected. Colleagues become "colleague 1" and so on, the same one each time, so that it still shows how many
there were. What a colleague said of themselves is left out: why they stepped aside, how they answered when asked how
they are, and whether they asked for support. So are digests, from which somebody who guesses a name could prove it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.rules.audit import OPERATORS, REPS_OWN
from storage.db.digested_tables import DIGESTED

COLLEAGUE: Final = "colleague {n}"
SYSTEM_USER: Final = "who runs Backstop"
FREE_TEXTS: Final = frozenset(name for kind in DIGESTED.values() for names in kind.texts.values() for name in names) | {
    "random_key"
}
"""The columns in which a whole text that looks like an ID is none. Any other may name a colleague, a new one too."""
OF_THEMSELVES: Final = {"recusals": ("reason",), "audit log": ("rows", "hash")}
"""By section, the columns that are left out."""
_ID: Final = re.compile(r"[UW][A-Z0-9]{2,31}", re.ASCII)
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]{2,31})(?:\|[^>]*)?>", re.ASCII)

Rows = list[dict[str, Any]]


def without_colleagues(sections: Mapping[str, Rows]) -> dict[str, Rows]:
    """The sections of an export without colleagues' IDs, and without what colleagues said of themselves.

    A name that somebody wrote into a text stays: nothing on record says that it is one.
    """
    kept = {
        section: [_kept(section, row) for row in rows if not _is_reps_own(row)] for section, rows in sections.items()
    }
    names = {user: COLLEAGUE.format(n=n) for n, user in enumerate(dict.fromkeys(_colleagues(kept)), 1)}
    known = re.compile("|".join([_MENTION.pattern, *(rf"\b{user}\b" for user in names)]), re.ASCII)
    return {section: [_renamed(row, names, known) for row in rows] for section, rows in kept.items()}


def _is_reps_own(row: Mapping[str, Any]) -> bool:
    return row.get("act") in REPS_OWN


def _kept(section: str, row: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in row.items() if name not in OF_THEMSELVES.get(section, ())}
    if row.get("act") in OPERATORS and isinstance(row.get("facts"), dict) and "by" in row["facts"]:
        left["facts"] = row["facts"] | {"by": SYSTEM_USER}
    return left


def _colleagues(sections: Mapping[str, Rows]) -> Iterator[str]:
    """The ID of each colleague, as often as it stands in a column or a fact, or in a mention."""
    for rows in sections.values():
        for row in rows:
            for name, text in _texts("", row):
                if name not in FREE_TEXTS and _ID.fullmatch(text):
                    yield text
                yield from _MENTION.findall(text)


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text in the value, each with the name of the column or fact in which it stands."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(key, each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(name, each)


def _renamed(value: Any, names: Mapping[str, str], known: re.Pattern[str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return known.sub(lambda found: names[found[1] or found[0]], value)
    if isinstance(value, dict):
        return {key: _renamed(each, names, known) for key, each in value.items()}
    return [_renamed(each, names, known) for each in value] if isinstance(value, list) else value
