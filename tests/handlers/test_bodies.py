"""An interaction is decoded to the same value as by Bolt, which has Python's `urllib` decode it."""

import json
from urllib.parse import quote, quote_plus, unquote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt.request.internals import parse_body

from handlers.requests import as_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(), st.lists(TEXTS, max_size=3)), max_size=4), st.booleans())
def test_what_slack_sends_is_decoded(payload: dict[str, object], as_ascii: bool) -> None:  # noqa: FBT001 - drawn
    for quoted in (quote_plus, quote):
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=as_ascii)}, quote_via=quoted).encode()
        assert as_json(body).startswith(b"{")
        assert json.loads(as_json(body)) == payload


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('{}"=+%&\r\n 7bB2zé'), max_size=12))
def test_no_other_body_means_anything_else_to_bolt(rest: str) -> None:
    for start in ("payload=%7B", "payload={", "payload=", "text="):
        body = start + rest
        try:
            same = unquote_plus(body, errors="strict")
        except UnicodeDecodeError:
            continue  # it is refused
        assert read_by_bolt(as_json(body.encode())) == read_by_bolt(body.encode()), same


def read_by_bolt(body: bytes) -> object:
    """What Bolt reads; None where it cannot."""
    try:
        return parse_body(body.decode(), None)
    except json.JSONDecodeError:
        return None


@pytest.mark.parametrize(
    "body", [b"payload=%7B%22a%22%3A1%7D&payload=2", b"command=%2Fcustomer&text=a+b", b'{"a": "%7B"}']
)
def test_any_other_body_stays_as_it_is(body: bytes) -> None:
    assert as_json(body) == body
