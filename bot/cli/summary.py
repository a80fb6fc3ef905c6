"""`summary`: a week's summary in the terminal, counted now, or in its channel."""

import argparse
import csv
import io
import json
import time
from contextlib import closing
from typing import Final

from bot.app import Bot, assemble
from bot.cli.shared import context_of, load_settings, now, open_to_read, team_of_token
from bot.rules.notices import NoticeKind
from bot.rules.weeks import Week
from bot.usecases.context import Context
from bot.usecases.weekly.summaries import NotOver, figures_of, post_summary
from handlers.weekly.csv_table import as_csv
from handlers.weekly.summary_notice import week_text

NOT_OVER: Final = "Week {week} is not over yet; it can be shown, and be posted once it is."
POSTED: Final = "Week {week} is posted in {channel}."
LATER: Final = "The bot posts week {week} in {channel} as soon as Slack takes it."
COUNTED_NOW: Final = "Counted now. A week that was posted keeps the figures that it was posted with."
TIMEOUT: Final = 30.0  # seconds for Slack to show it
PAUSE: Final = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `summary`."""
    parser.add_argument("--week", type=_week, help="which one: 2026-W47; without it, the last one that is over")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--post", action="store_true", help="post it; a week that was posted before keeps its figures")
    what.add_argument(
        "--json", action="store_true", help="the figures of now, in the lines of the CSV, as one JSON array"
    )
    parser.add_argument(
        "--team", help="the workspace's ID, T…; without it, Slack is asked where the record has several"
    )


def run(chosen: argparse.Namespace) -> int:
    """Show a week's summary here, or post it where the weekly summary goes."""
    settings = load_settings(chosen.env_file)
    if not chosen.post:
        with open_to_read(chosen.env_file) as database:
            known = database.teams()
            team = chosen.team or (known[0] if len(known) == 1 else team_of_token(settings))
            _show(context_of(settings, database), team, chosen.week, as_json=chosen.json)
        return 0
    bot = assemble(settings, now)
    with closing(bot.database):
        week = chosen.week or _last_week(bot.context)
        return 0 if _post(bot, chosen.team or team_of_token(settings), week) else 1


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _last_week(context: Context) -> Week:
    """The last week that is over."""
    today = context.clock()
    slot = context.firm.summary_at
    return max(week for week in (slot.due(today), slot.due(today).later(1)) if slot.is_over(week, today))


def _show(context: Context, team: str, week: Week | None, *, as_json: bool) -> None:
    with context.read(team) as tx:
        figures = figures_of(tx, context, week or _last_week(context), context.clock())
    if as_json:
        figures_as_csv = as_csv(figures, context.policy).decode("utf-8-sig")
        print(json.dumps(list(csv.DictReader(io.StringIO(figures_as_csv))), ensure_ascii=False))
    else:
        print(week_text(figures, context.policy), COUNTED_NOW, sep="\n")


def _post(bot: Bot, team: str, week: Week) -> bool:
    """Post the summary, or edit the one that was posted. Returns whether Slack shows it by now."""
    channel = bot.context.firm.summary_target
    try:
        post_summary(bot.context, team, week)
    except NotOver:
        raise ValueError(NOT_OVER.format(week=week)) from None
    done = _deliver_until_shown(bot, team, week, channel)
    print((POSTED if done else LATER).format(week=week, channel=channel))
    return done


def _deliver_until_shown(bot: Bot, team: str, week: Week, channel: str) -> bool:
    """Deliver waiting messages, as a bot that is running also may, until the summary is shown or the time is up."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        job = bot.worker.delivery.claim()
        if job:
            bot.worker.delivery.deliver(job)
            continue
        with bot.database.read(team) as tx:
            published = tx.publications.of_week(week, channel)
            shown = tx.notices.shows_newest(NoticeKind.SUMMARY, week.key, channel)
            if (
                shown
                and published
                and tx.notices.shows_newest(NoticeKind.DIGEST, published.publication.number, channel)
            ):
                return True
        time.sleep(PAUSE)
    return False
