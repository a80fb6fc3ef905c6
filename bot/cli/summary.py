"""`summary`: a week in the terminal, or in its channel."""

import time
from collections.abc import Callable
from typing import Final

from bot.app import Bot
from bot.rules.notices import NoticeKind
from bot.rules.weeks import Week
from bot.usecases.weekly.summaries import NotOver, figures_of, post_summary
from handlers.weekly.notice import week_text

NOT_OVER: Final = "Week {week} is not over yet; it can be shown, and be posted once it is."
POSTED: Final = "Week {week} stands in {channel}."
LATER: Final = "Week {week} is on record to be posted in {channel}; the bot posts it as soon as Slack takes it."
PATIENCE: Final = 30.0  # seconds for Slack to show it
PAUSE: Final = 0.2


def last_week(bot: Bot) -> Week:
    """The last week that is over."""
    today = bot.context.clock()
    slot = bot.context.firm.summary_at
    return max(week for week in (slot.due(today), slot.due(today).later(1)) if slot.is_over(week, today))


def show_week(bot: Bot, team: str, week: Week, say: Callable[[str], None]) -> None:
    """Say the week's figures. Raises NotRecorded."""
    with bot.database.read(team) as tx:
        say(week_text(figures_of(tx, bot.context, week, bot.context.clock()), bot.context.policy))


def post_week(bot: Bot, team: str, week: Week, say: Callable[[str], None]) -> bool:
    """Post the week, or correct it where it stands; whether Slack shows it. Raises ValueError while it runs."""
    channel = bot.context.firm.summed_up_in
    try:
        post_summary(bot.context, team, week)
    except NotOver:
        raise ValueError(NOT_OVER.format(week=week)) from None
    done = _brought_about(bot, team, week, channel)
    say((POSTED if done else LATER).format(week=week, channel=channel))
    return done


def _brought_about(bot: Bot, team: str, week: Week, channel: str) -> bool:
    """Work off what is behind, beside a bot that may be running, until the summary shows what it should."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = bot.worker.delivery.claim()
        if job:
            bot.worker.delivery.deliver(job)
            continue
        with bot.database.read(team) as tx:
            if tx.notices.is_in_step(NoticeKind.SUMMARY, week.key, channel):
                return True
        time.sleep(PAUSE)
    return False
