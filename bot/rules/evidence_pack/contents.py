"""The files of an evidence pack, and those of them that are made from the others. Part of `verify.py`."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

CASE: Final = "case.json"
SCHEMA: Final = "case.schema.json"
REPORT: Final = "report.html"
NAMES: Final = "names.html"
PROOF: Final = "proof.json"
VERIFY: Final = "verify.py"
MANIFEST: Final = "manifest.json"
README: Final = "READ-ME.txt"
FORMAT: Final = "Backstop evidence pack 1"
_README: Final = """\
Case {case}: everything that Backstop has on record about it.

report.html       the whole case, to be read and printed
{names}
case.json         the same as data; case.schema.json says what it consists of
proof.json        what it takes to compute the digests of the audit log again
verify.py         checks all of this, without Backstop
manifest.json     the digest of each file

To check this pack, ask the firm for a digest of the audit log that it published in Slack, below a weekly summary, or
read it there yourself. Then, with Python 3.11 or newer:

    python verify.py DIGEST

Whoever changed a file could change verify.py as well. So take verify.py from elsewhere: any installation of the
release of Backstop that made this pack, the firm's or another, prints it, the same byte for byte, with

    backstop export verifier

docs/evidence-pack.md in that release says what is proven, and what is not.

The files that reps uploaded are in the folder files, as far as the record keeps them; all other evidence is links.
Texts are as people wrote them, and may name somebody.
"""
_WITH_NAMES: Final = (
    "names.html        who the people in the other files are; without it, the rest can be checked all the same"
)
_WITHOUT: Final = "names.html        was left out on request: people's names and IDs are not in this pack"


def as_json(value: object) -> bytes:
    """The one way in which the pack's JSON files are written: ASCII, sorted keys, a line for each value."""
    return (json.dumps(value, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def readme(case: int, *, names: bool) -> bytes:
    """What the files are, and how to check them."""
    return _README.format(case=case, names=_WITH_NAMES if names else _WITHOUT).encode()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """The digest of each other file."""
    digests: dict[str, Any] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return as_json({"format": FORMAT, "names": "in names.html" if NAMES in files else "left out", "files": digests})


def case_schema(rows: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of case.json. `rows`: by table, that of a row."""
    text, number = {"type": "string"}, {"type": "integer"}
    entry = _object(customer=number, n=number, at=text, actor=text, act=text, facts={"type": "object"}, rows=_map(text))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What Backstop has on record about a case",
        **_object(
            format=text,
            workspace=text,
            case=number,
            customers=_list(number),
            log=_list(entry),
            rows=_object(**{table: _list(row) for table, row in rows.items()}),
            policies=_map({"type": "object"}),
            zone=_object(name=text, offsets=_list(_object(since=text, minutes=number))),
        ),
    }


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _map(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}
