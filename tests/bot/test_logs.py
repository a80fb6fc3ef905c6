"""The log of a process: what is written, and what never is."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BEFORE = """
import logging, sys, threading
from bot.logs import configure
configure()
ours = logging.getLogger("bot.usecases.reports.report")
theirs = logging.getLogger("slack_sdk.web.base_client")
"""


def written(script: str) -> list[dict[str, Any]]:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", BEFORE + script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert "hunter2" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_our_line_has_its_time_level_logger_event_and_identifiers() -> None:
    (line,) = written('ours.info("A report was recorded.", extra={"ids": {"case": 12, "team": "T0FIRM"}})')
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "bot.usecases.reports.report",
        "event": "A report was recorded.",
        "ids": {"case": 12, "team": "T0FIRM"},
    }


def test_a_line_break_in_what_is_logged_makes_no_second_line() -> None:
    (line,) = written(r'ours.info("one\n{\"level\": \"error\"}")')
    assert line["event"] == 'one\n{"level": "error"}'


def test_of_a_librarys_line_only_the_position_is_written() -> None:
    (line,) = written('theirs.error("body: hunter2"); theirs.info("hunter2"); logging.getLogger("x").debug("hunter2")')
    assert line["logger"] == "slack_sdk.web.base_client"
    assert line["event"] == "said something at <string>:7 <module>"


def test_the_text_of_waitress_is_written() -> None:
    (line,) = written('logging.getLogger("waitress.queue").warning("Task queue depth is %d", 3)')
    assert line["event"] == "Task queue depth is 3"


def test_a_name_that_only_begins_like_ours_is_not_ours() -> None:
    (line,) = written('logging.getLogger("bothersome").warning("hunter2")')
    assert line["event"].startswith("said something at")


def test_of_a_librarys_exception_type_code_and_frames_are_written_and_not_the_message() -> None:
    (line,) = written("""
import sqlite3
def store():
    sqlite3.connect(":memory:").execute("insert into nowhere values ('hunter2')")
try:
    try:
        store()
    except sqlite3.Error as error:
        raise RuntimeError("hunter2") from error
except RuntimeError:
    ours.exception("It failed.")
""")
    outer, inner = line["error"]
    assert outer["type"] == "builtins.RuntimeError"
    assert (inner["type"], inner["code"]) == ("sqlite3.OperationalError", "SQLITE_ERROR")
    assert inner["frames"][-1].endswith(" store")
    assert "says" not in outer
    assert "says" not in inner


def test_the_message_of_our_own_exception_is_written() -> None:
    (line,) = written("""
from bot.http_server import CannotListenError
try:
    raise CannotListenError("Cannot listen.")
except CannotListenError:
    ours.exception("It failed.")
""")
    assert line["error"][0]["says"] == "Cannot listen."


def test_the_message_of_a_refusal_is_not_written() -> None:
    (line,) = written("""
from bot.rules.refusals import Refusal
try:
    raise Refusal("hunter2")
except Refusal:
    ours.exception("It failed.")
""")
    assert "says" not in line["error"][0]


def test_uncaught_errors_are_logged() -> None:
    thread, program = written("""
def run():
    raise ValueError("hunter2")
thread = threading.Thread(target=run)
thread.start()
thread.join()
raise KeyError("hunter2")
""")
    assert (thread["event"], program["event"]) == (
        "A thread ended with an error.",
        "The program ended with an error.",
    )
    assert (thread["error"][0]["type"], program["error"][0]["type"]) == ("builtins.ValueError", "builtins.KeyError")


def test_a_line_that_cannot_be_formatted_is_named_without_its_arguments() -> None:
    (line,) = written('ours.info("%d reports", "hunter2")')
    assert line["event"] == "a line failed at <string>:7 <module>"


def test_an_identifier_that_is_no_plain_value_is_not_written() -> None:
    (line,) = written("""
class Customer:
    def __repr__(self):
        return "hunter2"
ours.info("Seen.", extra={"ids": {"customer": Customer()}})
""")
    assert line["ids"] == {"customer": "<Customer>"}


def test_bolt_logs_nothing_of_a_request_that_is_unknown_or_not_signed() -> None:
    lines = written("""
import json, time
from urllib.parse import quote
from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier
app = App(token="xoxb-hunter2", signing_secret="hunter2", token_verification_enabled=False,
          authorize=None, process_before_response=True)
payload = {"type": "block_suggestion", "action_id": "hunter2", "block_id": "b", "value": "hunter2",
           "team": {"id": "T"}, "user": {"id": "U"}, "view": {"type": "modal", "callback_id": "hunter2"}}
body, now = "payload=" + quote(json.dumps(payload)), str(int(time.time()))
for key in ("hunter2", "wrong"):
    signature = SignatureVerifier(key).generate_signature(timestamp=now, body=body)
    headers = {"x-slack-signature": signature, "x-slack-request-timestamp": now,
               "content-type": "application/x-www-form-urlencoded"}
    ours.info("Answered.", extra={"ids": {"status": app.dispatch(BoltRequest(body=body, headers=headers)).status}})
""")
    bolts = [line for line in lines if not line["logger"].startswith("bot.")]
    assert bolts
    assert all(line["event"].startswith("said something at") for line in bolts)
    assert "v0=" not in json.dumps(lines)


def test_bolt_does_not_warn_of_a_token_in_the_environment() -> None:
    lines = written("""
import os
from handlers.bolt import bolt_app
from handlers.dispatcher import Asks
os.environ["SLACK_BOT_TOKEN"] = "xoxb-hunter2"
app = bolt_app(None, Asks(str, print), token="xoxb-hunter2", signing_secret="s", api_url="http://127.0.0.1:9/api/")
logging.getLogger("slack_bolt.App").warning("still heard")
""")
    assert [line["logger"] for line in lines] == ["slack_bolt.App"]


ON_A_FULL_DISK = """\
import logging
from bot import logs
from bot.cli.terminal import visible_output
with visible_output():
    logs.configure()
    for _ in range(3):
        logging.getLogger("bot.worker").error("nothing can be recorded")
    print("it goes on")
"""


def test_a_log_that_cannot_be_written_stops_no_work() -> None:
    """As where the disk is full on which both the log and the database are: threads ended with the line."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-c", ON_A_FULL_DISK], stdout=subprocess.PIPE, stderr=full, text=True, check=False
        )
    assert done.stdout == "it goes on\n"
