"""What follows where the settings name another channel: what still asks for something comes there."""

from datetime import datetime

from bot.rules.notices import NoticeKind
from bot.usecases.context import Context
from bot.usecases.weekly.summaries import post_newest
from storage.transaction import Transaction


def come_to_present_channels(tx: Transaction, context: Context, now: datetime) -> None:
    """Post in the management channel what still asks for something in one that was left, and say there where it is.

    A summary that could never be posted comes to the present channel too, if it is the newest.
    """
    present = context.firm.management_channel
    for left in tx.sent_notices.left_behind(present):
        for target in (present, left.target):
            tx.notices.refresh(
                NoticeKind(left.kind),
                left.subject,
                target,
                now,
                customer=left.customer,
                urgent=target == present,
                round_=left.round,
            )
    if tx.sent_notices.week_not_shown(context.firm.summary_target) == context.firm.summary_at.due(now).key:
        post_newest(tx, context, now)
