"""What the bot is installed with: every pin has hashes, no test tool is among them, and all of it stays small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
RUNS, DEVELOPS = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN: Final = re.compile(r"^([a-z0-9-]+)==(\S+)(.*)$", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {name: version for name, version, _ in PIN.findall(lock.read_text())}


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=]", each)[0].strip().lower() for each in requirements}


@pytest.mark.parametrize("lock", [RUNS, DEVELOPS], ids=lambda lock: lock.name)
def test_every_pin_has_hashes_and_no_index_is_named(lock: Path) -> None:
    blocks = re.split(r"^(?=[a-z0-9-]+==)", lock.read_text(), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(lock))
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|--(?:extra-)?index|--find-links", lock.read_text())


def test_what_runs_is_pinned_alike_for_those_who_develop() -> None:
    assert pins(RUNS).items() <= pins(DEVELOPS).items()


def test_the_locks_have_what_the_project_names_and_no_tool_for_tests_where_it_runs() -> None:
    runs, develops = named(PROJECT["project"]["dependencies"]), named(PROJECT["dependency-groups"]["dev"])
    assert runs <= pins(RUNS).keys()
    assert runs | develops <= pins(DEVELOPS).keys()
    assert named(PROJECT["project"]["optional-dependencies"]["holidays"]) <= develops
    assert develops & pins(RUNS).keys() == set()


def test_the_code_imports_nothing_but_what_the_project_names() -> None:
    code = [file for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*.py")]
    nodes = [node for file in code for node in ast.walk(ast.parse(file.read_text()))]
    modules = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    modules |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    ours = {"bot", "handlers", "storage", "_typeshed"}  # the last is of the type checker
    tops = {module.partition(".")[0] for module in modules} - ours - sys.stdlib_module_names
    by_module = packages_distributions()
    used = {distribution(by_module[top][0]).metadata["Name"].lower().replace("_", "-") for top in tops}
    extras = named(PROJECT["project"]["optional-dependencies"]["holidays"])
    assert used <= named(PROJECT["project"]["dependencies"]) | extras | {"pydantic-core"}  # which is pydantic's own


def test_the_bot_starts_without_the_extra_and_says_which_one_a_policy_needs(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for name in pins(RUNS):
        for top in {file.parts[0] for file in (distribution(name).files or ()) if file.parts[0] != ".."}:
            if not (packages / top).exists():
                (packages / top).symlink_to(str(distribution(name).locate_file(top)))
    policy = tmp_path / "policy.toml"
    text = (ROOT / "bot" / "policy_file" / "default.toml").read_text()
    for place, code in (("", 0), ("GB-ENG", 2)):
        policy.write_text(text.replace('holidays_of = ""', f'holidays_of = "{place}"'))
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-S", "-m", "bot", "policy", "check", str(policy)], cwd=ROOT, check=False,
            capture_output=True, text=True, env={"PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    assert "business.holidays_of: the library “holidays”, which knows them, is not installed" in done.stderr
    assert (
        "Install the package holidays beside the bot (docs/policy.md), or list the days under holidays." in done.stderr
    )


def test_make_install_brings_what_runs_and_everything_for_developing_asks_for_more() -> None:
    def steps(target: str) -> str:
        command = ["make", "--dry-run", "--always-make", target]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603

    for target in ("install", "sandbox", "serve"):
        assert re.findall(r"-r (\S+)", steps(target)) == [RUNS.name], target
    for target in ("test", "check", "format", "bench", "soak", "mutants", "gallery", "texts", "lock"):
        assert DEVELOPS.name in re.findall(r"-r (\S+)", steps(target)), target
