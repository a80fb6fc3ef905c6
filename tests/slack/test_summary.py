"""The weekly summary through the whole bot, against the sandbox's Slack, with the clock moved to Monday morning."""

import csv
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from bot.rules.evidence_pack.archive import unzipped
from bot.sandbox.person import Message, Person
from bot.sandbox.server import Sandbox
from tests.slack.calling import get_json, order
from tests.slack.steps import content, pressed, reports, soon

SAYS = "Open the queue"


def reports_and_is_answered(rep: Person, customer: str, category: str = "Verbal abuse") -> None:
    reports(rep, customer, category=category, severity="Minor", narrative="SECRET")
    rep.direct_message(f"Your report on {customer}")


def monday_morning(firm: Sandbox, *, before: timedelta = timedelta()) -> None:
    """The next Monday, a second after nine; or so much before it."""
    now = firm.now()
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=9, minute=0, second=1, microsecond=0)
    Person(firm.url, "U0PRIYA").forward(seconds=(monday - before - now).total_seconds())


def summaries(reader: Person) -> list[Message]:
    return [message for message in reader.channel("C0MANAGE") if SAYS in message.text]


def calls(firm: Sandbox, method: str) -> int:
    return int(get_json(f"{firm.url}sandbox/calls")["counts"].get(method, 0))


def until(holds: Callable[[], bool]) -> None:
    assert soon(holds), "it did not come about"


def answer_to(manager: Person, message: Message, button: str) -> str:
    """What the button answers."""
    form = pressed(manager, message, button)
    said = f"{form.title} {form.text()}"
    form.cancel()
    return said


def chart(message: Message) -> dict[str, Any] | None:
    return next((block for block in message.raw["blocks"] if block["type"] == "data_visualization"), None)


def test_it_comes_on_monday_with_a_chart_and_stays_as_posted_in_the_message_and_as_csv(firm: Sandbox) -> None:
    ana, joe, priya = (Person(firm.url, user) for user in ("U0ANA", "U0JOE", "U0PRIYA"))
    reports_and_is_answered(ana, "Zenith Corp")
    reports_and_is_answered(joe, "Acme Ltd", "Unreasonable demands")
    assert summaries(priya) == []
    monday_morning(firm)
    received = priya.message("C0MANAGE", SAYS)
    assert "2 reports by 2 reps, 2 more than the week before" in received.text
    assert "SECRET" not in received.text
    assert not any(name in received.text for name in ("Ana", "Joe", "U0ANA", "U0JOE"))
    shown = chart(received)
    assert shown is not None
    assert [point["value"] for point in shown["chart"]["series"][0]["data"]] == [0] * 11 + [2]
    assert received.buttons == ["Open the queue", "Download CSV"]
    assert "What you have to do" in answer_to(priya, received, "Open the queue")
    digest = priya.message("C0MANAGE", "Digest 1 of the record")
    assert digest.raw["thread_ts"] == received.ts

    ana.press(ana.direct_message("Your report on Zenith Corp"), "Withdraw")
    ana.direct_message("You withdrew it")
    assert digest.raw["edited"] is False
    assert priya.message("C0MANAGE", "Digest 1 of the record").raw == digest.raw

    assert "in a direct message" in answer_to(priya, received, "Download CSV")
    sent = priya.direct_message("the figures as a table")
    [file] = sent.raw["files"]
    assert file["title"].startswith("backstop-2")
    lines = list(csv.reader(StringIO(content(file["url_private"]).decode("utf-8-sig"))))
    assert lines[0] == ["week", "what", "which", "number", "note"]
    for kind in ("Verbal abuse", "Unreasonable demands"):  # as when it was posted, though one is withdrawn since
        assert [line[3] for line in lines if line[1:3] == ["reports", kind]][-1] == "1"
    [now] = summaries(priya)
    assert (now.ts, now.text, now.raw["edited"]) == (received.ts, received.text, False)


def test_the_digest_in_the_thread_proves_an_evidence_pack(firm: Sandbox, tmp_path: Path) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    ready(firm)
    reports(ana)
    notice = priya.message("C0MANAGE", "Warn Zenith Corp?")
    monday_morning(firm)
    [digest] = re.findall("[0-9a-f]{64}", priya.message("C0MANAGE", "Digest 1 of the record").text)
    pressed(priya, notice, "Evidence pack").cancel()
    [file] = priya.direct_message("The evidence pack of case 1").raw["files"]
    packed = content(file["url_private"])
    for name, written in unzipped(packed).items():
        (tmp_path / name).write_bytes(written)
    command = [sys.executable, "-I", str(tmp_path / "verify.py"), digest]
    proven = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own file
    assert "PROVEN up to the digest of week " in proven.stdout
    (tmp_path / "case.json").write_bytes((tmp_path / "case.json").read_bytes().replace(b"shouted", b"chatted"))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1  # noqa: S603 - likewise


def test_a_week_in_which_nothing_happened_is_summed_up_as_well(firm: Sandbox) -> None:
    priya = Person(firm.url, "U0PRIYA")
    ready(firm)
    monday_morning(firm)
    received = priya.message("C0MANAGE", SAYS)
    assert "Nobody reported anything in these twelve weeks." in received.text
    assert chart(received) is None


def test_where_slack_refuses_the_chart_the_numbers_stand_in_a_line(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    reports_and_is_answered(ana, "Zenith Corp")
    order(firm, "data_visualization", "error:invalid_blocks", times=10_000)
    monday_morning(firm)
    received = priya.message("C0MANAGE", SAYS)
    assert chart(received) is None
    assert ": 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1." in received.text


def test_a_post_in_doubt_is_looked_for(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    monday_morning(firm, before=timedelta(hours=12))
    reports_and_is_answered(ana, "Zenith Corp")
    edits = calls(firm, "chat.update")
    order(firm, "chat.postMessage", "drop_after")
    monday_morning(firm)
    assert chart(priya.message("C0MANAGE", SAYS))
    until(lambda: calls(firm, "chat.update") > edits)
    assert len(summaries(priya)) == 1


def test_a_file_whose_upload_was_in_doubt_is_not_sent_twice(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    reports_and_is_answered(ana, "Zenith Corp")
    monday_morning(firm)
    received = priya.message("C0MANAGE", SAYS)
    before = calls(firm, "conversations.history")
    order(firm, "files.completeUploadExternal", "drop_after")
    assert "in a direct message" in answer_to(priya, received, "Download CSV")
    priya.direct_message("the figures as a table")
    until(lambda: calls(firm, "conversations.history") > before)
    time.sleep(0.2)
    assert len([each for each in priya.direct_messages() if "as a table" in each.text]) == 1


def ready(firm: Sandbox) -> None:
    """Until the bot knows which workspace it is in, and has planned the summary."""
    until(lambda: calls(firm, "usergroups.users.list") > 0)
