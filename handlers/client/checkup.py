"""Checks with Slack what the settings name: token, scopes, channels, people, Socket Mode."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.settings.load import Settings
from bot.usecases.transport import ChannelFault
from handlers.client.answers import FURTHEST_CLOCK, seconds_ahead
from handlers.client.transport import channel_state
from handlers.names import scopes


@dataclass(frozen=True)
class Finding:
    """The result of one check: what was found, and what to do if it is wrong."""

    ok: bool
    what: str
    mend: str = ""


class WrongError(Exception):
    """What is wrong, and what to do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend

    def finding(self, subject: str) -> Finding:
        """It as a finding."""
        return Finding(ok=False, what=f"{subject}: {self.what}.", mend=f"{self.mend[0].upper()}{self.mend[1:]}.")


_INVITE: Final = "check the ID, and type /invite @Backstop in the channel"
_MANIFEST: Final = "put what `backstop manifest` prints into the app's manifest, and install the app again"
_COPY: Final = "copy it again from the app's page at Slack, and see that the app is installed"
_ORG_WIDE: Final = WrongError(
    "the app is installed for a whole organisation, and Backstop serves one workspace",
    "remove it from the organisation, install it in that workspace, and copy the token from there",
)
WORDS: Final = {
    "unreachable": ("Slack cannot be reached", "look at the network, the proxy and SLACK_API_URL"),
    "ratelimited": ("Slack asks for a pause", "try again in a minute"),
    "missing_scope": ("the token lacks the scope to look", _MANIFEST),
    "channel_not_found": ("no such channel, or it is private and the bot is not in it", _INVITE),
    "user_not_found": ("no such person", "copy the member ID from the person's profile"),
    "no_such_subteam": ("no such user group", "copy the group ID from People, User groups"),
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type"),
        ("Slack does not accept it", _COPY),
    ),
    "token_expired": (
        "it has expired, since token rotation is on for the app, and Backstop renews no tokens",
        "Slack cannot turn rotation off: make a new app with what `backstop manifest` prints",
    ),
    **dict.fromkeys(
        ("team_access_not_granted", "enterprise_is_restricted"),
        (
            "the app may not be used in this workspace of the organisation",
            "ask an admin of the organisation to allow it",
        ),
    ),
    "org_login_required": (
        "the workspace is being moved into an organisation",
        "wait until that is done; Slack says to the workspace's owners when",
    ),
}
UNFIT: Final = {
    "deleted": "is deactivated",
    "is_bot": "is a bot",
    "is_restricted": "is a guest",
    "is_ultra_restricted": "is a guest",
    "is_stranger": "belongs to another workspace",
}
_WRONG_CHANNEL: Final = {
    ChannelFault.ARCHIVED: ("{name} is archived", "unarchive it, or name another one"),
    ChannelFault.NOT_JOINED: ("the bot is not in {name}", _INVITE),
    ChannelFault.SHARED: ("{name} is shared with another firm, who could read along", "name one that is not shared"),
    ChannelFault.PUBLIC: ("{name} is public, and everybody could read the reports", "make it private"),
}


def checkup(
    client: WebClient, settings: Settings, app_token: str | None = None, *, named: bool = True
) -> list[Finding]:
    """A finding for each thing checked; without a working bot token, only for the tokens. Changes nothing at Slack.

    `named`: with the names that people and channels have at Slack, else with their IDs alone.
    """
    socket = [_check("SLACK_APP_TOKEN", partial(socket_mode, client, app_token))] if app_token else []
    try:
        who = ask_slack(client.auth_test)
    except WrongError as wrong:
        return [wrong.finding("SLACK_BOT_TOKEN"), *socket]
    if who.get("is_enterprise_install"):
        return [_ORG_WIDE.finding("SLACK_BOT_TOKEN"), *socket]
    bot, team = (who["user"], who["team"]) if named else (who["user_id"], who["team_id"])
    token = Finding(ok=True, what=f"SLACK_BOT_TOKEN: the bot is {bot} in {team}.")
    about_token = [
        token,
        _check("Scopes", partial(scopes_of, who, confirms=settings.confirm_posts)),
        _check("Clock", partial(_clock, who)),
    ]
    return [*about_token, *_channels(client, settings, named), *_people(client, settings, named), *socket]


def _check(subject: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(ok=True, what=f"{subject}: {check()}.")
    except WrongError as wrong:
        return wrong.finding(subject)


def ask_slack(call: Callable[[], SlackResponse]) -> SlackResponse:
    """What Slack answers to a call. Raises WrongError."""
    try:
        return call()
    except SlackApiError as error:
        code = str(error.response.get("error"))
        code = code if code.isidentifier() else "unreachable"  # a sentence instead of a code: this was not Slack
    except (OSError, HTTPException, SlackClientError):
        code = "unreachable"
    raise WrongError(*WORDS.get(code, (f"Slack says {code}", "look that word up in Slack's documentation")))


def scopes_of(who: SlackResponse, *, confirms: bool) -> str:
    """Whether the token that `auth.test` was asked with has every scope. Raises WrongError."""
    headers = {name.lower(): str(value) for name, value in dict(who.headers).items()}
    if "x-oauth-scopes" not in headers:
        raise WrongError(
            "Slack did not say which scopes the token has", "look at SLACK_API_URL; Slack itself always says it"
        )
    granted = {scope.strip() for scope in headers["x-oauth-scopes"].split(",")}
    needed = scopes(confirms=confirms)
    if missing := [scope for scope in needed if scope not in granted]:
        raise WrongError(f"not granted: {', '.join(missing)}", _MANIFEST)
    return f"all {len(needed)} granted"


def _clock(who: SlackResponse) -> str:
    ahead = seconds_ahead(who.headers)
    if ahead is None:
        return "Slack does not say what time it is"
    if abs(ahead) > FURTHEST_CLOCK:
        seconds, how = round(abs(ahead)), "ahead of" if ahead > 0 else "behind"
        what = f"this machine's is {seconds:,} seconds {how} Slack's, and from five minutes on all requests are refused"
        raise WrongError(what, "have the machine's clock set by NTP")
    return "this machine's clock agrees with Slack's"


def socket_mode(client: WebClient, app_token: str) -> str:
    """Whether the app-level token opens a connection. Raises WrongError."""
    ask_slack(partial(client.apps_connections_open, app_token=app_token))
    return "Socket Mode can connect"


def _channels(client: WebClient, settings: Settings, named: bool) -> Iterable[Finding]:  # noqa: FBT001 - private
    management, summary = settings.management_channel, settings.summary_channel
    yield _check("MANAGEMENT_CHANNEL", partial(_channel, client, management, named, private=True))
    if summary != management:
        yield _check("SUMMARY_CHANNEL", partial(_channel, client, summary, named, private=False))


def _channel(client: WebClient, channel: str, named: bool, *, private: bool) -> str:  # noqa: FBT001 - private
    found: dict[str, Any] = ask_slack(partial(client.conversations_info, channel=channel))["channel"]
    name = f"#{found.get('name', channel)}" if named else channel
    refuse_channel(found, name, private=private)
    return f"the bot is in {name}"


def refuse_channel(found: Mapping[str, Any], name: str, *, private: bool) -> None:
    """Raises WrongError for a channel that cannot be used, as Slack describes it. `private`: it has to be."""
    if fault := channel_state(found).fault(private=private):
        what, mend = _WRONG_CHANNEL[fault]
        raise WrongError(what.format(name=name), mend)


def _people(client: WebClient, settings: Settings, named: bool) -> Iterable[Finding]:  # noqa: FBT001 - private
    roles = {"MANAGERS": settings.managers, "DIRECTORS": settings.directors}
    if settings.leads:
        roles["LEADS"] = settings.leads
    if settings.care_contact:
        roles["CARE_CONTACT"] = (settings.care_contact,)
    if settings.operators:
        roles["OPERATORS"] = settings.operators
    for member in dict.fromkeys(member for members in roles.values() for member in members):
        names = " and ".join(role for role, members in roles.items() if member in members)
        unfit = UNFIT if names != "CARE_CONTACT" else {flag: UNFIT[flag] for flag in ("deleted", "is_bot")}
        check = (
            partial(_group, client, member)
            if member.startswith("S")
            else partial(_person, client, member, unfit, named)
        )
        yield _check(f"{names} {member}", check)


def _person(client: WebClient, user: str, unfit_flags: Mapping[str, str], named: bool) -> str:  # noqa: FBT001 - private
    """Their name. A care contact may be a guest, or somebody from outside."""
    found: dict[str, Any] = ask_slack(partial(client.users_info, user=user))["user"]
    name = (found.get("real_name") or found.get("name") or user) if named else "this person"
    if unfit := next((words for flag, words in unfit_flags.items() if found.get(flag)), None):
        raise WrongError(f"{name} {unfit}", "name a full member of the workspace")
    return str(name) if named else "Slack knows them"


def _group(client: WebClient, group: str) -> str:
    users = ask_slack(partial(client.usergroups_users_list, usergroup=group)).get("users") or []
    if not users:
        raise WrongError("nobody is in the user group", "add people to it, or name others")
    return f"a user group of {len(users)}"
