"""What exists when a sandbox starts: people, channels, groups and the one installed app."""

from __future__ import annotations

from dataclasses import dataclass

SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
        "groups:history", "groups:read", "im:history", "im:read", "im:write", "usergroups:read", "users:read",
    }
)  # fmt: skip


@dataclass(frozen=True)
class User:
    """A person or the bot user. With another `team_id` than the workspace's, a Slack Connect outsider.

    `teams`: the workspaces of an organisation that they are in, as in Enterprise Grid; with ours they are no outsider.
    """

    id: str
    name: str
    real_name: str
    title: str
    team_id: str
    color: str
    guest: bool = False
    bot: bool = False
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """A public or private channel and the IDs of its members."""

    id: str
    name: str
    members: frozenset[str]
    private: bool = False
    archived: bool = False


@dataclass(frozen=True)
class Group:
    """A user group: its handle without the @, and the IDs of its members."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """A slash command of the app."""

    command: str
    hint: str
    description: str


@dataclass(frozen=True)
class Shortcut:
    """A shortcut: of messages, or a global one, which is reachable from anywhere."""

    callback_id: str
    name: str
    everywhere: bool = False


@dataclass(frozen=True)
class App:
    """The installed app: its bot user, commands, shortcuts and granted scopes."""

    id: str
    name: str
    bot_user: str
    bot_id: str
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] = SCOPES
    home_tab: bool = True


@dataclass(frozen=True)
class Workspace:
    """A Slack workspace with one installed app. `org_wide`: it is installed for the whole organisation."""

    team_id: str
    domain: str
    name: str
    users: tuple[User, ...]
    channels: tuple[Channel, ...]
    groups: tuple[Group, ...]
    app: App
    org_wide: bool = False

    def user(self, user_id: str) -> User | None:
        """The user with this ID, if there is one."""
        return next((user for user in self.users if user.id == user_id), None)

    def outsider(self, user: User) -> bool:
        """Whether the user belongs to another workspace and takes part through Slack Connect."""
        return user.team_id != self.team_id and self.team_id not in user.teams


TEAM = "T0FIRM"
_PEOPLE = (
    User("U0ANA", "ana", "Ana Ribeiro", "Rep", TEAM, "2f6f5e"),
    User("U0JOE", "joe", "Joe Lindqvist", "Rep", TEAM, "8a5a2b"),
    User("U0MIA", "mia", "Mia Tanaka", "Rep", TEAM, "6b4fa0"),
    User("U0PRIYA", "priya", "Priya Raman", "Manager", TEAM, "a0344e"),
    User("U0BRAD", "brad", "Brad Keller", "Manager", TEAM, "2d5f9a"),
    User("U0RUTH", "ruth", "Ruth Okafor", "Director", TEAM, "7a3b69"),
    User("U0CORA", "cora", "Cora Weiss", "Care contact", TEAM, "3c7a3c"),
    User("U0GUS", "gus", "Gus Moreau", "Guest", TEAM, "6d6d6d", guest=True),
    User("U0OLEK", "olek", "Olek Bondar", "Partner at another firm", "T0OTHER", "946b00"),
    User("U0BACKSTOP", "backstop", "Backstop", "App", TEAM, "1f3d5a", bot=True),
)
_EVERYBODY = frozenset(user.id for user in _PEOPLE)

FIRM = Workspace(
    team_id=TEAM,
    domain="firm",
    name="The Firm",
    users=_PEOPLE,
    channels=(
        Channel("C0SUPPORT", "support", _EVERYBODY),
        Channel("C0GENERAL", "general", _EVERYBODY - {"U0GUS", "U0OLEK"}),
        Channel("C0MANAGE", "management", frozenset({"U0PRIYA", "U0BRAD", "U0RUTH", "U0BACKSTOP"}), private=True),
    ),
    groups=(Group("S0MANAGERS", "managers", "Managers", ("U0PRIYA", "U0BRAD")),),
    app=App(
        id="A0BACKSTOP",
        name="Backstop",
        bot_user="U0BACKSTOP",
        bot_id="B0BACKSTOP",
        commands=(
            Command("/report-abuse", "[customer]", "Report an abusive customer"),
            Command("/backup", "[customer, where]", "Somebody joins you now"),
            Command("/customer", "NAME", "See a customer's standing before you pick up the phone"),
        ),
        shortcuts=(
            Shortcut("report_customer", "Report customer"),
            Shortcut("report_from_anywhere", "Report a customer", everywhere=True),
            Shortcut("get_backup", "Get backup", everywhere=True),
        ),
    ),
)
