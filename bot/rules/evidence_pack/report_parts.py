"""The parts of the report that say what people did: decision, warnings, hearings, reports. Part of `verify.py`."""

from collections.abc import Iterator
from typing import Final

from bot.rules.evidence_pack.markup import bullets, fields, heading, named, note, on_day, shown, written
from bot.rules.evidence_pack.record import Record, Row, file_name, is_kept
from bot.rules.evidence_pack.words import (
    ACTORS,
    ANSWERS,
    CHOICES,
    DELIVERIES,
    ENDED_WITHIN,
    ENDINGS,
    EVIDENCE,
    FINDINGS,
    HINDSIGHT,
    PLACES,
    PROTECTIONS,
    called,
)

NOT_SENT: Final = "The record has no proof that it was sent."


def by(record: Record, user: str | None, at: str | None) -> str:
    """Who did it, and when; nothing where it was not done."""
    if at is None:
        return ""
    return f"{who(record, user)}, {record.moment(at)}" if user else record.moment(at)


def who(record: Record, user: str | None) -> str:
    """What somebody is called in the report, or what did it by itself; nothing for None."""
    if user is None:
        return ""
    return record.people.get(user) or shown(called(ACTORS, user))


def decision(record: Record) -> Iterator[str]:
    """The decision with its letter, and what came of it."""
    for approval in record.all("approval", case=record.number):
        yield heading(2, "Approval of a drop")
        taken_back = record.moment(approval["taken_back_at"])
        yield fields(
            [
                ("By", by(record, approval["by"], approval["at"])),
                ("Reason", shown(record.wording("reason_classes", approval["reason_class"]))),
                ("Takes effect on", on_day(approval["effective_on"])),
                ("Review on", on_day(approval["review_on"])),
                ("Ended", taken_back),
            ]
        )
        yield written(approval["rationale"])
        yield from _letter(approval["letter"])
    for row in record.all("decision", case=record.number):
        yield heading(2, "Decision")
        yield fields(_terms(record, row))
        yield heading(3, "Rationale")
        yield written(row["rationale"])
        yield from _letter(row["letter"])
        yield note(_sent(record, "decision")) if row["letter"] else ""
        yield from _afterwards(record)


def _terms(record: Record, row: Row) -> list[tuple[str, str]]:
    ended = f"{record.moment(row['ended_at'])}: {shown(called(ENDINGS, row['ended_how']))}" if row["ended_at"] else ""
    return [
        ("Decision", shown(called(CHOICES, row["choice"]))),
        ("By", by(record, row["by"], row["at"])),
        ("Approved before by", ", ".join(who(record, each) for each in row["approved_by"])),
        ("Reason", shown(record.wording("reason_classes", row["reason_class"]))),
        ("Conditions", bullets(_condition(record, key, dict(row["details"])) for key in row["conditions"])),
        ("Takes effect on", on_day(row["effective_on"])),
        ("Review on", on_day(row["review_on"])),
        ("Objection until", record.moment(row["objection_until"])),
        ("Ended", ended),
    ]


def _condition(record: Record, key: str, values: dict[str, str]) -> str:
    """Its name, and what was answered where it asks for something."""
    name = shown(record.wording("conditions", key))
    return f"{name}: {named(values[key])}" if values.get(key) else name


def _afterwards(record: Record) -> Iterator[str]:
    for row in record.all("review", case=record.number):
        yield heading(3, f"Review due on {on_day(row['due_on'])}")
        outcome = shown(called(ENDINGS, row["outcome"]))
        done = by(record, row["by"], row["at"])
        yield fields([("Outcome", outcome), ("By", done), ("Until", on_day(row["until"]))])
        yield written(row["reason"])
    for row in record.all("objection", case=record.number):
        yield from _objection(record, row)
    for row in record.all("lesson", case=record.number):
        yield heading(3, "Looking back")
        hindsight = shown(called(HINDSIGHT, row["hindsight"]))
        yield fields([("By", by(record, row["by"], row["at"])), ("The drop", hindsight)])
        yield written(row["learnt"])


def _objection(record: Record, row: Row) -> Iterator[str]:
    yield heading(3, "Objection")
    yield fields(
        [
            ("Recorded by", by(record, row["recorded_by"], row["recorded_at"])),
            ("Who objected", named(row["contact"])),
            ("To be answered by", record.moment(row["due_at"])),
            ("Answer", shown(called(ANSWERS, row["answer"]))),
            ("Answered by", by(record, row["answered_by"], row["answered_at"])),
        ]
    )
    for column, title in (("words", "What they say"), ("rationale", "Why it was answered so")):
        if row[column]:
            yield heading(3, title)
            yield written(row[column])
    yield from _letter(row["letter"])
    yield note(_sent(record, "answer")) if row["letter"] else ""


def _sent(record: Record, letter: str) -> str:
    """That the letter was sent, how and when, and who marked it so; or that the record has no proof of it."""
    row = record.one("sent_letter", case=record.number, letter=letter)
    if row is None:
        return NOT_SENT
    how, marked = shown(called(DELIVERIES, row["how"])), by(record, row["by"], row["at"])
    return f"Sent {how}, {record.moment(row['sent_at'])}. Marked as sent by {marked}."


def warnings(record: Record) -> Iterator[str]:
    """Every warning to the customer, with its letter and the objection to it."""
    for row in record.all("warning"):
        yield heading(2, f"Warning {row['number']}")
        delivered = by(record, row["delivered_by"], row["delivered_at"])
        yield fields(
            [
                ("In case", shown(row["case"])),
                ("Issued by", by(record, row["issued_by"], row["issued_at"])),
                (
                    "Delivered",
                    f"{delivered}, {shown(called(DELIVERIES, row['delivered_how']))}" if delivered else NOT_SENT,
                ),
                ("Valid until", record.moment(row["expires_at"])),
                ("Objection until", record.moment(row["objection_until"])),
                ("Cancelled", record.moment(row["withdrawn_at"])),
            ]
        )
        yield from _letter(row["letter"])
        for objection in record.all("objection", warning=row["number"]):
            yield from _objection(record, objection)


def _letter(letter: str | None) -> Iterator[str]:
    if letter:
        yield heading(3, "Letter")
        yield written(letter)


def protection(record: Record) -> Iterator[str]:
    """The interim protection of the case: what was in force from when until when, who set or lifted it, and why."""
    rows = sorted(record.all("protection", case=record.number), key=lambda row: row["n"])
    ends = [*(row["at"] for row in rows[1:]), record.case["closed_at"]]
    if rows:
        yield heading(2, "Interim protection")
    for row, end in zip(rows, ends, strict=False):
        yield heading(3, shown(called(PROTECTIONS, row["kind"]) or "Lifted"))
        yield fields(
            [
                ("From", record.moment(row["at"])),
                ("Until", record.moment(end)),
                ("By", who(record, row["by"]) or "The policy"),
            ]
        )
        yield written(row["reason"]) if row["reason"] else ""


def hearings(record: Record) -> Iterator[str]:
    """Every hearing, with both sides."""
    for row in record.all("hearing", case=record.number):
        yield heading(2, f"Hearing {row['number']}")
        yield fields(
            [
                ("Asked for by", who(record, row["asked_by"])),
                ("Taken by", by(record, row["taken_by"], row["taken_at"])),
                ("Ended by", by(record, row["ended_by"], row["ended_at"])),
                ("Finding", shown(called(FINDINGS, row["finding"]))),
            ]
        )
        texts = ("words", "What about"), ("reps_side", "The rep's side"), ("customers_side", "The customer's side")
        for column, title in (*texts, ("why", "Why")):
            if row[column]:
                yield heading(3, title)
                yield written(row[column])


def reports(record: Record) -> Iterator[str]:
    """Every report in full, in the order in which they happened: first those of the case."""
    rows = sorted(record.all("report"), key=lambda row: (row["happened_at"], row["number"]))
    own = [row for row in rows if row["case"] == record.number]
    others = [row for row in rows if row["case"] != record.number]
    for title, part in (("Reports in this case", own), ("Other reports that the policy looked at", others)):
        if part:
            yield heading(2, f"{title} ({len(part)})")
        for row in part:
            yield heading(3, f"Report {row['number']}")
            yield fields(_report(record, row))
            yield written(row["narrative"])
            yield bullets(_evidence(row["number"], n, each) for n, each in enumerate(row["evidence"], 1))


def _report(record: Record, row: Row) -> list[tuple[str, str]]:
    severity = record.wording("severities", row["severity"]).lower()
    return [
        ("Made by", by(record, row["reporter"], row["reported_at"])),
        ("Happened", record.moment(row["happened_at"])),
        ("Conduct", shown(f"{record.wording('categories', row['category'])}, {severity}")),
        ("Where", shown(called(PLACES, row["place"]))),
        ("The rep says", "It may have been a misunderstanding" if row["doubted"] else ""),
        ("The rep ended the contact", shown(called(ENDED_WITHIN, row["ended_within"]))),
        ("Withdrawn", record.moment(row["withdrawn_at"])),
        ("Discounted", record.moment(row["discounted_at"])),
    ]


def _evidence(report: int, n: int, parts: list[str]) -> str:
    kind, address, title = parts[:3]
    said = f"{shown(called(EVIDENCE, kind))}: {named(title)}" if title else shown(called(EVIDENCE, kind))
    where = file_name(report, n, parts) if is_kept(parts) else address
    return f"{said}<br><code>{shown(where)}</code>"


def safeguards(record: Record) -> Iterator[str]:
    """Every safeguard of the customer, in force or not."""
    for row in record.all("safeguard"):
        yield heading(2, f"Safeguard {row['number']}: {shown(record.wording('safeguards', row['kind']))}")
        yield fields(
            [
                ("Set by", by(record, row["set_by"], row["set_at"])),
                ("Until", on_day(row["until"])),
                ("Lifted by", by(record, row["removed_by"], row["removed_at"])),
            ]
        )
        yield written(row["note"])
        yield written(row["removed_why"])
