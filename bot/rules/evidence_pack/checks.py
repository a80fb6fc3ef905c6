"""`python verify.py DIGEST [PACK]`: is an evidence pack what the record held when the digest was published?

DIGEST is the digest of the audit log that the firm posted below a weekly summary in Slack. PACK is the ZIP file, or the
folder into which it was unpacked; without it, the folder of this file. Needs Python 3.11 or newer, and nothing else.
"""

import json
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
from bot.rules.evidence_pack.proof import Versions, log_problems, policy_problems, row_problems
from bot.rules.evidence_pack.published import publication_problems, vouched_for
from bot.rules.evidence_pack.record import Record
from bot.rules.evidence_pack.report import report
from bot.rules.evidence_pack.schema import schema_problems
from bot.rules.text import printable

Files = Mapping[str, bytes]
Definitions = Mapping[str, Any]
"""`versions` of the rows' digests, and the `schema` of case.json, of the release that made the pack."""
REFUSED: Final = "NOT PROVEN. Do not rely on this pack."
PROVEN: Final = "PROVEN. The pack is what the record held when the digest was published."
PARTLY: Final = "PROVEN IN PART. Ask for a digest that was published later."
LATER: Final = "Entries that were made after the digest was published: {n}."
CHANGED_LATER: Final = "Of these, some changed the record, and nothing vouches for them yet: entries {entries}."
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
    yield from publication_problems(record, proof["publications"], digest)
    if report(record).encode() != files[REPORT]:
        yield f"{REPORT} does not say what {CASE} says."
    if NAMES in files:
        yield from names_problems(record, files[NAMES].decode())


def findings(files: Files, digest: str) -> tuple[list[str], bool]:
    """What was checked in a pack without problems, a sentence each; and whether the digest vouches for all of the case.

    Entries after the publication leave it whole if they changed nothing, as does the entry of who took the pack.
    """
    record, proof = Record(json.loads(files[CASE])), json.loads(files[PROOF])
    vouched = vouched_for(record, proof["publications"], digest)
    later = [entry for entry in record.log if entry["n"] > vouched[entry["customer"]]]
    changes = [f"{entry['n']} ({entry['act']})" for entry in later if entry["rows"]]
    names = f"{NAMES} says who people are." if NAMES in files else f"{NAMES} was left out on request."
    return [
        f"Case {record.number} of workspace {record.workspace}. {names}",
        *(f"The digest vouches for entries 1 to {n} about record {customer}." for customer, n in vouched.items()),
        *([LATER.format(n=len(later))] if later else []),
        *([CHANGED_LATER.format(entries=", ".join(changes))] if changes else []),
    ], not changes


def read(where: Path) -> Files:
    """The files of a pack. Raises ValueError if they are not those of one, and OSError if they cannot be read."""
    if not where.is_dir():
        return unzipped(where.read_bytes())
    found = sorted(path for path in where.rglob("*") if path.is_file())
    return {path.relative_to(where).as_posix(): path.read_bytes() for path in found}


def main(arguments: Sequence[str], definitions: Definitions) -> int:
    """Check a pack, print what was found, and return the exit code: 0 only where everything is as it was published."""
    if len(arguments) not in {1, 2} or arguments[0].startswith("-"):
        return _says([__doc__ or ""], 2)
    digest, where = arguments[0].strip().lower(), Path(arguments[1]) if arguments[1:] else Path(__file__).parent
    try:
        files = read(where)
        found = list(problems(files, digest, definitions))
    except (OSError, ValueError) as error:
        found = [f"The pack cannot be read: {error}"]
    if found:
        return _says([*found, REFUSED], 1)
    said, whole = findings(files, digest)
    return _says([*said, PROVEN if whole else PARTLY], 0 if whole else 3)


def _says(lines: Sequence[str], code: int) -> int:
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
    return code
