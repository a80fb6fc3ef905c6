"""`sandbox`: the bot against a local Slack in the browser.

It imports `bot.sandbox` when it is called, because the other commands do not need its 12 MB.
"""

import argparse
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import logs
from bot.app import assemble
from bot.cli.customers_file import load as load_customers
from bot.cli.serve import run_bot, stop_event
from bot.cli.shared import now
from bot.http_server import CannotListenError
from bot.rules.refusals import NotRecorded
from bot.settings.load import Settings, load
from bot.usecases.context import Clock
from bot.usecases.customers.import_list import import_customers
from storage.database import Database

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.sandbox.workspace import Workspace

DEFAULT_PORT: Final = 8010
CUSTOMERS: Final = Path(__file__).parents[1] / "sandbox" / "customers.csv"
SECRET, TOKEN = "sandbox-signing-secret", "xoxb-sandbox"
PATIENCE = 60.0  # seconds that the story waits for a case, while the bot has something to send
QUIET: Final = "The sandbox is the whole of Slack here: nothing leaves this machine. Stop it with Ctrl-C."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `sandbox`."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where the page is ({DEFAULT_PORT})")
    parser.add_argument("--empty", action="store_true", help="without the firm's story")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="a policy to try, instead of the built-in one")


def run(chosen: argparse.Namespace) -> int:
    """Run the bot against a local Slack in the browser: no account, no token, no network."""
    from bot.sandbox.story import first_moment  # noqa: PLC0415 - see the module's docstring

    logs.configure()
    say: Callable[[str], None] = lambda words: print(words, flush=True)  # noqa: E731
    stop, behind = stop_event(), timedelta() if chosen.empty else now() - first_moment(now())
    with sandboxed(now, chosen.port, stop, behind, customers=not chosen.empty, policy=chosen.policy) as sandbox:
        say(f"Backstop's sandbox is open at {sandbox.url}\n{QUIET}")
        if not chosen.empty:
            threading.Thread(target=_tell, args=(sandbox, say, stop), name="story", daemon=True).start()
        stop.wait()
    return 0


def _tell(sandbox: "Sandbox", say: Callable[[str], None], stop: threading.Event) -> None:
    """Tell the story, on a thread of its own so that Ctrl-C ends it too."""
    from bot.sandbox.story import play_story  # noqa: PLC0415 - see the module's docstring

    try:
        for left_out in play_story(sandbox.url, say, PATIENCE, all_sent=sandbox.all_sent):
            say(f"Left out of the story: {left_out}")
    except (OSError, HTTPException):
        if not stop.is_set():
            raise


def _all_sent(database: Database, clock: Clock) -> bool:
    """Whether all that is due is done, and every message shows the newest state."""
    try:
        figures = database.gauges(now := clock())
    except NotRecorded:
        return False
    return not figures.behind and (figures.next_step is None or figures.next_step > now)


@contextmanager
def sandboxed(
    clock: Clock, port: int, stop: threading.Event, behind: timedelta = timedelta(), *,
    customers: bool = False, policy: Path | None = None, workspace: "Workspace | None" = None,
    leads: str = "",
) -> Iterator["Sandbox"]:  # fmt: skip
    """A sandbox and a bot, on a database that is deleted at the end. The sandbox's time starts `behind` the clock's.

    `customers`: whether to import the firm's customers. `policy`: a file, or None for the built-in policy. `workspace`:
    by default, the firm's. `leads`: the setting LEADS. Raises CannotListenError.
    """
    with tempfile.TemporaryDirectory(prefix="backstop-sandbox-") as folder:
        sandbox = _opened(clock, port, behind, workspace)
        bot = assemble(sandbox_settings(sandbox, Path(folder), policy, leads), sandbox.now)
        sandbox.when_clock_moves(bot.worker.clock_moved)
        sandbox.all_sent = partial(_all_sent, bot.database, sandbox.now)
        if customers:
            import_customers(bot.context, bot.worker.roster.find_team(), load_customers(CUSTOMERS))
        listening = threading.Event()

        def on_listening(address: str) -> None:
            sandbox.bot_url = f"{address}slack/events"
            listening.set()

        thread = threading.Thread(target=run_bot, args=(bot, "127.0.0.1", 0, stop, on_listening), name="bot")
        thread.start()
        try:
            while not listening.wait(0.1) and thread.is_alive():
                pass
            if not listening.is_set():
                raise RuntimeError("The bot ended as soon as it began; the log says why.")
            yield sandbox
        finally:
            stop.set()
            thread.join()
            sandbox.stop()


def _opened(clock: Clock, port: int, behind: timedelta, workspace: "Workspace | None") -> "Sandbox":
    from bot.sandbox.server import start  # noqa: PLC0415 - see the module's docstring
    from bot.sandbox.workspace import FIRM  # noqa: PLC0415 - likewise

    here = workspace or FIRM
    try:
        return start(here, signing_secret=SECRET, token=TOKEN, port=port, now=clock, behind=behind)
    except OSError as error:
        reason = strerror(error.errno or 0)
        raise CannotListenError(f"The page cannot be at port {port}: {reason}. See --port.") from error


def sandbox_settings(sandbox: "Sandbox", folder: Path, policy: Path | None = None, leads: str = "") -> Settings:
    """The settings of the sandbox's firm."""
    return load(
        {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'backstop.db'}",
            "MANAGEMENT_CHANNEL": "C0MANAGE",
            "MANAGERS": "S0MANAGERS",
            "DIRECTORS": "U0RUTH",
            "CARE_CONTACT": "U0CORA",
            **({"POLICY_FILE": str(policy)} if policy else {}),
            **({"LEADS": leads} if leads else {}),
        },
        None,
    )
