"""`python verify.py DIGEST [PACK]`: is an evidence pack what the record held when the digest was published?

DIGEST is the digest of the audit log that the firm posted below a weekly summary in Slack. PACK is the ZIP file, or the
folder into which it was unpacked; without it, the folder of this file. Needs Python 3.11 or newer, and nothing else.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.rules.evidence_pack.archive import unzipped
from bot.rules.evidence_pack.contents import (
    CASE,
    FORMAT,
    MANIFEST,
    NAMES,
    PROOF,
    README,
    REPORT,
    SCHEMA,
    VERIFY,
    as_json,
    manifest,
    readme,
)
from bot.rules.evidence_pack.names import names_problems
from bot.rules.evidence_pack.proof import Versions, log_problems, policy_problems, row_problems, time_problems
from bot.rules.evidence_pack.published import (
    position_of,
    publication_problems,
    published_last,
    vouched_for,
)
from bot.rules.evidence_pack.record import Record
from bot.rules.evidence_pack.report import report
from bot.rules.evidence_pack.schema import schema_problems
from bot.rules.evidence_pack.zone import zone_problems
from bot.rules.text import printable

Files = Mapping[str, bytes]
Definitions = Mapping[str, Any]
"""`versions` of the rows' digests, and the `schema` of case.json, of the release that made the pack."""
REFUSED: Final = "NOT PROVEN. Do not rely on this pack."
PROVEN: Final = "PROVEN. The pack is what the record held when the digest was published."
UP_TO: Final = "PROVEN up to {published}; {n} after it {are} not proven."
PARTLY: Final = "PROVEN IN PART: up to {published}; {n} after it {are} not proven."
LATER: Final = "The digest does not vouch for what follows, nor for the times: {entries}."
NEWER: Final = "This pack has a proof for digests that were published later too. Ask for that of week {week}."
NEW_PACK: Final = (
    "No other digest proves more of this pack. For more it takes a new pack, made after a later digest was published, "
    "and that digest."
)
NO_DIGEST: Final = "This is not a digest: {given}. A digest is 64 characters, each 0 to 9 or a to f."
UNREAD: Final = "Not part of the pack, and not looked at: {names}."
HARMLESS: Final = frozenset({"export", "read"})  # acts that say who saw the case, and nothing about it
STRAY: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})  # what systems put into folders
DIGEST: Final = re.compile("[0-9a-f]{64}")
AROUND: Final = re.compile("[\\s`'\"\u200b\ufeff]")  # what comes along when a digest is copied from a message
NEEDED: Final = frozenset({CASE, MANIFEST, PROOF, README, REPORT, SCHEMA, VERIFY})


def problems(files: Files, digest: str, definitions: Definitions) -> Iterator[str]:
    """Everything that is wrong with the files of a pack, a sentence each."""
    yield from (f"{name} is missing." for name in sorted(NEEDED - files.keys()))
    if NEEDED - files.keys():
        return
    others = {name: content for name, content in files.items() if name != MANIFEST}
    if manifest(others) != files[MANIFEST]:
        yield from _changed(others, files[MANIFEST])
    try:
        case, proof = json.loads(files[CASE]), json.loads(files[PROOF])
        yield from (f"{name} is not as Backstop writes it." for name in _rewritten(files, case, proof, definitions))
        unlike = list(schema_problems(case, definitions["schema"], CASE))
        yield from unlike
        if not unlike:
            yield from _record_problems(files, Record(case), proof, digest, definitions["versions"])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        yield f"What is in the pack was never written by Backstop ({type(error).__name__})."


def _changed(files: Files, kept: bytes) -> Iterator[str]:
    """What the manifest says otherwise."""
    listed, made = _digests(kept), _digests(manifest(files))
    yield from (f"{name} is no file of this pack." for name in sorted(made.keys() - listed.keys()))
    yield from (f"{name} is missing." for name in sorted(listed.keys() - made.keys()))
    yield from (f"{name} was changed." for name in sorted(listed.keys() & made.keys()) if listed[name] != made[name])
    if listed == made:
        yield f"{MANIFEST} was changed."


def _digests(written: bytes) -> dict[str, str]:
    try:
        return dict(json.loads(written)["files"])
    except (ValueError, KeyError, TypeError):
        return {}


def _rewritten(files: Files, case: Any, proof: Any, definitions: Definitions) -> Iterator[str]:  # noqa: ANN401 - JSON
    """The files that are not what Backstop writes for the same contents."""
    expected = {
        CASE: as_json(case),
        PROOF: as_json(proof),
        SCHEMA: as_json(definitions["schema"]),
        README: readme(case["case"], names=NAMES in files),
    }
    yield from (name for name, content in expected.items() if files[name] != content)


def _record_problems(
    files: Files, record: Record, proof: dict[str, Any], digest: str, versions: Versions
) -> Iterator[str]:
    if files[CASE] != as_json({**json.loads(files[CASE]), "format": FORMAT}):
        yield f"{CASE} is of another format."
    yield from log_problems(record)
    yield from row_problems(record, proof["salts"], versions)
    yield from policy_problems(record)
    yield from zone_problems(record)
    yield from _file_problems(files, record)
    yield from publication_problems(record, proof["publications"], digest)
    published = published_last(record, proof["publications"])
    yield from time_problems(record, published)
    if report(record, published).encode() != files[REPORT]:
        yield f"{REPORT} does not say what {CASE} says."
    if NAMES in files:
        yield from names_problems(record, files[NAMES].decode())


def _file_problems(files: Files, record: Record) -> Iterator[str]:
    """Of what reps uploaded: the evidence of the reports, which the log vouches for, has the digest of each file."""
    named = record.kept_files()
    for name, digest in named.items():
        if name not in files:
            yield f"{name} is missing."
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{name} is not the file that was fetched from Slack."
    yield from (
        f"{name} is the file of no report." for name in files if name.startswith("files/") and name not in named
    )


def findings(files: Files, digest: str) -> tuple[list[str], int]:
    """What was checked in a pack without problems, a sentence each, the result last; and the exit code.

    Entries after the publication are never called proven. The code is 0 if they say no more than who saw the case, as
    does the entry of who took the pack.
    """
    record, proof = Record(json.loads(files[CASE])), json.loads(files[PROOF])
    publications = proof["publications"]
    vouched = vouched_for(record, publications, digest)
    later = [entry for entry in record.log if entry["n"] > vouched[entry["customer"]]]
    names = f"{NAMES} says who people are." if NAMES in files else f"{NAMES} was left out on request."
    said = [
        f"Case {record.number} of workspace {record.workspace}. {names}",
        *(f"The digest vouches for entries 1 to {n} about record {customer}." for customer, n in vouched.items()),
    ]
    if not later:
        return [*said, PROVEN], 0
    position = position_of(record, publications, digest) or 0
    entries = ", ".join(f"entry {entry['n']} about record {entry['customer']} ({entry['act']})" for entry in later)
    whole = not any(entry["rows"] or entry["act"] not in HARMLESS for entry in later)
    newest = publications[-1]
    more = NEW_PACK if newest is publications[position] else NEWER.format(week=newest["week"])
    return [
        *said,
        LATER.format(entries=entries),
        *([] if whole else [more]),
        (UP_TO if whole else PARTLY).format(
            published=f"the digest of week {publications[position]['week']}",
            n="1 entry" if len(later) == 1 else f"{len(later)} entries",
            are="is" if len(later) == 1 else "are",
        ),
    ], 0 if whole else 3


def read(where: Path) -> tuple[Files, list[str]]:
    """The files of a pack, and the names of those beside them that are none of its own.

    Raises ValueError if they are not those of a pack, and OSError if they cannot be read.
    """
    if not where.is_dir():
        return unzipped(where.read_bytes()), []
    found = {path.relative_to(where): path for path in sorted(where.rglob("*")) if path.is_file()}
    stray = [name for name in found if _is_stray(name)]
    return {name.as_posix(): path.read_bytes() for name, path in found.items() if name not in stray}, [
        name.as_posix() for name in stray
    ]


def _is_stray(name: Path) -> bool:
    """Whether a system put it there, or it is a ZIP file beside what was unpacked from it."""
    by_system = name.name.lower() in STRAY or name.name.startswith("._") or name.parts[0] == "__MACOSX"
    return by_system or (len(name.parts) == 1 and name.suffix.lower() == ".zip")


def main(arguments: Sequence[str], definitions: Definitions) -> int:
    """Check a pack, print what was found, and return the exit code: 0 only where everything is as it was published."""
    if len(arguments) not in {1, 2} or arguments[0].startswith("-"):
        return _says([__doc__ or ""], 2)
    digest, where = AROUND.sub("", arguments[0]).lower(), Path(arguments[1]) if arguments[1:] else Path(__file__).parent
    if not DIGEST.fullmatch(digest):
        return _says([NO_DIGEST.format(given=arguments[0])], 2)
    try:
        files, unread = read(where)
        found = list(problems(files, digest, definitions))
    except (OSError, ValueError) as error:
        files, unread, found = {}, [], [f"The pack cannot be read: {error}"]
    beside = [UNREAD.format(names=", ".join(unread))] if unread else []
    if found:
        return _says([*beside, *found, REFUSED], 1)
    said, code = findings(files, digest)
    return _says([*beside, *said], code)


def _says(lines: Sequence[str], code: int) -> int:
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
    return code
