"""`case.json` as the report reads it, and what people are called in it. Part of `verify.py`."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.rules.evidence_pack.markup import minute
from bot.rules.text import day

Row = dict[str, Any]
REFERENCE: Final = re.compile("~[0-9a-f]{32}")
"""What stands for somebody's Slack ID: a digest of it under a salt that only `names.html` has."""


class Record:
    """What an evidence pack holds of a case. `people`: what everybody in it is called, by their reference."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.number: int = case["case"]
        self.workspace: str = case["workspace"]
        self.customers: list[int] = case["customers"]
        self.log: list[Row] = case["log"]
        self.policies: dict[str, Any] = case["policies"]
        self._zone: dict[str, Any] = case["zone"]
        self._rows: dict[str, list[Row]] = case["rows"]
        found = dict.fromkeys(reference for value in (self.log, self._rows) for reference in _references(value))
        self.people = {reference: f"Person {n}" for n, reference in enumerate(found, 1)}

    @property
    def zone(self) -> str:
        """The firm's zone, and by how much it is off from UTC since when."""
        used = [(day(since), _off(offset // timedelta(minutes=1))) for since, offset in self._in_use()]
        since = used[0][1] if len(used) == 1 else ", ".join(f"from {on} {off}" for on, off in used)
        return f"{self._zone['name']} ({since})"

    @property
    def offsets(self) -> list[tuple[datetime, timedelta]]:
        """By how much the firm's zone is ahead of UTC, and since when; oldest first."""
        found = self._zone["offsets"]
        return [(datetime.fromisoformat(each["since"]), timedelta(minutes=each["minutes"])) for each in found]

    @property
    def zone_name(self) -> str:
        """What the zone is called in the policy."""
        return str(self._zone["name"])

    def moment(self, at: str | None) -> str:
        """A time of the record, which has UTC, as the firm's clocks showed it. Nothing for None."""
        if at is None:
            return ""
        when = datetime.fromisoformat(at)
        return minute(when + self.ahead(when))

    def ahead(self, when: datetime) -> timedelta:
        """By how much the firm's zone was ahead of UTC then."""
        return [offset for since, offset in self.offsets if since <= when or since == self.offsets[0][0]][-1]

    def _in_use(self) -> list[tuple[datetime, timedelta]]:
        """The offsets that hold at some time of the log."""
        times, offsets = [datetime.fromisoformat(entry["at"]) for entry in self.log], self.offsets
        ends = [since for since, _ in offsets[1:]] + [datetime.max.replace(tzinfo=UTC)]
        found = [each for each, end in zip(offsets, ends, strict=True) if any(each[0] <= at < end for at in times)]
        return found or offsets[:1]

    def all(self, table: str, **values: object) -> list[Row]:
        """The rows of a table that have these values."""
        return [row for row in self._rows[table] if all(row[name] == value for name, value in values.items())]

    def one(self, table: str, **values: object) -> Row | None:
        """The first of these rows; None where there is none."""
        return next(iter(self.all(table, **values)), None)

    def entries(self, customer: int) -> list[Row]:
        """The entries of the audit log about a customer, in the order of the file."""
        return [entry for entry in self.log if entry["customer"] == customer]

    @property
    def case(self) -> Row:
        """The case itself."""
        return self.all("matter", number=self.number)[0]

    def is_before_the_end(self, at: str) -> bool:
        """Whether the case was open at this time of the record, or was opened later."""
        return self.case["closed_at"] is None or at <= self.case["closed_at"]

    @property
    def customer(self) -> Row:
        """The customer whom the case is about."""
        return self.all("customer", number=self.case["customer"])[0]

    def kept_files(self) -> dict[str, str]:
        """The digest of each file that reps uploaded and the record keeps, by its name in the pack."""
        return {
            file_name(row["number"], n, evidence): evidence[4]
            for row in self.all("report")
            for n, evidence in enumerate(row["evidence"], 1)
            if is_kept(evidence)
        }

    def policy(self, digest: str | None = None) -> Any:  # noqa: ANN401 - as it is stored
        """The body of a policy, by default of the one that judged the case last."""
        verdicts = self.all("verdict", case=self.number)
        return self.policies.get(digest or (verdicts[-1]["policy"] if verdicts else ""), {})

    def wording(self, part: str, key: str | None) -> str:
        """What the policy of the case calls a category, a condition or a reason; the key where it has none."""
        found = self.policy().get(part, {}).get(key)
        if isinstance(found, dict):
            found = found.get("name")
        return str(found or key or "")


def _off(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def is_kept(evidence: list[str]) -> bool:
    """Whether the record keeps this file: then its last part is the digest."""
    return len(evidence) > 4 and len(evidence[4]) == 64  # noqa: PLR2004 - the parts of evidence, SHA-256 in hex


def file_name(report: int, n: int, evidence: list[str]) -> str:
    """The name in the pack of the `n`th evidence of a report, which is a kept file."""
    ending = re.search("\\.[A-Za-z0-9]{1,8}$", evidence[2])
    return f"files/report-{report}-{n}{ending[0].lower() if ending else ''}"


def _references(value: object) -> Iterator[str]:
    """Every reference in a value, in the order in which they stand."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, str) and REFERENCE.fullmatch(value):
        yield value
