"""The wheel: it has every file of the checkout, and the command that it installs works without one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

from bot import VERSION
from bot.cli.version import WRITTEN_DOWN
from bot.policy_file.load import BUILT_IN

ROOT: Final = Path(__file__).parents[1]
PARTS: Final = ("bot", "handlers", "storage")
BUILD: Final = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"
SETTINGS: Final = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "secret",
    "MANAGEMENT_CHANNEL": "C0MANAGE",
    "MANAGERS": "U0PRIYA",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",  # nobody is there
}


def ran(*words: str | Path, folder: Path, code: int = 0, **settings: str) -> str:
    """What a program printed that ended with this exit code."""
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(folder), **settings}
    done = subprocess.run(  # noqa: S603 - our own programs
        [str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def built(kind: str, source: Path, into: Path) -> Path:
    """What setuptools makes of a folder of sources, without the network and without a second environment."""
    return into / ran(sys.executable, "-W", "ignore", "-c", BUILD, kind, into, folder=source).splitlines()[-1]


def content(wheel: Path) -> set[str]:
    names = ZipFile(wheel).namelist()
    return {name for name in names if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, since a build writes beside what it reads."""
    folder = tmp_path_factory.mktemp("source")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy2(ROOT / file, folder)
    (folder / ".git").symlink_to(ROOT / ".git")
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("build_wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a new environment has its programs. It shares the packages of this one, but has no checkout."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    scheme = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    Path(scheme, "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--disable-pip-version-check")
    ran(*pip, "install", "--quiet", "--no-deps", "--no-index", "--no-compile", wheel, folder=folder)
    return folder / "bin"


def test_the_wheel_has_every_file_of_the_checkout_and_no_other(wheel: Path) -> None:
    files = [file for part in PARTS for file in (ROOT / part).rglob("*") if file.is_file()]
    there = {str(file.relative_to(ROOT)) for file in files if "__pycache__" not in file.parts}
    assert content(wheel) == {*there, f"bot/{WRITTEN_DOWN}"}


def test_a_wheel_made_of_the_source_archive_is_the_same(source: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built("build_sdist", source, tmp_path)) as archive:
        archive.extractall(tmp_path, filter="data")
    again = built("build_wheel", next(tmp_path.glob("backstop-*/")), tmp_path)
    assert content(again) == content(wheel)
    assert ZipFile(again).read(f"bot/{WRITTEN_DOWN}") == ZipFile(wheel).read(f"bot/{WRITTEN_DOWN}")


def test_the_installed_command_says_from_which_commit_it_was_made(programs: Path, tmp_path: Path) -> None:
    git = ("git", "-C", ROOT, "-c", "safe.directory=*", "rev-parse", "HEAD")
    head = ran(*git, folder=tmp_path).strip()
    assert ran(programs / "backstop", "--version", folder=tmp_path) == f"backstop {VERSION} (revision {head[:12]})\n"


def test_the_installed_command_finds_its_migrations_and_its_policy(programs: Path, tmp_path: Path) -> None:
    backstop = programs / "backstop"
    policy = shutil.copy2(BUILT_IN, tmp_path / "policy.toml")
    assert "policy.toml can be used" in ran(backstop, "policy", "check", policy, folder=tmp_path)
    assert "The database is at revision" in ran(backstop, "migrate", folder=tmp_path, **SETTINGS)
    found = json.loads(ran(backstop, "check", "--json", folder=tmp_path, code=1, **SETTINGS))
    assert [(each["ok"], each["what"].split("(")[0]) for each in found[:2]] == [
        (True, "The policy can be used "), (True, "The database is up to date "),
    ]  # fmt: skip
