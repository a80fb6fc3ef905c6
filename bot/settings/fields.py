"""One pydantic validator for each kind of setting: it returns the value, or raises `wrong` with what to do about it.

An error never holds the value of a secret.
"""

import difflib
import re
from datetime import time
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

_PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP: Final = re.compile(r"S[A-Z0-9]{2,}")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{2,}")
_WEEKLY: Final = re.compile(r"([a-z]+) +(\d{1,2}):(\d{2})")
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_TOKENS: Final = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a person's token"}

_MEMBER_ID: Final = "open the person's profile, ⋮, “Copy member ID”"
_GROUP_ID: Final = "for a user group: People, User groups, ⋮, “Copy group ID”"


class Weekly(NamedTuple):
    """A weekday (0 is Monday) and a wall-clock time in the time zone of the settings."""

    weekday: int
    at: time


def wrong(what: str, mend: str) -> PydanticCustomError:
    """The error that says what is wrong with a setting, and how to put it right."""
    return PydanticCustomError("setting", "wrong setting", {"what": what, "mend": mend})


def _token(text: str, prefix: str, where: str) -> SecretStr:
    if text.startswith(prefix) and len(text) > len(prefix) and not re.search(r"\s", text):
        return SecretStr(text)
    other = next((name for start, name in _TOKENS.items() if text.startswith(start) and start != prefix), None)
    what = f"that is {other}" if other else f"{_TOKENS[prefix]} starts with {prefix} and has no spaces"
    raise wrong(what, f"copy it from the app's page at Slack: {where}")


def bot_token(text: str) -> SecretStr:
    """A bot token, `xoxb-…`."""
    return _token(text, "xoxb-", "OAuth & Permissions, “Bot User OAuth Token”")


def app_token(text: str) -> SecretStr:
    """An app-level token, `xapp-…`."""
    return _token(text, "xapp-", "Basic Information, “App-Level Tokens”, with the scope connections:write")


def signing_secret(text: str) -> SecretStr:
    """The signing secret: any text without spaces that is not one of Slack's tokens."""
    where = "copy it from the app's page at Slack: Basic Information, “Signing Secret”"
    if any(text.startswith(prefix) for prefix in _TOKENS):
        raise wrong("that is a token", where)
    if re.search(r"\s", text):
        raise wrong("it has spaces in it", where)
    return SecretStr(text)


def channel(text: str) -> str:
    """A channel's ID, `C…` or `G…`."""
    if _CHANNEL.fullmatch(text):
        return text
    mend = "use the channel's ID: open the channel's details, at the bottom"
    if _PERSON.fullmatch(text) or text.startswith("@"):
        raise wrong(f"“{text}” is a person, not a channel", mend)
    if re.fullmatch(r"D[A-Z0-9]{2,}", text):
        raise wrong(f"“{text}” is a direct message, not a channel", mend)
    if re.fullmatch(r"[CG][A-Z0-9]{2,}", text.upper()) and any(char.isdigit() for char in text):
        raise wrong(f"“{text}” is in small letters; IDs are in capitals", f"write {text.upper()}")
    raise wrong(f"“{text}” is a name", mend)


def person(text: str) -> str:
    """One person's ID, `U…` or `W…`."""
    if _PERSON.fullmatch(text):
        return text
    if _GROUP.fullmatch(text):
        raise wrong(f"“{text}” is a user group; this takes one person", _MEMBER_ID)
    raise wrong(f"“{text}” is no user ID (U… or W…)", _MEMBER_ID)


def people(text: str) -> tuple[str, ...]:
    """User IDs and user-group IDs, separated by commas. Duplicates are dropped, the order is kept."""
    ids = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    strange = [one for one in ids if not (_PERSON.fullmatch(one) or _GROUP.fullmatch(one))]
    if strange:
        words = " and ".join(f"“{one}”" for one in strange)
        what = f"{words} {'is' if len(strange) == 1 else 'are'} no user ID (U… or W…) and no user-group ID (S…)"
        raise wrong(what, f"{_MEMBER_ID}; {_GROUP_ID}")
    if not ids:
        raise wrong("it names nobody", f"{_MEMBER_ID}; {_GROUP_ID}")
    return ids


def users(text: str) -> tuple[str, ...]:
    """User IDs, separated by commas: no groups, since each is written to."""
    return tuple(dict.fromkeys(person(one.strip()) for one in text.split(",") if one.strip()))


def switch(text: str) -> bool:
    """`on` or `off`."""
    if text.lower() not in {"on", "off"}:
        raise wrong(f"“{text}” is neither on nor off", "write on or off")
    return text.lower() == "on"


def address(text: str) -> SecretStr:
    """An address of the web, which may have a key in it."""
    url = _split(text)
    if url is None or url.scheme not in {"http", "https"} or not url.hostname or re.search(r"\s", text):
        raise wrong("that is no address", "write one that begins with https://")
    return SecretStr(text)


def api_url(text: str) -> str:
    """The Web API's base address. Plain http only to this machine, because every call carries the token."""
    url = _split(text)
    if url is None or url.scheme not in {"http", "https"} or not url.hostname:
        raise wrong("that is no address", "write it like https://slack.com/api/")
    if not url.path.endswith("/api/"):
        raise wrong(f"“{text}” does not end in /api/", "write it like https://slack.com/api/")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise wrong("http to another machine would show the token to the network", "use https")
    return text


def database_url(text: str) -> SecretStr:
    """The database's address for SQLAlchemy, SQLite or PostgreSQL. For PostgreSQL the driver is added."""
    url = _split(text)
    form = "write sqlite:///backstop.db or postgresql://USER:PASSWORD@HOST/DATABASE"
    if url is None or not url.scheme:
        raise wrong("that is no database's address", f"{form}; write @ : / # in a password as %40 %3A %2F %23")
    if url.scheme == "sqlite":
        _require_file(text.removeprefix("sqlite:///"), text)
        return SecretStr(text)
    if url.scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise wrong(f"“{url.scheme}” is no database that Backstop keeps its record in", form)
    if url.netloc.count("@") > 1:
        raise wrong("its password has an @ in it, which ends the password", "write that @ as %40")
    if not url.path.strip("/"):
        raise wrong("it names no database", f"{form}; write / ? # in a password as %2F %3F %23")
    return SecretStr("postgresql+psycopg" + text[len(url.scheme) :])


def _require_file(path: str, text: str) -> None:
    if path in {"", ":memory:"} or not text.startswith("sqlite:///"):
        raise wrong("the record would be lost at every stop", "name a file: sqlite:///backstop.db")
    folder = Path(path.partition("?")[0]).parent
    if not folder.is_dir():
        raise wrong(f"the folder {folder} is not there", "make it, or name a file in a folder that is there")


def _split(text: str) -> SplitResult | None:
    try:
        url = urlsplit(text)
        port = url.port  # raises for an unreadable port, which `urlsplit` accepts
    except ValueError:
        return None
    return None if port == 0 else url


def host(text: str) -> str:
    """An address or a host's name to listen on."""
    if "/" in text or re.search(r"\s", text):
        raise wrong(f"“{text}” is no address to listen on", "write 127.0.0.1, or 0.0.0.0 for every network")
    return text


def port(text: str) -> int:
    """A port, 0 to 65535; 0 takes a free one."""
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= 65535:  # noqa: PLR2004 - the range of ports
        raise wrong(f"“{text}” is no port", "write a number from 0 to 65535 (0 takes a free one)")
    return number


def zone(text: str) -> str:
    """An IANA time zone."""
    known = available_timezones()
    if text in known:
        return text
    near = difflib.get_close_matches(text, known, n=1)
    raise wrong(f"“{text}” is no time zone", f"did you mean {near[0]}?" if near else "write one like Europe/London")


def weekly(text: str) -> Weekly:
    """A weekday and a time: `mon 09:00`, `Friday 16:30`."""
    found = _WEEKLY.fullmatch(text.lower())
    days = [n for n, name in enumerate(_WEEKDAYS) if found and len(found[1]) > 1 and name.startswith(found[1])]
    if found is None or not days:
        raise wrong(f"“{text}” is no weekday and time", "write it like mon 09:00")
    hour, minute = int(found[2]), int(found[3])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the range of clocks
        raise wrong(f"“{text}” has no time of day", "write it like mon 09:00")
    return Weekly(days[0], time(hour, minute))


def readable_file(text: str) -> Path:
    """A file that exists and can be read."""
    path = Path(text).expanduser()
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        mend = "name a file, or leave it out for the built-in one"
        raise wrong(f"“{text}” cannot be read: {reason}", mend) from error
    return path
