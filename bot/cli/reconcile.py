"""`reconcile`: after a restore, makes Slack show what is on record."""

import argparse
import time
from typing import Final

from bot.cli.shared import context_of, load_settings, open_as_it_is, team_of_token
from bot.usecases.processes import settle_here
from bot.usecases.reconcile import reconcile
from bot.usecases.transport import Unanswered
from handlers.client.transport import SlackTransport, posting_client
from handlers.notices import not_on_record

DONE: Final = (
    "{known} messages are on record: `serve` updates them. {lost} with buttons are not on record: they have lost "
    "their buttons, and say why."
)
LEFT_OUT: Final = "Numbers up to {name} {last} were used before, and will not be used again. The audit log says so."
ANOTHERS: Final = (
    "{anothers} with buttons belong to another record that works with the same app, and were left alone. If there is "
    "no other, this is not a backup of the record that was lost."
)
BLIND: Final = (
    "{known} messages and Homes are on record: `serve` updates them. CONFIRM_POSTS is off, so the bot cannot look "
    "for others: messages that are no longer on record keep their buttons, which do nothing. Delete them by hand."
)
REFUSED: Final = "{many} in {target} still have their buttons: Slack says {error}."
UNREAD: Final = "{target} could not be read: Slack says {error}."
GONE: Final = "{target} cannot be reached any more, and was left alone: Slack says {error}."
SILENT: Final = "Slack does not answer ({why}). What was done stays. Run `reconcile` again."


def run(chosen: argparse.Namespace) -> int:
    """After a restore: draw what is on record again in Slack, and take the buttons off what is not."""
    settings = load_settings(chosen.env_file)
    client = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    slack = SlackTransport(client, confirms=settings.confirm_posts)
    with open_as_it_is(chosen.env_file) as database:
        context, team = context_of(settings, database), team_of_token(settings)
        try:
            done = reconcile(context, slack, team, not_on_record(), time.sleep)
        except Unanswered as silence:
            raise ValueError(SILENT.format(why=silence)) from silence
        settle_here(context, team, database.place())
    print((DONE if settings.confirm_posts else BLIND).format(known=done.known, lost=done.lost))
    for name, last in done.left_out.items():
        print(LEFT_OUT.format(name=name, last=last))
    if done.anothers:
        print(ANOTHERS.format(anothers=done.anothers))
    for (target, error), many in done.refused.items():
        print(REFUSED.format(many=many, target=target, error=error))
    for target, error in done.unread.items():
        print(UNREAD.format(target=target, error=error))
    for target, error in done.gone.items():
        print(GONE.format(target=target, error=error))
    return 1 if done.unread or done.refused else 0
