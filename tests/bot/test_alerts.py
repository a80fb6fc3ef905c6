"""The example alert rules: Prometheus takes them, each raises the alarm when it should, and reads a metric of ours."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.metrics import Counted, Process, metrics
from tests.builders import FrozenClock

if TYPE_CHECKING:
    from storage.database import Database

RULES = Path(__file__).parents[2] / "docs" / "alerts.yml"
TESTS = Path(__file__).with_name("alerts.test.yml")


def promtool(*words: str) -> str:
    """What it says. It is in Debian's package prometheus."""
    found = shutil.which("promtool")
    assert found, "This test needs promtool: apt-get install prometheus, or put the program alone into the PATH."
    done = subprocess.run([found, *words], capture_output=True, text=True, check=False)  # noqa: S603 - our own files
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_prometheus_takes_the_rules() -> None:
    assert "SUCCESS" in promtool("check", "rules", str(RULES))


def test_each_alarm_is_raised_when_it_should_be_and_not_before() -> None:
    alerts = set(re.findall(r"alert: (\w+)", RULES.read_text()))
    tried = re.findall(r"alertname: (\w+)", TESTS.read_text())
    assert {alert for alert in alerts if tried.count(alert) >= 2} == alerts
    assert "SUCCESS" in promtool("test", "rules", str(TESTS))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_metric_that_a_rule_reads_is_one_of_ours(database: Database) -> None:
    counted = Counted()
    for counts, labels in ((counted.requests, 1), (counted.refused, 1), (counted.slack, 2)):
        counts.add(*["x"] * labels)
    text = metrics(database, FrozenClock(), Process(ready=True, problems=["x"], counted=counted)).decode()
    read = set(re.findall(r"backstop_\w+|process_\w+", RULES.read_text()))
    later = {"backstop_summary_timestamp_seconds"}  # once there is a summary: see the tests of the metrics
    assert {name for name in read - later if f"\n{name}" not in text} == set()
