"""Evidence of a report: how it is stored, and what is known of a file."""

import pytest

from bot.rules.reports import DIGEST_LENGTH, Evidence

KEPT = "0" * DIGEST_LENGTH


@pytest.mark.parametrize(
    ("evidence", "parts"),
    [
        (Evidence("link", "https://a.example", ""), ["link", "https://a.example"]),
        (Evidence("message", "https://a.example", "In #care"), ["message", "https://a.example", "In #care"]),
        (Evidence("file", "", "", "F1", size=7), ["file", "", "", "F1"]),
        (Evidence("file", "", "shot.png", "F1", KEPT), ["file", "", "shot.png", "F1", KEPT]),
        (Evidence("link", "", ""), ["link"]),
    ],
)
def test_evidence_is_stored_without_the_empty_parts_at_its_end(evidence: Evidence, parts: list[str]) -> None:
    assert evidence.parts == parts
    assert Evidence(*evidence.parts, *[""] * (3 - len(parts))) == evidence


@pytest.mark.parametrize(
    ("file", "state", "is_waiting", "digest"),
    [
        ("F1", "", True, ""),
        ("F1", "file_deleted", False, ""),
        ("F1", KEPT, False, KEPT),
        ("F1", KEPT[1:], False, ""),
        ("", "", False, ""),  # a link
    ],
)
def test_a_file_waits_until_it_was_fetched_or_could_not_be(
    file: str, state: str, digest: str, *, is_waiting: bool
) -> None:
    evidence = Evidence("file", "", "shot.png", file, state)
    assert (evidence.is_waiting, evidence.digest) == (is_waiting, digest)
