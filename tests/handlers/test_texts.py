"""Every text that people read stands where a translator finds it, whole."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from handlers.customers.timeline import ACTS
from tests import texts
from tests.handlers import invented
from tests.handlers.unmarked import unmarked

# Backstop asks gettext for its language when the first part of it is imported, and here is given the invented one.
PROGRAM = """\
import gettext, sys
asked, folder = gettext.translation, sys.argv[1]
gettext.translation = lambda domain, _, **how: asked(domain, folder, **how)
from tests.handlers.every_view import main
main()
"""
READ_TWICE = re.compile(
    r"\bput down\b|\bweigh|\bcounts (now|only)\b|\brests? on\b|\b(takes?|took) no part\b|\bof late\b"
    r"|\bstands so\b|\bthat of\b|\bstep(s|ped|ping)? aside\b"
    r"|\b(is|are|be) told\b|\bawait|\bwaited for\b|\bspeaks? (for|against)\b|\bmoved on\b|\bheld to\b",
    re.IGNORECASE,
)
SHOWN = ("handlers/", "bot/rules/")
READ = ("handlers/", "bot/rules/", "bot/usecases/", "bot/app.py", "bot/worker.py")
# What the command line and the manifest say, the words of HTTP, and of the evidence pack, which is in English.
OTHERS = ("handlers/client/checkup.py", "handlers/manifest.py", "handlers/bolt.py", "handlers/client/files.py",
          "handlers/client/directory.py",
          "handlers/signatures.py", "handlers/live/every_view.py", "handlers/live/invented.py",
          "handlers/live/trial.py", "handlers/live/upload.py",
          "bot/rules/audit.py", "bot/rules/audit_chain.py", "bot/rules/customer_import.py", "bot/usecases/audit.py",
          "bot/usecases/customers/import_list.py", "bot/usecases/customers/erase.py",
          "bot/rules/vouching.py")  # fmt: skip
NAMES = {*ACTS, "check in", "answer check-in", "take hearing", "take over hearing", "hear both sides",
         "evidence pack", "with names", "This content can't be displayed", "This message contains interactive elements",
         "business day", "outside lower left", "Backstop", "Cf",
         "not a request of Slack's", "a listener broke", "nothing was recorded", "a form did not open",
         "a request of another workspace", "the workspace is not known yet", "the policy's time is over"}  # fmt: skip
MODULES = [path for path in texts.modules() if path.relative_to(texts.ROOT).as_posix().startswith(READ)]


@cache
def gathered() -> Catalog:
    return texts.gathered()


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def misplaced(catalog: Catalog) -> list[Any]:
    """What was translated with a place that the text does not fill: it could not be shown."""
    translated = [message for message in catalog if message.id and message.string]
    return [
        message.id
        for message in translated
        if any(places(said) - places(forms(message.id)[-1]) for said in forms(message.string))
    ]


def test_the_texts_for_translators_are_those_of_the_code() -> None:
    written = texts.written(gathered())
    assert texts.TEMPLATE.read_bytes() == written, "run make texts"
    assert len(read_po(BytesIO(written), locale="de")) == len(gathered())


def test_every_place_in_a_text_has_a_name_and_one_form_has_the_places_of_the_other() -> None:
    for message in gathered():
        named = [places(text) for text in forms(message.id)]
        assert all(re.fullmatch(r"[a-z_]+", name) for each in named for name in each), message.id
        assert named[0] | {"n"} == named[-1] | {"n"}, message.id


def test_every_translation_can_be_shown() -> None:
    wrong = Catalog(locale="de")
    wrong.add("Case {case}", "Fall {fall}")
    assert misplaced(wrong) == ["Case {case}"]
    for path in texts.LOCALES.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            assert misplaced(read_po(file)) == [], path


def test_no_text_is_a_piece_of_a_sentence() -> None:
    pieces = [text for message in gathered() for text in forms(message.id) if re.search(r"^[\s,.;:]|[ ,]$", text)]
    assert pieces == []


def test_no_text_has_a_metaphor_or_a_passive_that_had_to_be_read_twice() -> None:
    """A text says who does what, in words that mean what they say."""
    found = [text for message in gathered() for text in forms(message.id) if READ_TWICE.search(text)]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(texts.ROOT).as_posix())
def test_what_reads_like_a_text_is_marked(path: Path) -> None:
    where = path.relative_to(texts.ROOT).as_posix()
    if where not in OTHERS and not where.startswith("bot/rules/evidence_pack/"):
        assert [(line, said) for line, said in unmarked(path) if said not in NAMES] == []


def test_in_another_language_nothing_is_said_that_was_not_translated(tmp_path: Path) -> None:
    """And nearly all texts are said, so that the test sees them. What people and the policy say stays as it is."""
    invented.speak(gathered(), tmp_path)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=texts.ROOT,
        env=os.environ | {"LANGUAGE": invented.LANGUAGE},
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["unmarked"] == []
    shown = {n for n, text in enumerate(gathered()) if any(where.startswith(SHOWN) for where, _ in text.locations)}
    assert len(shown & {*found["said"]}) > 0.98 * len(shown)
