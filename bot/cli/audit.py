"""`audit verify`: what does not fit together in the audit log and the database."""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from bot.cli.shared import now, open_to_read
from bot.rules.publications import Published
from bot.usecases.audit import Held, Verification

NONE_YET: Final = 3  # the exit code where nothing is on record: deploy/verify.sh knows whether there was something
NOTHING: Final = "Nothing is on record: there is nothing to verify."
WENT_THROUGH: Final = "{team}: customers {customers:,}, entries {entries:,}, reports {reports:,}, rows {rows:,}."
BETWEEN: Final = "  First entry {first:%Y-%m-%d %H:%M} UTC, last entry {last:%Y-%m-%d %H:%M} UTC."
PUT_BACK: Final = "  The clock was put back: {n:,} of the entries say “clock put back”. Check whether that is true."
NEWEST: Final = "  Newest published digest: {number}, week {week}, {at:%Y-%m-%d %H:%M} UTC: {digest}"
LEFT_OUT: Final = (
    "  Numbers were left out: {n:,} of the entries say “skip numbers”. Check whether a backup was restored."
)
UNPUBLISHED: Final = (
    "  No digest has been published yet, so anybody who can write to the database could have rewritten all of it."
)
HELD: Final = (
    "  Digest {digest} is {number}, week {week}: the record contains all that it vouches for. Before it {before:,} "
    "were published, after it {later:,}; since then {entries:,} entries were written."
)
NOT_PUBLISHED: Final = (
    "The record does not contain what was published with the digest {digest}: it was changed since, or an older copy "
    "of it was put in its place, or the digest is another record's."
)
WHOLE: Final = "The audit log is whole."
BROKEN: Final = "{n:,} broken."
PROGRESS: Final = "\r{team}: customer {number:,} …"
PAUSE: Final = 0.5  # seconds between two signs of progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `audit verify`."""
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        type=_digest,
        metavar="DIGEST",
        help="a digest that was published in Slack: is all that it covers still on record? May be given several times",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(chosen: argparse.Namespace) -> int:
    """Check every chain of the audit log against itself, the record and what was published. Changes nothing."""
    with open_to_read(chosen.env_file) as database, database.read_all() as workspaces:
        checks = [Verification(tx, chosen.against, now()) for tx in workspaces]
        problems = []
        for problem in _problems(checks, chosen.against):
            problems.append(problem)
            if not chosen.json:
                print(problem, flush=True)
        if not any(check.entries for check in checks) and not problems:
            print(NOTHING, file=sys.stderr)
            return NONE_YET
        print(_as_json(checks, problems) if chosen.json else "\n".join(_as_text(checks, len(problems))))
    return 1 if problems else 0


def _problems(checks: list[Verification], against: list[str]) -> Iterator[str]:
    """What is wrong in each workspace. A digest is one workspace's: that the others lack it is no problem."""
    for check in checks:
        for problem in check.problems(_progress(check.team)):
            yield f"{check.team}, {problem}"
    held = {each.published.digest for check in checks for each in check.held}
    yield from (NOT_PUBLISHED.format(digest=digest) for digest in dict.fromkeys(against) if digest not in held)


def _progress(team: str) -> Callable[[int], None]:
    """Shows on a terminal how far the verification has come."""
    if not sys.stderr.isatty():
        return lambda _: None
    shown = time.monotonic()

    def show(number: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > PAUSE:
            shown = time.monotonic()
            print(PROGRESS.format(team=team, number=number), end="", file=sys.stderr, flush=True)

    return show


def _as_text(checks: list[Verification], problems: int) -> Iterator[str]:
    for check in checks:
        yield WENT_THROUGH.format(**_counts(check))
        if check.first and check.last:
            yield BETWEEN.format(first=check.first, last=check.last)
        if check.clock_put_back:
            yield PUT_BACK.format(n=check.clock_put_back)
        if check.numbers_left_out:
            yield LEFT_OUT.format(n=check.numbers_left_out)
        yield NEWEST.format(**_published(check.published)) if check.published else UNPUBLISHED
        yield from (HELD.format(**_held(each)) for each in check.held)
    yield BROKEN.format(n=problems) if problems else WHOLE


def _as_json(checks: list[Verification], problems: list[str]) -> str:
    workspaces = [
        {
            **_counts(check),
            "first": check.first,
            "last": check.last,
            "clock_put_back": check.clock_put_back,
            "numbers_left_out": check.numbers_left_out,
            "newest_published": _published(check.published) if check.published else None,
            "against": [_held(each) for each in check.held],
        }
        for check in checks
    ]
    found = {"whole": not problems, "problems": problems, "workspaces": workspaces}
    return json.dumps(found, indent=2, default=lambda at: at.isoformat())


def _counts(check: Verification) -> dict[str, Any]:
    counts = {name: getattr(check, name) for name in ("customers", "entries", "reports", "rows")}
    return {"team": check.team, **counts}


def _published(published: Published) -> dict[str, Any]:
    said = published.publication
    return {"number": said.number, "week": said.week, "at": said.at, "digest": published.digest}


def _held(held: Held) -> dict[str, Any]:
    before = held.published.publication.number - 1
    return {**_published(held.published), "before": before, "later": held.later, "entries": held.entries_since}


def _digest(text: str) -> str:
    found = text.strip().strip("`").lower()
    if not re.fullmatch("[0-9a-f]{64}", found):
        raise argparse.ArgumentTypeError("a digest has 64 digits and letters from a to f, as in the thread in Slack")
    return found
