"""The settings: what is read, what is refused, and that no secret is printed."""

import re
from datetime import time
from pathlib import Path

import pytest

from bot.settings.fields import Weekly
from bot.settings.load import NAMES, Settings, SettingsError, load

ENOUGH = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_SIGNING_SECRET": "5f0e-secret",
    "MANAGEMENT_CHANNEL": "C0MANAGE",
    "MANAGERS": "U0PRIYA",
}
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def refused(**changes: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(SettingsError) as caught:
        load({**ENOUGH, **changes}, None)
    return {problem.name: (problem.what, problem.mend) for problem in caught.value.problems}


def only(**changes: str) -> tuple[str, str]:
    problems = refused(**changes)
    assert list(problems) == list(changes)
    return next(iter(problems.values()))


def test_the_required_four_are_enough_and_the_rest_has_defaults() -> None:
    settings = load(ENOUGH, None)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-secret"
    assert settings.slack_app_token is None
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url.get_secret_value() == "sqlite:///backstop.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.summary_channel == "C0MANAGE"
    assert settings.managers == settings.directors == ("U0PRIYA",)
    assert (settings.care_contact, settings.policy_file) == (None, None)
    assert (settings.timezone, settings.summary_at) == ("UTC", Weekly(0, time(9)))


def test_everything_set_is_read(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("")
    settings = load(
        {
            **ENOUGH,
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": "http://127.0.0.1:8/api/",
            "DATABASE_URL": "postgres://bot:pa%40ss@db.example:5433/backstop",
            "HOST": "0.0.0.0",  # noqa: S104 - what an operator may well write
            "PORT": "8080",
            "SUMMARY_CHANNEL": "G0WEEKLY",
            "MANAGERS": " U0PRIYA, S0MANAGERS ,U0PRIYA",
            "DIRECTORS": "W0RUTH",
            "CARE_CONTACT": "U0CORA",
            "POLICY_FILE": str(policy),
            "TIMEZONE": "Europe/London",
            "SUMMARY_AT": "Friday 16:30",
        },
        None,
    )
    assert settings.slack_app_token is not None
    assert settings.slack_app_token.get_secret_value() == "xapp-1"
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://bot:pa%40ss@db.example:5433/backstop"
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)  # noqa: S104 - see above
    assert settings.managers == ("U0PRIYA", "S0MANAGERS")
    assert (settings.directors, settings.care_contact) == (("W0RUTH",), "U0CORA")
    assert (settings.summary_channel, settings.policy_file) == ("G0WEEKLY", policy)
    assert (settings.timezone, settings.summary_at) == ("Europe/London", Weekly(4, time(16, 30)))


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, None)
    assert [problem.name for problem in caught.value.problems] == list(ENOUGH)
    assert all(problem.what == "not set" for problem in caught.value.problems)


def test_missing_and_wrong_settings_are_named_together_in_the_order_of_the_settings() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"MANAGEMENT_CHANNEL": "#management", "PORT": "http", "TIMEZONE": "Europe/Londn"}, None)
    names = [problem.name for problem in caught.value.problems]
    assert names == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "PORT",
        "MANAGEMENT_CHANNEL",
        "MANAGERS",
        "TIMEZONE",
    ]
    assert str(caught.value).count("\n") == len(names) - 1


def test_the_environment_takes_precedence_and_an_empty_value_is_not_set(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    lines = [f"{name}={value}" for name, value in ENOUGH.items()]
    dotenv.write_text("\n".join([*lines, "PORT=1", "TIMEZONE=", "CARE_CONTACT=  ", "UNRELATED=1"]))
    settings = load({"PORT": "2", "MANAGERS": "U0BRAD", "PATH": "/bin"}, dotenv)
    assert (settings.port, settings.managers, settings.timezone) == (2, ("U0BRAD",), "UTC")
    assert settings.care_contact is None


def test_a_dollar_in_the_file_is_no_variable(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SLACK_SIGNING_SECRET=a${PATH}b\n")
    assert load({**ENOUGH, "SLACK_SIGNING_SECRET": "x"}, dotenv).slack_signing_secret.get_secret_value() == "x"
    rest = {name: value for name, value in ENOUGH.items() if name != "SLACK_SIGNING_SECRET"}
    assert load(rest, dotenv).slack_signing_secret.get_secret_value() == "a${PATH}b"


def test_a_file_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    assert load(ENOUGH, tmp_path / ".env").port == 3000


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"MANAGERS=\xff\xfe\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(ENOUGH, dotenv)


def test_a_misspelt_name_in_the_file_is_named_with_the_right_one(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("DIRECTOR=U0RUTH\n")
    with pytest.raises(SettingsError, match=r"DIRECTOR: no such setting\. Did you mean DIRECTORS\?$"):
        load(ENOUGH, dotenv)


@pytest.mark.parametrize(
    ("name", "value", "what", "mend"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-2", "that is an app-level token", "Bot User OAuth Token"),
        ("SLACK_BOT_TOKEN", "hunter2", "starts with xoxb-", "OAuth & Permissions"),
        ("SLACK_BOT_TOKEN", "xoxb-", "starts with xoxb-", "OAuth & Permissions"),
        ("SLACK_APP_TOKEN", "xoxb-1", "that is a bot token", "App-Level Tokens"),
        ("SLACK_SIGNING_SECRET", "xoxb-1", "that is a token", "Signing Secret"),
        ("SLACK_SIGNING_SECRET", "a b", "spaces", "Signing Secret"),
        ("SLACK_API_URL", "https://slack.com/", "does not end in /api/", "https://slack.com/api/"),
        ("SLACK_API_URL", "slack.com/api/", "no address", "https://slack.com/api/"),
        ("SLACK_API_URL", "http://slack.com/api/", "show the token", "https"),
        ("DATABASE_URL", "backstop.db", "no database's address", "sqlite:///"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d", "“mysql” is no database", "postgresql://"),
        ("DATABASE_URL", "postgresql://u:hunter2@h", "names no database", "postgresql://"),
        ("DATABASE_URL", "postgresql://u:hun/ter@h/d", "no database's address", "%40"),
        ("DATABASE_URL", "sqlite://", "lost at every stop", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:", "lost at every stop", "sqlite:///"),
        ("DATABASE_URL", "sqlite:////no/such/folder/x.db", "/no/such/folder is not there", "make it"),
        ("HOST", "http://here", "no address", "127.0.0.1"),
        ("PORT", "65536", "no port", "0 to 65535"),
        ("PORT", "-1", "no port", "0 to 65535"),
        ("PORT", "²", "no port", "0 to 65535"),
        ("MANAGEMENT_CHANNEL", "#management", "is a name", "open the channel's details, at the bottom"),
        ("MANAGEMENT_CHANNEL", "general", "is a name", "open the channel's details"),
        ("MANAGEMENT_CHANNEL", "c0manage", "capitals", "C0MANAGE"),
        ("MANAGEMENT_CHANNEL", "U0PRIYA", "is a person", "channel's ID"),
        ("SUMMARY_CHANNEL", "D0PRIYA", "direct message", "channel's ID"),
        ("MANAGERS", "U0PRIYA, @brad, C0MANAGE", "“@brad” and “C0MANAGE” are no user ID", "Copy member ID"),
        ("MANAGERS", ",", "names nobody", "Copy member ID"),
        ("DIRECTORS", "Ruth", "“Ruth” is no user ID", "Copy group ID"),
        ("CARE_CONTACT", "S0MANAGERS", "is a user group", "Copy member ID"),
        ("CARE_CONTACT", "U0CORA,U0ANA", "no user ID", "Copy member ID"),
        ("POLICY_FILE", "/no/such/policy.toml", "no such file", "built-in"),
        ("POLICY_FILE", "/", "is a directory", "built-in"),
        ("TIMEZONE", "Europe/Londn", "no time zone", "did you mean Europe/London?"),
        ("TIMEZONE", "?", "no time zone", "Europe/London"),
        ("SUMMARY_AT", "monday", "no weekday and time", "mon 09:00"),
        ("SUMMARY_AT", "mud 09:00", "no weekday and time", "mon 09:00"),
        ("SUMMARY_AT", "mon 24:00", "no time of day", "mon 09:00"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(name: str, value: str, what: str, mend: str) -> None:
    said = only(**{name: value})
    assert what in said[0]
    assert mend in said[1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "hunter2"),
        ("SLACK_BOT_TOKEN", "xoxp-hunter2"),
        ("SLACK_APP_TOKEN", "hunter2"),
        ("SLACK_SIGNING_SECRET", "hunter2 x"),
        ("SLACK_SIGNING_SECRET", "xoxb-hunter2"),
        ("DATABASE_URL", "mysql://bot:hunter2@db/x"),
        ("DATABASE_URL", "postgresql://bot:hunter2@db:port/x"),
        ("DATABASE_URL", "postgresql://bot:hunter2@db"),
    ],
)
def test_a_refusal_never_shows_a_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({**ENOUGH, name: value, "PORT": "x"}, None)
    assert "hunter2" not in f"{caught.value} {caught.value!r} {caught.value.problems}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_settings_never_show_a_secret() -> None:
    settings = load({**ENOUGH, "SLACK_APP_TOKEN": "xapp-secret", "DATABASE_URL": "postgres://u:secret@h/d"}, None)
    assert "secret" not in f"{settings} {settings!r} {settings.model_dump()}".replace("slack_signing_secret", "")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(ENOUGH, None).port = 1


def test_the_example_has_the_same_names_each_with_a_comment_and_the_same_defaults() -> None:
    blocks = re.findall(r"((?:^#.*\n)+)([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    assert sorted(name for _, name, _ in blocks) == sorted(NAMES)
    written = {name: value for _, name, value in blocks if value}
    assert load({**ENOUGH, **written}, None) == load(ENOUGH, None)
    without_default = {name.upper() for name, field in Settings.model_fields.items() if field.default in (None, ())}
    following = {"SUMMARY_CHANNEL", "DIRECTORS", "TIMEZONE"}  # `setup` proposes the zone of the managers
    assert {name for _, name, value in blocks if not value} == without_default | following | set(ENOUGH)
    required = {name for comment, name, _ in blocks if "Required." in comment}
    assert required == set(ENOUGH)


@pytest.mark.parametrize("password", ["pa@ss", "@", "p@@ss:word"])
def test_an_at_sign_in_the_databases_password_is_named_and_the_password_is_not(password: str) -> None:
    what, mend = only(DATABASE_URL=f"postgresql://bot:{password}@db.example/backstop")
    assert ("@ in it" in what, "%40" in mend) == (True, True)
    assert "pa" not in what.replace("password", "")


def test_operators_are_people_and_the_heartbeats_address_is_no_secret_that_is_shown() -> None:
    settings = load({**ENOUGH, "OPERATORS": "U0MIA, U0JOE,U0MIA", "HEARTBEAT_URL": "https://hc.example/hunter2"}, None)
    assert settings.operators == ("U0MIA", "U0JOE")
    assert settings.heartbeat_url is not None
    assert "hunter2" not in str(settings)
    assert "user group" in only(OPERATORS="S0OPS")[0]
    assert "no address" in only(HEARTBEAT_URL="hc.example/hunter2")[0]
