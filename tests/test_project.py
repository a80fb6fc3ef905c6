"""What the house says about itself: papers that are true, and code within its budget."""

import argparse
import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

from bot.cli.main import _parser

ROOT = Path(__file__).parents[1]
PAPERS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
WRITTEN = [file for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*.py")]
CODE = [file for file in WRITTEN if "versions" not in file.parts]  # migrations are made, and never changed again


def commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    menus = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for name, below in ((name, below) for menu in menus for name, below in menu.choices.items()):
        yield from commands(below, f"{before}{name} ")
    if not menus:
        yield before.strip()


def functions() -> Iterator[tuple[str, int]]:
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{file.relative_to(ROOT)}: {node.name}", node.end_lineno - node.lineno + 1


def test_the_readme_names_every_command_and_no_other() -> None:
    table = re.findall(r"^\| `([a-z ]+?)(?: [A-Z.]+)?` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(commands(_parser()))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_between_the_papers_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]+\]\((?!https?:)([^)#]+)", paper.read_text())
    assert [link for link in links if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_make_target_that_is_named_is_there(paper: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^    |`)make ([a-z]+)", paper.read_text(), re.MULTILINE)) <= targets


def test_ci_runs_the_checks_and_the_readmes_test_command() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert run.read_text().splitlines()[-2:] == ["make check", "make test"]
    assert re.search(r"^    make test$", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert re.search(r"^## \[Unreleased\]$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_no_module_is_longer_than_two_hundred_and_fifty_lines() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in CODE}
    assert {name: lines for name, lines in lengths.items() if lines > 250} == {}


def test_functions_are_short() -> None:
    lines = [length for _, length in functions()]
    assert median(lines) <= 8
    assert quantiles(lines, n=10)[-1] <= 25
    assert [name for name, length in functions() if length > 40 and "/views/" not in name] == []
