"""The sandbox's Slack of a firm with sixty reps more. `python -m tests.benchmarks.sixty_reps`"""

import sys
import threading
from dataclasses import replace

from bot.sandbox.__main__ import SECRET, TOKEN
from bot.sandbox.server import start
from bot.sandbox.workspace import FIRM, TEAM, User
from tests.slack.office import real_clock

SIXTY = tuple(f"U0REP{number:02}" for number in range(60))
LARGE_FIRM = replace(
    FIRM, users=FIRM.users + tuple(User(rep, rep.lower(), f"Rep {rep[-2:]}", "Rep", TEAM, "2f6f5e") for rep in SIXTY)
)


def main() -> None:
    """Say the address, and run until ended."""
    sandbox = start(LARGE_FIRM, token=TOKEN, signing_secret=SECRET, now=real_clock)
    sys.stdout.write(f"{sandbox.url}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
