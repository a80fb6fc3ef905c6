"""The benchmarks are run by hand, so this holds what they stand on: their own Slack, bot, bare listener and reports."""

from contextlib import closing
from http.client import HTTPConnection

from tests.benchmarks.answers import _bare, _took
from tests.benchmarks.firm import a_firm, signed_report


def test_the_bot_of_the_benchmarks_records_a_report_and_the_bare_listener_answers_one() -> None:
    with a_firm() as (_, bot), _bare() as port:
        for each in (bot.port, port):
            with closing(HTTPConnection("127.0.0.1", each)) as connection:
                _took(connection, signed_report("Zenith Corp"))  # raises for any other answer
        assert bot.recorded() == 1
