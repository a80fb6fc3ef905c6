"""What the command line says: the help of every command, and every command on the record that the story left."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.snapshot import inside
from tests.snapshot.logged import without_places
from tests.snapshot.writing import rows, write

ROOT = Path(__file__).parents[2]
MENU = re.compile(r"^    ([a-z][a-z-]*)(?:\s{2,}.*)?$", re.MULTILINE)
BASE = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TZ": "UTC", "COLUMNS": "120", "PYTHONHASHSEED": "0",
        "HOME": os.environ.get("HOME", "/"), "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "")}  # fmt: skip
REAL, PINNED = ("-m", "bot"), ()  # a process of its own; or in this one, with the clock at `inside.NOW`
OTHER_POLICY = (("warn_at_points = 4 ", "warn_at_points = 2 "), ("decide_reporters = 2", "decide_reporters = 1"))

# Every command, on a copy of the story's record: how, what, other settings, and what is typed.
ON_RECORD = {
    "migrate": (REAL, "migrate"),
    "audit-verify": (REAL, "audit verify"),
    "manifest": (REAL, "manifest"),
    "manifest-url": (REAL, "manifest --url https://example.com/"),
    "manifest-wrong-url": (REAL, "manifest --url nonsense"),
    "check": (REAL, "check"),
    "check-in-trouble": (REAL, "check", {"DATABASE_URL": "sqlite:///trouble.db"}),
    "check-wrong-people": (
        REAL, "check",
        {"MANAGEMENT_CHANNEL": "C0NOSUCH", "MANAGERS": "S0NOSUCH,U0GUS,U0NOSUCH", "DIRECTORS": "U0OLEK",
         "CARE_CONTACT": "U0BACKSTOP"},
    ),
    "check-wrong-token": (REAL, "check", {"SLACK_BOT_TOKEN": "xoxb-other"}),
    "check-app-token": (REAL, "check", {"SLACK_APP_TOKEN": "xapp-1"}),
    "check-nobody-answers": (REAL, "check", {"SLACK_API_URL": "http://127.0.0.1:9/api/"}),
    "policy-check": (REAL, "policy check other.toml"),
    "policy-check-missing": (REAL, "policy check nowhere.toml"),
    "policy-check-folder": (REAL, "policy check ."),
    "policy-check-no-toml": (REAL, "policy check customers.csv"),
    "policy-check-not-utf8": (REAL, "policy check latin.toml"),
    "policy-replay": (REAL, "policy replay other.toml"),
    "policy-replay-same": (REAL, "policy replay built-in.toml"),
    "policy-replay-json": (REAL, "policy replay other.toml --json"),
    "policy-replay-since": (REAL, "policy replay other.toml --since 2026-11-01"),
    "policy-replay-since-json": (REAL, "policy replay other.toml --since 2026-11-01 --json"),
    "policy-replay-gallery": (REAL, "policy replay other.toml", {"DATABASE_URL": "sqlite:///gallery.db"}),
    "export-all": (PINNED, "export all"),
    "export-all-gallery": (PINNED, "export all", {"DATABASE_URL": "sqlite:///gallery.db"}),
    "export-all-format": (PINNED, "export all --format json"),
    "export-customer": (PINNED, "export customer Zenith_Corp"),
    "export-customer-json": (PINNED, "export customer Zenith_Corp --format json"),
    "export-customer-gallery": (PINNED, "export customer Zenith_Corp", {"DATABASE_URL": "sqlite:///gallery.db"}),
    "export-customer-number": (PINNED, "export customer 1"),
    "export-customer-nobody": (PINNED, "export customer Zennith"),
    "export-customer-no-number": (PINNED, "export customer 99"),
    "export-out": (PINNED, "export customer 2 --out one.txt"),
    "export-out-again": (PINNED, "export customer 2 --out one.txt"),
    "export-out-all": (PINNED, "export all --out all.jsonl"),
    "export-out-nowhere": (PINNED, "export all --out nowhere/all.jsonl"),
    "export-team": (PINNED, "export customer 1 --team T0OTHER"),
    "export-endings": (PINNED, "export endings"),
    "export-empty": (PINNED, "export all", {"DATABASE_URL": "sqlite:///empty.db"}),
    "summary": (PINNED, "summary"),
    **{f"summary-week-{week}": (PINNED, f"summary --week 2026-W{week}") for week in range(39, 50)},
    "summary-gallery": (PINNED, "summary --week 2026-W47", {"DATABASE_URL": "sqlite:///gallery.db"}),
    "summary-team": (PINNED, "summary --team T0OTHER"),
    "summary-post": (PINNED, "summary --post --week 2026-W46"),
    "summary-post-new": (PINNED, "summary --post --week 2026-W38"),
    "summary-empty": (PINNED, "summary", {"DATABASE_URL": "sqlite:///empty.db"}),
    "import": (PINNED, "customers import customers.csv"),
    "import-changed": (PINNED, "customers import changed.csv"),
    "import-wrong": (PINNED, "customers import wrong.csv"),
    "import-missing": (PINNED, "customers import nowhere.csv"),
    "import-not-utf8": (PINNED, "customers import latin.toml"),
    "import-no-team": (PINNED, "customers import customers.csv", {"SLACK_BOT_TOKEN": "xoxb-other"}),
    "erase-open-case": (PINNED, "erase --customer Zenith_Corp --yes"),
    "erase-not-asked": (PINNED, "erase --customer Borealis_Foods"),
    "erase-not-confirmed": (PINNED, "erase --customer Borealis_Foods", {}, "no\n"),
    "erase-confirmed": (PINNED, "erase --customer Borealis_Foods", {}, "3\n"),
    "erase-even-so": (PINNED, "erase --customer Zenith_Corp --yes --even-with-an-open-case"),
    "erase-person": (PINNED, "erase --person U0JOE --yes"),
    "erase-person-not-confirmed": (PINNED, "erase --person U0MIA", {}, "x\n"),
    "erase-nobody": (PINNED, "erase --customer Nobody --yes"),
    "audit-verify-after": (REAL, "audit verify"),
    "export-after": (PINNED, "export all"),
    "export-customer-after": (PINNED, "export customer 1"),
    "audit-verify-altered": (REAL, "audit verify", {"DATABASE_URL": "sqlite:///altered.db"}),
    "export-customer-altered": (PINNED, "export customer 1", {"DATABASE_URL": "sqlite:///altered.db"}),
    "migrate-newer": (REAL, "migrate", {"DATABASE_URL": "sqlite:///newer.db"}),
    "serve-newer": (REAL, "serve", {"DATABASE_URL": "sqlite:///newer.db"}),
    "migrate-nowhere": (REAL, "migrate", {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}),
    "migrate-no-database": (REAL, "migrate", {"DATABASE_URL": "sqlite:///customers.csv"}),
    "serve-no-address": (REAL, "serve", {"HOST": "no.such.host.invalid", "DATABASE_URL": "sqlite:///fresh.db"}),
    "settings-none": (REAL, "check", None),
    "settings-none-serve": (REAL, "serve", None),
    "settings-none-summary": (REAL, "summary", None),
    "settings-wrong": (
        REAL, "check",
        {"SLACK_BOT_TOKEN": "hunter2", "SLACK_SIGNING_SECRET": "a b", "SLACK_APP_TOKEN": "x", "SLACK_API_URL": "ftp://x",
         "DATABASE_URL": "mysql://x", "HOST": "a b", "PORT": "x", "MANAGEMENT_CHANNEL": "#management",
         "SUMMARY_CHANNEL": "x",
         "MANAGERS": "priya", "DIRECTORS": "ruth", "CARE_CONTACT": "S0MANAGERS", "POLICY_FILE": "nowhere.toml",
         "TIMEZONE": "Mars", "SUMMARY_AT": "someday"},
    ),
    "settings-wrong-otherwise": (
        REAL, "check",
        {"SLACK_BOT_TOKEN": "xoxp-1", "SLACK_API_URL": "https://", "DATABASE_URL": "sqlite:///nowhere/x.db",
         "PORT": "70000",
         "MANAGERS": ",", "POLICY_FILE": ".", "SUMMARY_AT": "mon 25:00", "MANAGEMENT_CHANNEL": "U0ANA"},
    ),
    "settings-wrong-policy": (REAL, "check", {"POLICY_FILE": "wrong.toml"}),
    **{f"arguments-{number}": (PINNED, words) for number, words in enumerate((
        "", "nonsense", "serve --port 1", "sandbox --port x", "policy", "policy check", "policy nonsense",
        "policy replay", "policy replay other.toml --since 1.2.2026", "customers", "customers import",
        "summary --week 46", "summary --week 2026-W60", "export", "export all --number 1",
        "export customer 1 --format xml", "erase", "audit",
        "erase --customer 1 --person U0ANA", "audit verify more", "manifest --url", "migrate --no", "check --help more",
    ))},
}  # fmt: skip


def settings(api_url: str) -> dict[str, str]:
    """What a firm would set, for the firm of the sandbox."""
    return {"SLACK_BOT_TOKEN": inside.TOKEN, "SLACK_SIGNING_SECRET": inside.SECRET, "SLACK_API_URL": api_url,
            "PORT": "0", "DATABASE_URL": "sqlite:///story.db", "MANAGEMENT_CHANNEL": "C0MANAGE",
            "MANAGERS": "S0MANAGERS", "DIRECTORS": "U0RUTH", "CARE_CONTACT": "U0CORA"}  # fmt: skip


def run_all(out: Path, kept: Path) -> None:
    """`kept`: where the databases are that the lives left."""
    _help(out / "help", [])
    sandbox = inside.unhurried()
    with tempfile.TemporaryDirectory(prefix="backstop-snapshot-") as name:
        folder = Path(name)
        _lay_out(folder, kept)
        for case, (how, words, *rest) in ON_RECORD.items():
            changes = rest[0] if rest else {}
            given = {} if changes is None else settings(sandbox.api_url) | changes
            _run(out / "commands" / f"{case}.txt", how, words.split(), folder, given, rest[1] if len(rest) > 1 else "")
        for written in ("one.txt", "all.jsonl"):
            write(out / "commands" / "written" / written, (folder / written).read_text())
        rows(folder / "story.db", out / "rows-after-the-commands")
        rows(folder / "empty.db", out / "rows-of-an-empty-record")
        for number, (mistake, file) in enumerate(inside.mistakes(folder)):
            target = out / "policies" / f"{number:03} {re.sub('[^a-z0-9]+', '-', mistake.lower())}.txt"
            _run(target, PINNED, ["policy", "check", file.name], folder, {}, "")
        for number, text in enumerate(
            ("SLACK_BOT_TOKN=xoxb-1\nPROT=1\nOTHER=x\n", "MANAGERS='U0ANA' U0JOE\nPORT=a$b\n")
        ):
            (folder / ".env").write_text(text)
            _run(out / "commands" / f"settings-dotenv-{number}.txt", REAL, ["check"], folder, {}, "")
        (folder / ".env").write_bytes(b"PORT=\xff\n")
        _run(out / "commands" / "settings-dotenv-broken.txt", REAL, ["check"], folder, {}, "")
    sandbox.stop()


def _lay_out(folder: Path, kept: Path) -> None:
    for name in ("story", "gallery", "trouble"):
        shutil.copy(kept / f"{name}.db", folder)
    for name, change in (
        ("newer", "UPDATE alembic_version SET version_num = '9999'"),
        ("altered", "UPDATE report SET narrative = 'x' WHERE number = 1"),
    ):
        shutil.copy(kept / "story.db", folder / f"{name}.db")
        with sqlite3.connect(folder / f"{name}.db") as connection:
            connection.execute(change)
        connection.close()
    text = inside.BUILT_IN.read_text(encoding="utf-8")
    (folder / "built-in.toml").write_text(text)
    for old, new in OTHER_POLICY:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "other.toml").write_text(text)
    (folder / "wrong.toml").write_text("nonsense = 1\n[ladder]\nwarn_at_points = 0\n")
    (folder / "latin.toml").write_bytes(b"# \xe9\n")
    shutil.copy(inside.CUSTOMERS, folder / "customers.csv")
    lines = inside.CUSTOMERS.read_text(encoding="utf-8").splitlines()
    (folder / "changed.csv").write_text(
        "\n".join([lines[0], lines[1].replace(",", " II,", 1), *lines[2:], "New & Co,,,"]) + "\n"
    )
    (folder / "wrong.csv").write_text(
        "\n".join([lines[0], *lines[1:3], lines[1], ",,,", "X,a,b,nobody", f"{'x' * 300},,,"]) + "\n"
    )


def _help(folder: Path, before: list[str]) -> None:
    received = _run(folder / f"{'-'.join(before) or 'bot'}.txt", REAL, [*before, "--help"], ROOT, {}, "")
    for name in MENU.findall(received.partition("positional arguments:")[2].partition("options:")[0]) or _choices(
        received
    ):
        _help(folder, [*before, name])


def _choices(received: str) -> list[str]:
    found = re.search(r"^  \{([a-z,-]+)\}$", received, re.MULTILINE)
    return found[1].split(",") if found else []


def _run(target: Path, how: tuple[str, ...], words: list[str], folder: Path, given: dict[str, str], typed: str) -> str:
    words = [word.replace("_", " ") for word in words]
    if how == PINNED:
        code, out, err = inside.said(words, folder, BASE | given, typed)
    else:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, *how, *words], cwd=folder, env=BASE | given, input=typed, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        code, out, err = done.returncode, done.stdout, done.stderr
    received = [f"$ python -m bot {' '.join(words)}", f"exit code {code}", "--- stdout", out, "--- stderr"]
    received += map(without_places, err.splitlines())
    write(target, "\n".join(received).replace(str(folder), "<folder>") + "\n")
    return out
