"""The wheel: it has every file of the checkout, and leads a newcomer from nothing to the first decision."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

import pytest

from bot import VERSION
from bot.cli.version import WRITTEN_DOWN
from bot.sandbox.person import Person
from bot.settings.load import load
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.steps import pressed, reports, soon, with_letter
from tests.slack.test_serve import Serving, address, ended
from tests.slack.test_setup import APP_TOKEN, LINK, sandbox

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

__all__ = ["sandbox"]  # the fixture

ROOT: Final = Path(__file__).parents[1]
PARTS: Final = ("bot", "handlers", "storage")
BUILD: Final = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"
PIP: Final = ("-m", "pip", "--disable-pip-version-check")
WHEELS: Final = Path(sys.prefix, "wheels")  # of requirements.lock: `make develop` fetches them
MOST: Final = 120_000_000  # bytes of a running environment without pip
SLOW: Final = ("sqlalchemy", "slack_sdk", "slack_bolt", "pydantic", "babel")  # to import; nothing else takes long


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


def test_the_wheel_has_every_file_of_the_checkout_and_no_other(wheel: Path) -> None:
    files = [file for part in PARTS for file in (ROOT / part).rglob("*") if file.is_file()]
    there = {str(file.relative_to(ROOT)) for file in files if "__pycache__" not in file.parts}
    assert content(wheel) == {*there, f"bot/{WRITTEN_DOWN}"}


def test_a_wheel_made_of_the_source_archive_is_the_same(source: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built("build_sdist", source, tmp_path)) as archive:
        archive.extractall(tmp_path, filter="data")
    again = built("build_wheel", next(tmp_path.glob("backstop_bot-*/")), tmp_path)
    assert content(again) == content(wheel)
    assert ZipFile(again).read(f"bot/{WRITTEN_DOWN}") == ZipFile(wheel).read(f"bot/{WRITTEN_DOWN}")


@pytest.fixture
def backstop(wheel: Path, tmp_path: Path) -> Path:
    """The command, in a new environment with what the lock names and nothing else."""
    folder, lock = tmp_path / "environment", ROOT / "requirements.lock"
    locked = ("--quiet", "--require-hashes", "--no-deps", "-r", lock)
    if not WHEELS.exists():
        ran(sys.executable, *PIP, "download", *locked, "-d", WHEELS, folder=tmp_path)
    venv.create(folder, with_pip=False)
    install = (sys.executable, *PIP, "--python", folder / "bin" / "python", "install", "--no-index")
    ran(*install, "--find-links", WHEELS, *locked, folder=tmp_path)
    ran(*install, "--quiet", "--no-deps", wheel, folder=tmp_path)
    return folder / "bin" / "backstop"


def serve(backstop: Path, folder: Path, settings: dict[str, str]) -> Serving:
    environment = {"PATH": os.environ["PATH"], "PORT": "0", **settings}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [backstop, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout
    with process.stdout as said:
        return Serving(process, address(said.readline()), folder / "log")


def refuse_what_is_large_or_slow(backstop: Path, tmp_path: Path) -> None:
    """What is installed is small, and says at once from which commit it was made."""
    files = [file for file in backstop.parents[1].rglob("*") if file.is_file()]
    assert sum(-(-file.stat().st_size // 4096) * 4096 for file in files) < MOST  # as `du` counts, in blocks of 4 KB
    git = ("git", "-C", ROOT, "-c", "safe.directory=*", "rev-parse", "HEAD")
    head = ran(*git, folder=tmp_path).strip()
    asked = (backstop.with_name("python"), "-v", backstop, "--version")
    version = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert version.stdout == f"backstop {VERSION} (revision {head[:12]})\n"
    imported = {
        line.split()[1].strip("'").partition(".")[0] for line in version.stderr.splitlines() if line[:7] == "import "
    }
    assert "bot" in imported
    assert imported.isdisjoint(SLOW)


def switch_socket_mode_off(sandbox: Sandbox) -> None:
    """As in the app's settings at Slack: from now on it sends signed requests to the app's address."""
    sandbox._sockets._app_token = None


@pytest.mark.timeout(300)
def test_a_newcomer_comes_from_an_empty_folder_to_the_first_decision(
    backstop: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    refuse_what_is_large_or_slow(backstop, tmp_path)
    folder = tmp_path / "empty"
    folder.mkdir()
    slack = {"SLACK_API_URL": sandbox.api_url}
    tokens = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": APP_TOKEN}
    options = ("--yes", "--management-channel", LINK, "--managers", "@managers", "--operators", "U0OLEK")
    said = ran(backstop, "setup", *options, folder=folder, **slack, **tokens)
    assert "MEND" not in said
    assert "No request from Slack has come yet" in said
    assert said.endswith("Now start the bot: backstop serve\n")
    settings = load({}, folder / ".env")
    assert (settings.managers, settings.operators, settings.timezone) == (("S0MANAGERS",), ("U0OLEK",), "Europe/London")

    ana, priya = Person(sandbox.url, "U0ANA"), Person(sandbox.url, "U0PRIYA")
    with ended(serve(backstop, folder, slack)) as bot:
        assert soon(lambda: bot.ask("readyz")[0] == 200)
        reports(ana, category="Threat of violence")
        notice = priya.message("C0MANAGE", "Zenith Corp")
        assert bot.stop() == 0
    switch_socket_mode_off(sandbox)
    over_http = {**slack, "SLACK_APP_TOKEN": ""}
    with ended(serve(backstop, folder, over_http)) as bot:
        sandbox.bot_url = f"{bot.url}slack/events"
        assert soon(lambda: bot.ask("readyz")[0] == 200)
        form = pressed(priya, notice, "Keep customer")
        form.fill({"Why?": "It was said in anger."}).submit()
        with_letter(form)
        assert form.title == "Recorded"
        assert ana.direct_message("we keep them")
        assert bot.stop() == 0

    found = json.loads(ran(backstop, "check", "--json", folder=folder, **over_http))
    assert any("signed with the signing secret, which is therefore right" in each["what"] for each in found)
    ran(backstop, "audit", "verify", folder=folder)
    policy = folder / "policy.toml"
    ran(backstop, "policy", "init", policy, folder=folder)
    assert "policy.toml can be used" in ran(backstop, "policy", "check", policy, folder=folder)
