"""The documents are true, and the code keeps its limits of length."""

import argparse
import ast
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from glob import glob
from pathlib import Path
from statistics import median, quantiles

import pytest

from bot import VERSION
from bot.cli.commands import COMMANDS
from bot.rules.evidence_pack.verifier import PARTS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
TYPED = [*DOCUMENTS, ROOT / ".env.example", ROOT / "bot/policy_file/default.toml", *ROOT.glob("deploy/*")]
MODULES = [file for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*.py")]


def functions() -> Iterator[tuple[str, int]]:
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{file.relative_to(ROOT)}: {node.name}", node.end_lineno - node.lineno + 1


def test_the_readme_names_every_command_and_no_other() -> None:
    table = re.findall(r"^\| `([a-z ]+?)(?: [A-Z.]+)?` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(command.name for command in COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_between_the_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]+\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", TYPED, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_command_that_is_named_is_there_with_its_options(document: Path) -> None:
    lines = re.findall(r"(?:^ {4}|`|/bin/)backstop ((?:--)?[a-z][^`\n|;]*)", document.read_text(), re.MULTILINE)
    assert [line for line in lines if not is_there(line)] == []


def is_there(line: str) -> bool:
    """Whether a command begins like this, and has the options that are named."""
    words = line.split()
    if words == ["--version"]:
        return True
    for command in COMMANDS:
        if words[: len(command.name.split())] == command.name.split():
            command.add_arguments(parser := argparse.ArgumentParser())
            given = {word.partition("=")[0] for word in words if word.startswith("--")}
            return given <= {"--env-file", *parser._option_string_actions}
    return False


def test_a_command_or_an_option_that_is_gone_would_be_seen() -> None:
    assert is_there("audit verify --against DIGEST --env-file FILE")
    assert not is_there("audit burn")
    assert not is_there("migrate --hard")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_make_target_that_is_named_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^    |`)make ([a-z]+)", document.read_text(), re.MULTILINE)) <= targets


@pytest.mark.parametrize("broken", ["nothing", "check", "test"])
def test_ci_runs_the_checks_and_the_readmes_test_command_and_fails_where_one_does(tmp_path: Path, broken: str) -> None:
    assert re.search(r"^    make test$", (ROOT / "README.md").read_text(), re.MULTILINE)
    programs = tmp_path / "programs"
    for folder in (tmp_path / ".ci", programs):
        folder.mkdir()
    (programs / "chromium").touch(0o755)  # there, so that none is installed
    (tmp_path / "Makefile").write_text(f"develop:\ncheck test:\n\t@echo $@ has run; test $@ != {broken}\n")
    done = subprocess.run(  # noqa: S603 - our own program
        [shutil.copy2(ROOT / ".ci" / "run", tmp_path / ".ci")],
        env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert {"check has run", "test has run"} <= set(done.stdout.splitlines())
    assert (done.returncode == 0) is (broken == "nothing")


def test_the_version_that_the_bot_says_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_the_changelog_has_a_section_for_what_is_not_released_and_one_with_a_date_for_what_is() -> None:
    sections = re.findall(r"^## \[(.+)\](?: - (\d{4}-\d\d-\d\d))?$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert sections[0] == ("Unreleased", "")
    assert sections[1][0] == VERSION
    assert all(day for _, day in sections[1:])


def test_every_change_that_no_test_has_to_notice_is_of_a_line_that_is_there() -> None:
    explained = tomllib.loads((ROOT / "tests" / "mutants" / "explained.toml").read_text())["change"]
    code = {".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text() for file in MODULES}
    for change in explained:
        (text,) = (text for module, text in code.items() if change["function"].startswith(f"{module}."))
        assert change["was"] in text, change
        assert change["was"] != change["becomes"], change
        assert len(change["why"]) > 20, change


def test_no_module_is_longer_than_two_hundred_and_fifty_lines() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > 250} == {}


def test_functions_are_short() -> None:
    lines = [length for _, length in functions()]
    assert median(lines) <= 8
    assert quantiles(lines, n=10)[-1] <= 25
    assert [name for name, length in functions() if length > 40] == []


def test_the_parts_of_verify_py_use_nothing_of_ours_that_is_not_in_it() -> None:
    inside = {f"bot.rules.{part.removesuffix('.py').replace('/', '.')}" for part in PARTS}
    replaced = {("bot.language", "_"), ("bot.language", "ngettext"), ("bot.rules.policy.policy", "Policy")}
    nodes = [node for part in PARTS for node in ast.walk(ast.parse((ROOT / "bot/rules" / part).read_text()))]
    used = {(str(node.module), name.name) for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    assert [each for each in used - replaced if each[0].startswith("bot.") and each[0] not in inside] == []


def test_every_file_that_is_no_module_is_installed_with_the_package() -> None:
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    globs = [str(ROOT / top / pattern) for top, patterns in packaged.items() for pattern in patterns]
    named = {Path(file) for each in globs for file in glob(each, recursive=True)}  # noqa: PTH207 - as setuptools finds them
    there = {file for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*") if file.is_file()}
    needed = {file for file in there if file.suffix not in {".py", ".pyc"}}
    assert needed
    assert {str(file.relative_to(ROOT)) for file in needed - named} == set()
