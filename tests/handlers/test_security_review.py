"""docs/security-review.md says what the bot asks Slack for, and what leaves the house, as the code has it."""

import re

from bot.sandbox.web_api import METHODS
from handlers.manifest import manifest
from handlers.names import Command, Event
from tests.security import REVIEW, ROOT, SCOPES, called, methods_of, printed, scopes


def test_the_page_for_a_review_has_every_scope_of_the_manifest_with_its_reason() -> None:
    """If not: `python -m tests.security`."""
    page = REVIEW.read_text(encoding="utf-8")
    assert scopes() in page
    assert printed(page) == page
    asked = [*manifest(None)["oauth_config"]["scopes"]["bot"]]
    assert re.findall(r"^\| `([a-z_]+:[a-z]+|commands)` \|", page, re.MULTILINE) == asked
    assert set(SCOPES) == set(asked)


def test_no_scope_is_asked_for_that_nothing_needs_and_none_is_missing() -> None:
    heard = {"app_mentions:read": Event.MENTION, "commands": Command.REPORT}
    unused = [scope for scope in SCOPES if not methods_of(scope) and scope not in heard]
    assert unused == []
    kinds = ("channels", "groups")
    needed = {METHODS[name].scope.format(kind=kind) for name in called() for kind in kinds} - {""}
    assert needed <= set(SCOPES)


def test_the_page_for_a_review_names_every_module_that_opens_a_connection() -> None:
    opens = re.compile(r"\b(?:urlopen|build_opener|create_connection|WebClient|create_engine)\(|class \w+\(WebClient\)")
    code = [file for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*.py")]
    opening = {str(file.relative_to(ROOT)) for file in code if opens.search(file.read_text(encoding="utf-8"))}
    table = REVIEW.read_text(encoding="utf-8").partition("## What leaves the house")[2].partition("## Each scope")[0]
    assert set(re.findall(r"`((?:bot|handlers|storage)/[\w/]+\.py)`", table)) == {
        file for file in opening if not file.startswith("bot/sandbox/")
    }
