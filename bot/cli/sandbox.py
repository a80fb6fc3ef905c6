"""Running the bot against the sandbox."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bot.app import assemble
from bot.cli.customers_file import load as load_customers
from bot.cli.serve import run, until_told
from bot.sandbox.server import Sandbox, start
from bot.sandbox.story import LASTS, tell
from bot.settings.load import Settings, load
from bot.usecases.context import Clock
from bot.usecases.customers.import_list import enrol

CUSTOMERS = Path(__file__).parents[1] / "sandbox" / "customers.csv"
SECRET, TOKEN = "sandbox-signing-secret", "xoxb-sandbox"
QUIET = "The sandbox is the whole of Slack here: nothing leaves this machine. Stop it with Ctrl-C."


def play(clock: Clock, *, port: int, empty: bool, say: Callable[[str], None]) -> None:
    """The same bot against a local Slack in the browser, until stopped. Raises web.CannotListenError."""
    stop = until_told()
    with sandboxed(clock, port, stop, timedelta() if empty else LASTS, customers=not empty) as sandbox:
        say(f"Backstop's sandbox is open at {sandbox.url}\n{QUIET}")
        if not empty:
            tell(sandbox.url, say)
        stop.wait()


@contextmanager
def sandboxed(
    clock: Clock, port: int, stop: threading.Event, behind: timedelta = timedelta(), *,
    customers: bool = False, policy: Path | None = None,
) -> Iterator[Sandbox]:  # fmt: skip
    """A sandbox with the bot behind it, on a database that ends with it. Its time starts `behind` the clock's.

    With `customers`, those of the firm are on record. `policy`: a file; None is the built-in one.
    """
    with tempfile.TemporaryDirectory(prefix="backstop-sandbox-") as folder:
        sandbox = start(bot_url="", signing_secret=SECRET, token=TOKEN, port=port, now=clock, behind=behind)
        bot = assemble(sandbox_settings(sandbox, Path(folder), policy), sandbox.now)
        if customers:
            enrol(bot.context, bot.worker.find_team(), load_customers(CUSTOMERS))
        listening = threading.Event()

        def heard(address: str) -> None:
            sandbox.bot_url = f"{address}slack/events"
            listening.set()

        thread = threading.Thread(target=run, args=(bot, "127.0.0.1", 0, stop, heard), name="bot")
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


def sandbox_settings(sandbox: Sandbox, folder: Path, policy: Path | None = None) -> Settings:
    """What a firm would set, for the firm of the sandbox."""
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
        },
        None,
    )
