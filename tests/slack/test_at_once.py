"""Many reps who send their forms at the same moment, on both databases, and the plain bot that the benchmarks hold
beside ours.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import aiohttp
from sqlalchemy import select

from handlers.names import EVENTS_PATH
from storage.tables.audit import audit
from storage.tables.reports import report
from tests.benchmarks.answers import RECORDED, _counted, _took
from tests.benchmarks.firm import REPS, Signed, a_bot, a_process, a_slack, signed_report
from tests.builders import audit_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database

MANY = 60


async def sent_at_once(url: str, forms: Sequence[Signed]) -> list[tuple[int, bytes]]:
    """The status and the body of each answer."""

    async def sent(session: aiohttp.ClientSession, form: Signed) -> tuple[int, bytes]:
        async with session.post(url + EVENTS_PATH.lstrip("/"), data=form.body, headers=form.headers) as answer:
            return answer.status, await answer.read()

    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        return await asyncio.gather(*(sent(session, form) for form in forms))


def test_reports_that_come_all_at_once_are_each_answered_and_recorded_once(database: Database) -> None:
    forms = [signed_report(f"Customer {n % 20}", REPS[n % len(REPS)]) for n in range(MANY)]
    with a_slack() as slack, a_bot(slack, database.engine.url.render_as_string(hide_password=False)) as bot:
        left = forms
        while left:  # on a busy machine some are asked to send the form again
            with ThreadPoolExecutor(1) as thread:  # a browser test may have left a loop running on this one
                answers = thread.submit(asyncio.run, sent_at_once(bot.url, left)).result()
            assert {status for status, _ in answers} == {200}
            left = [form for form, (_, body) in zip(left, answers, strict=True) if RECORDED not in body]
    with database.engine.connect() as connection:
        numbers = list(connection.scalars(select(report.c.number).order_by(report.c.number)))
        assert len(set(connection.scalars(select(audit.c.form)))) == MANY
    assert numbers == list(range(1, MANY + 1))
    assert list(audit_problems(database)) == []


def test_the_plain_bot_of_the_benchmarks_records_a_report(database_url: str) -> None:
    with a_process(["-m", "tests.benchmarks.plain", database_url], {}) as (_, said):
        with closing(HTTPConnection("127.0.0.1", int(said.rstrip("/").rpartition(":")[2]))) as connection:
            again, elsewise = signed_report("Zenith Corp"), signed_report("ZENITH  corp")
            for each in (signed_report("Zenith Corp"), again, again, elsewise, elsewise):
                _took(connection, each)  # raises for any other answer
        assert _counted(database_url) == 3
