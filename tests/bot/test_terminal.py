"""What people typed cannot move the terminal's cursor, colour it, or turn a line around."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.terminal import visible_output
from bot.rules.text import printable

NASTY = "Acme\x1b[2J\x1b]0;owned\x07 \u202egpj.exe\u2066 \x9b31m\r\u2028end"


def test_control_characters_and_overrides_are_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    with visible_output():
        sys.stdout.write(NASTY + "\n")
    said = capsys.readouterr().out
    assert said == ("Acme\\u001b[2J\\u001b]0;owned\\u0007 \\u202egpj.exe\\u2066 \\u009b31m\\u000d\\u2028end\n")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_json_stays_the_same_json(text: str) -> None:
    written = json.dumps({"name": text}, ensure_ascii=False)
    assert json.loads(printable(written)) == {"name": text}
    assert all(
        character.isprintable() or character in "\n\t\xad\xa0" or ord(character) > 0xFF for character in printable(text)
    )
