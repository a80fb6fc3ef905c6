"""Every file and name that a page of the documentation mentions exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
PLACE = re.compile(r"`((?:bot|handlers|storage|tests)/[\w/.]*)(?::(\w+))?`")
GLOSSARY = re.compile(r"^\| [^|]+ \| [^|]+ \| (`\w+`(?:, `\w+`)*) \|$", re.MULTILINE)


@cache
def names(file: Path) -> frozenset[str]:
    """The functions, classes and constants that a module defines."""
    found: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(found)


def missing(text: str) -> list[str]:
    """The places that a page names and that are not there."""
    places = [(place, ROOT / place, name) for place, name in PLACE.findall(text)]
    return [
        f"{place}:{name}" for place, path, name in places if not path.exists() or (name and name not in names(path))
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_name_on_the_page_exists(page: Path) -> None:
    assert missing(page.read_text()) == []


@pytest.mark.parametrize("page", [ARCHITECTURE, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_the_pages_for_developers_name_files(page: Path) -> None:
    assert len(PLACE.findall(page.read_text())) > 5


def test_a_name_that_is_gone_would_be_seen() -> None:
    assert missing("`bot/nowhere.py` `bot/app.py:no_such_name` `bot/app.py:assemble`") == [
        "bot/nowhere.py:",
        "bot/app.py:no_such_name",
    ]


def test_every_class_of_the_glossary_exists() -> None:
    defined = {
        name for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*.py") for name in names(file)
    }
    named = re.findall(r"`(\w+)`", " ".join(GLOSSARY.findall(ARCHITECTURE.read_text())))
    assert len(named) > 25
    assert [name for name in named if name not in defined] == []
