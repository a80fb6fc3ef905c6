"""Makes an evidence pack from what was read of the record: the same record gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rules.evidence_pack.archive import zipped
from bot.rules.evidence_pack.contents import (
    CASE,
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
from bot.rules.evidence_pack.names import Names, Salts, names_page
from bot.rules.evidence_pack.published import published_last
from bot.rules.evidence_pack.record import Record
from bot.rules.evidence_pack.verifier import in_english, verifier


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a pack. `case`: what becomes case.json. `proof`: the salts of its texts, and published digests.

    `people`: by reference, the Slack ID behind it. `salts`: those of the references. `definitions`: see
    `checks.Definitions`. `files`: what reps uploaded, by its name in the pack.
    """

    case: Mapping[str, Any]
    proof: Mapping[str, Any]
    people: Mapping[str, str]
    salts: Salts
    definitions: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


def evidence_pack(contents: Contents, names: Mapping[str, str] | None) -> bytes:
    """The ZIP file. `names`: what Slack calls people, by their IDs; None leaves out who people are altogether."""
    source = verify_py(contents.definitions)
    record = Record(json.loads(as_json(contents.case)))  # in the order in which whoever checks it reads it
    files = {
        README: readme(record.number, names=names is not None),
        REPORT: _report(record, contents, source).encode(),
        CASE: as_json(contents.case),
        SCHEMA: as_json(contents.definitions["schema"]),
        PROOF: as_json(contents.proof),
        VERIFY: source.encode(),
    }
    if names is not None:
        files[NAMES] = names_page(record, _named(contents, names), contents.salts).encode()
    files |= contents.files
    return zipped({**files, MANIFEST: manifest(files)})


def _report(record: Record, contents: Contents, source: str) -> str:
    made: str = in_english(source).report(record, published_last(record, contents.proof["publications"]))
    return made


def verify_py(definitions: Mapping[str, Any]) -> str:
    """The program that checks a pack. `definitions`: see `checks.Definitions`."""
    return verifier(repr(definitions))


def _named(contents: Contents, names: Mapping[str, str]) -> Names:
    return {reference: (user, names.get(user, "")) for reference, user in contents.people.items()}
