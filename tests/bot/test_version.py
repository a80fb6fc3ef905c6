"""`--version`: which commit it is, without git, and without importing what it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from bot import VERSION
from bot.cli.commands import run
from bot.cli.main import main
from bot.cli.version import WRITTEN_DOWN, revision

ROOT: Final = Path(__file__).parents[2]
NEEDED: Final = {
    "bot", "bot.cli", "bot.cli.main", "bot.cli.terminal", "bot.cli.version",
    "bot.language", "bot.rules", "bot.rules.text",
}  # fmt: skip
ASK: Final = """
import sys
before = set(sys.modules)
from bot.cli.main import main
main(["--version"])
print(*set(sys.modules) - before, file=sys.stderr)
"""


def git(folder: Path, *words: str) -> str:
    me = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
    command = ["git", *me, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "bot").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    return folder


@pytest.mark.parametrize("state", [[], ["pack-refs", "--all"], ["checkout", "--quiet", "--detach"]], ids=str)
def test_a_checkout_says_its_commit(checkout: Path, state: list[str]) -> None:
    if state:
        git(checkout, *state)
    assert revision(checkout / "bot") == git(checkout, "rev-parse", "HEAD")[:12]


def test_so_does_a_work_tree_beside_it(checkout: Path, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    git(checkout, "worktree", "add", "--quiet", "-b", "other", str(beside))
    git(beside, "commit", "--quiet", "--allow-empty", "--message", "Go on")
    assert revision(beside / "bot") == git(beside, "rev-parse", "HEAD")[:12]
    assert revision(beside / "bot") != revision(checkout / "bot")


def test_a_package_says_what_its_build_wrote_down(tmp_path: Path) -> None:
    (tmp_path / WRITTEN_DOWN).write_text("0123456789abcdef\n")
    assert revision(tmp_path) == "0123456789ab"


@pytest.mark.parametrize("written", [None, "\n"])
def test_where_nothing_says_it_there_is_none(tmp_path: Path, written: str | None) -> None:
    package = tmp_path / "bot"
    package.mkdir()
    if written:
        (package / WRITTEN_DOWN).write_text(written)
    assert revision(package) is None


def test_a_repository_without_a_commit_says_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert revision(tmp_path / "bot") is None


def test_it_needs_no_library_and_no_other_command() -> None:
    """Counted, not timed: nearly all that a start takes is what it imports."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.startswith(f"backstop {VERSION} (revision ")
    new = done.stderr.split()
    assert {name for name in new if name.partition(".")[0] not in sys.stdlib_module_names} == NEEDED
    assert len(new) < 60


def test_it_is_said_among_other_words_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    said = capsys.readouterr().out
    with pytest.raises(SystemExit) as end:
        run(["--version", "serve"])
    assert end.value.code == 0
    assert capsys.readouterr().out == said
