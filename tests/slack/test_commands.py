"""The command line against the sandbox's Slack: importing customers, replaying a policy, and the weekly summary."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import func, select

from bot.cli.main import main
from bot.cli.sandbox import sandboxed
from bot.policy_file.load import BUILT_IN
from bot.rules.policy.verdicts import Severity
from bot.sandbox.person import Person
from storage.database import Database
from storage.migrate import migrate
from storage.tables.customers import customer
from tests.builders import TEAM, FrozenClock, a_context, reported
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock
from tests.slack.steps import is_ready, soon

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


class Shell(NamedTuple):
    """A working directory with the settings in its `.env`."""

    folder: Path
    said: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = self.said.readouterr()
        return code, said.out, said.err

    def write(self, name: str, text: str) -> str:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return str(file)

    def database(self) -> Database:
        return Database(f"sqlite:///{self.folder / 'backstop.db'}")

    def customers(self) -> int:
        database = self.database()
        migrate(database)
        with database.engine.connect() as connection:
            count = connection.scalar(select(func.count()).select_from(customer))
        database.close()
        return count or 0


@pytest.fixture
def shell(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    monkeypatch.chdir(tmp_path)
    settings = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
    }
    (tmp_path / ".env").write_text("\n".join(f"{name}={value}" for name, value in settings.items()))
    return Shell(tmp_path, capsys)


LIST = 'name,crm_reference,worth,owner\nZenith Corp,CRM-1,"£18,000 a year",U0BRAD\nAcme Ltd,,,\n'


def test_customers_are_imported_for_the_workspace_of_the_token(shell: Shell) -> None:
    file = shell.write("customers.csv", LIST)
    assert shell.run("customers", "import", file) == (0, "2 added, 0 changed, 0 as they were.\n", "")
    shell.write("customers.csv", LIST.replace("18,000", "20,000"))
    assert shell.run("customers", "import", file) == (0, "0 added, 1 changed, 1 as they were.\n", "")
    with shell.database().read(TEAM) as tx:
        zenith = tx.customers.get(1)
    assert (zenith.name, zenith.worth, zenith.owner) == ("Zenith Corp", "£20,000 a year", "U0BRAD")


def test_a_wrong_list_is_refused_with_every_problem_and_nothing_is_imported(shell: Shell) -> None:
    file = shell.write("customers.csv", f"{LIST},CRM-9,,\nBorealis,,,brad\n")
    code, said, problems = shell.run("customers", "import", file)
    assert (code, said) == (2, "")
    assert problems.splitlines()[0] == "The list has 2 problems, and nothing was imported:"
    assert [line.split(":")[0] for line in problems.splitlines()[1:]] == ["  line 4", "  line 5"]
    assert shell.customers() == 0


def test_without_slack_the_workspace_must_be_named(shell: Shell, sandbox: Sandbox) -> None:
    file = shell.write("customers.csv", LIST)
    sandbox.stop()
    code, _, problems = shell.run("customers", "import", file)
    assert code == 2
    assert "--team T" in problems
    assert shell.customers() == 0
    assert shell.run("customers", "import", file, "--team", "T0OTHER")[0] == 0
    assert shell.customers() == 2


def test_a_customer_whom_nobody_reported_is_exported(shell: Shell) -> None:
    shell.run("customers", "import", shell.write("customers.csv", LIST))
    code, said, _ = shell.run("export", "customer", "Acme Ltd", "--out", str(shell.folder / "acme.txt"))
    assert (code, "customer 2, with 0 reports," in said) == (0, True)
    assert "Acme Ltd" in (shell.folder / "acme.txt").read_text()


@pytest.fixture
def recorded(shell: Shell) -> None:
    database = shell.database()
    migrate(database)
    clock = FrozenClock()
    context = a_context(database, clock)
    for _ in range(2):
        reported(context, severity=Severity.MINOR)
        clock.time += timedelta(days=3)
    database.close()


def policy(shell: Shell, points: int) -> str:
    built_in = BUILT_IN.read_text(encoding="utf-8")
    return shell.write("other.toml", built_in.replace("warn_at_points = 4", f"warn_at_points = {points}"))


@pytest.mark.usefixtures("recorded")
def test_a_policy_is_replayed_as_a_table_and_as_json(shell: Shell) -> None:
    code, said, progress = shell.run("policy", "replay", policy(shell, 2))
    assert code == 0
    assert "2026-11-20 10:00, 3 days earlier" in said
    assert progress == "2 of 2 reports\n"
    code, said, _ = shell.run("policy", "replay", policy(shell, 9), "--json")
    assert [(each["name"], each["change"]) for each in json.loads(said)["differences"]] == [
        ("Zenith Corp", "not_at_all")
    ]
    _, said, _ = shell.run("policy", "replay", policy(shell, 9), "--json", "--since", "2026-11-24")
    assert json.loads(said)["differences"] == []


@pytest.mark.usefixtures("recorded")
def test_a_wrong_policy_or_day_is_refused_before_the_replay(shell: Shell) -> None:
    code, said, problems = shell.run("policy", "replay", policy(shell, -1))
    assert (code, said) == (2, "")
    assert "warn_at_points" in problems
    with pytest.raises(SystemExit) as refusal:
        shell.run("policy", "replay", policy(shell, 2), "--since", "last week")
    assert refusal.value.code == 2
    assert "write it as 2026-01-31" in shell.said.readouterr().err


def test_the_sandbox_has_customers_whose_owners_cannot_act() -> None:
    with sandboxed(real_clock, 0, threading.Event(), customers=True) as firm:
        assert soon(lambda: is_ready(firm))
        ana, priya = (Person(firm.url, user) for user in ("U0ANA", "U0PRIYA"))
        form = ana.command("/report-abuse", "zenith corp")
        form.fill({"What kind of conduct?": "Threat of violence", "How serious?": "Severe", "What happened?": "Hm."})
        form.submit()
        notice = priya.message("C0MANAGE", "Drop or keep Zenith Corp?")
        assert "£18,000 a year" in notice.text
        assert "May not act: Brad Keller (account owner)" in notice.text


def test_a_week_is_shown_in_the_terminal(shell: Shell) -> None:
    shell.run("migrate")
    code, said, _ = shell.run("summary", "--week", "2026-W07")
    assert code == 0
    assert said.startswith("Week 7, 9 to 15 February 2026\n")
    assert "<!date" not in said
    assert said.endswith("Counted now. A week that was posted keeps the figures that it was posted with.\n")


def test_a_week_is_posted_once_and_stays_as_posted(shell: Shell, sandbox: Sandbox) -> None:
    for _ in range(2):
        code, said, _ = shell.run("summary", "--week", "2025-W07", "--post")
        assert code == 0
        assert "Week 2025-W07 is posted in C0MANAGE." in said
        with closing(shell.database()) as database:
            reported(a_context(database, FrozenClock(datetime(2025, 2, 12, 10, tzinfo=UTC))), category="other")
    posted = Person(sandbox.url, "U0PRIYA").channel("C0MANAGE")
    assert [message.text.split(",")[0] for message in posted] == ["Week 7", "Digest 1 of the record"]
    assert posted[1].raw["edited"] is False
    assert posted[0].raw["edited"] is False
    assert "No reports" in posted[0].text


def test_a_week_that_is_not_over_is_not_posted(shell: Shell) -> None:
    code, _, problems = shell.run("summary", "--week", "2089-W07", "--post")
    assert code == 2
    assert "Week 2089-W07 is not over yet" in problems


def test_a_week_that_does_not_exist_is_refused(shell: Shell) -> None:
    with pytest.raises(SystemExit):
        shell.run("summary", "--week", "2025-W53")
    assert "there is no week “2025-W53”" in shell.said.readouterr().err


def test_check_goes_on_to_slack_where_the_database_is_away(shell: Shell) -> None:
    with (shell.folder / ".env").open("a") as settings:
        settings.write("\nDATABASE_URL=postgresql://rep:hunter2@127.0.0.1:1/backstop\n")
    code, said, complaint = shell.run("check")
    assert (code, complaint) == (1, "")
    assert "MEND The bot cannot use the database, and records nothing until it can. No server answers" in said
    assert "ok   SLACK_BOT_TOKEN" in said
    assert "hunter2" not in said


def test_a_mistake_in_the_settings_and_a_database_that_is_away_have_different_exit_codes(shell: Shell) -> None:
    """The unit for systemd starts the bot again after the one, and not after the other."""
    with (shell.folder / ".env").open("a") as settings:
        settings.write("\nDATABASE_URL=postgresql://rep:hunter2@127.0.0.1:1/backstop\n")
    away, _, why = shell.run("migrate")
    with (shell.folder / ".env").open("a") as settings:
        settings.write("DATABASE_URL=postgresql://rep:hunt@er2@127.0.0.1:1/backstop\n")
    mistaken, _, what = shell.run("migrate")
    assert (away, mistaken) == (75, 2)
    assert "No server answers" in why
    assert "DATABASE_URL: its password has an @ in it" in what
    assert "er2" not in why + what
    unit = (Path(__file__).parents[2] / "deploy" / "backstop.service").read_text()
    assert f"RestartPreventExitStatus={mistaken}\n" in unit
