"""Reads the settings from the environment and `.env`, and names everything that is wrong with them."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError

from bot.settings import fields

DATABASE: Final = "sqlite:///backstop.db"
Setting = TypeVar("Setting")


class Settings(BaseModel):
    """The settings, named as in `.env` but in lower case. A secret is not shown when it is printed.

    Not set, `summary_channel` is the management channel and `directors` are the managers.
    `managers` and `directors` hold user IDs (U…, W…) and user-group IDs (S…); `database_url` names its driver.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=str.upper, hide_input_in_errors=True)

    slack_bot_token: Annotated[SecretStr, BeforeValidator(fields.bot_token)]
    slack_signing_secret: Annotated[SecretStr, BeforeValidator(fields.signing_secret)]
    slack_app_token: Annotated[SecretStr | None, BeforeValidator(fields.app_token)] = None
    slack_api_url: Annotated[str, AfterValidator(fields.api_url)] = "https://slack.com/api/"
    database_url: Annotated[SecretStr, BeforeValidator(fields.database_url)] = SecretStr(DATABASE)
    host: Annotated[str, AfterValidator(fields.host)] = "127.0.0.1"
    port: Annotated[int, BeforeValidator(fields.port)] = 3000
    management_channel: Annotated[str, AfterValidator(fields.channel)]
    summary_channel: Annotated[str, AfterValidator(fields.channel)] = Field(
        default_factory=lambda known: str(known["management_channel"]),
    )
    managers: Annotated[tuple[str, ...], BeforeValidator(fields.people)]
    directors: Annotated[tuple[str, ...], BeforeValidator(fields.people)] = Field(
        default_factory=lambda known: tuple(known["managers"]),
    )
    leads: Annotated[tuple[str, ...], BeforeValidator(fields.people)] = ()
    care_contact: Annotated[str | None, AfterValidator(fields.person)] = None
    operators: Annotated[tuple[str, ...], BeforeValidator(fields.users)] = ()
    heartbeat_url: Annotated[SecretStr | None, BeforeValidator(fields.address)] = None
    confirm_posts: Annotated[bool, BeforeValidator(fields.switch)] = True
    policy_file: Annotated[Path | None, BeforeValidator(fields.readable_file)] = None
    timezone: Annotated[str, AfterValidator(fields.zone)] = "UTC"
    summary_at: Annotated[fields.Weekly, BeforeValidator(fields.weekly)] = Field(
        default_factory=lambda: fields.weekly("mon 09:00"),
    )


NAMES: Final = tuple(name.upper() for name in Settings.model_fields)


@dataclass(frozen=True)
class SettingProblem:
    """What is wrong with a setting and how to put it right, without the value of a secret."""

    name: str
    what: str
    mend: str

    def __str__(self) -> str:
        mend = f"{self.mend[0].upper()}{self.mend[1:]}{'' if self.mend.endswith('?') else '.'}"
        return f"{self.name}: {self.what}. {mend}"


class SettingsError(Exception):
    """The settings cannot be used. `problems` names everything that is wrong, in the order of the settings."""

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load(environ: Mapping[str, str], dotenv: Path | None) -> Settings:
    """The settings from the environment and the file `dotenv`, which need not exist. The environment takes precedence.

    An empty value means not set. A `$` in the file is a plain character. Raises SettingsError with every problem.
    """
    from_file = _read(dotenv) if dotenv is not None and dotenv.exists() else {}
    given = {**from_file, **{name: environ[name] for name in NAMES if name in environ}}
    problems = _misspelt(from_file)
    try:
        settings = Settings.model_validate({name: given[name].strip() for name in NAMES if given.get(name, "").strip()})
    except ValidationError as error:
        raise SettingsError((*_problems(error), *problems)) from None  # its cause holds the values, secrets too
    if problems:
        raise SettingsError(problems)
    return settings


def load_database_url(environ: Mapping[str, str], dotenv: Path | None) -> str:
    """The database's address alone, for what needs no other setting. Raises SettingsError."""
    return _load_one(
        environ, dotenv, "DATABASE_URL", lambda given: fields.database_url(given or DATABASE)
    ).get_secret_value()


def load_timezone(environ: Mapping[str, str], dotenv: Path | None) -> str:
    """The time zone alone, likewise."""
    return _load_one(environ, dotenv, "TIMEZONE", lambda given: fields.zone(given or "UTC"))


def load_policy_file(environ: Mapping[str, str], dotenv: Path | None) -> Path | None:
    """The policy's file alone, likewise; None for the built-in policy."""
    return _load_one(environ, dotenv, "POLICY_FILE", lambda given: fields.readable_file(given) if given else None)


def load_confirm_posts(environ: Mapping[str, str], dotenv: Path | None) -> bool:
    """Whether the bot may read what it has posted, likewise."""
    return _load_one(environ, dotenv, "CONFIRM_POSTS", lambda given: fields.switch(given or "on"))


def _load_one(environ: Mapping[str, str], dotenv: Path | None, name: str, checked: Callable[[str], Setting]) -> Setting:
    from_file = _read(dotenv) if dotenv is not None and dotenv.exists() else {}
    try:
        return checked((environ.get(name) or from_file.get(name) or "").strip())
    except PydanticCustomError as error:
        raise SettingsError((_problem(name, error.type, error.context or {}),)) from None


def _read(dotenv: Path) -> dict[str, str]:
    try:
        values = dotenv_values(dotenv, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        mend = "save it as a plain text file in UTF-8 that the bot may read"
        raise SettingsError((SettingProblem(str(dotenv), "the file cannot be read", mend),)) from error
    return {name: value for name, value in values.items() if value is not None}


def _misspelt(given: Mapping[str, str]) -> tuple[SettingProblem, ...]:
    near = {name: difflib.get_close_matches(name, NAMES, n=1, cutoff=0.8) for name in given if name not in NAMES}
    return tuple(
        SettingProblem(name, "no such setting", f"did you mean {like[0]}?") for name, like in near.items() if like
    )


def _problems(error: ValidationError) -> tuple[SettingProblem, ...]:
    found = error.errors(include_input=False, include_url=False)
    problems = [
        _problem(str(one["loc"][0]), one["type"], one.get("ctx", {}))
        for one in found
        if "default_factory" not in one["type"]  # its default is another setting, which has the problem
    ]
    return tuple(sorted(problems, key=lambda problem: NAMES.index(problem.name)))


def _problem(name: str, kind: str, context: Mapping[str, Any]) -> SettingProblem:
    if kind == "missing":
        mend = f"set {name} in the environment or in .env, or run `backstop setup`, which asks for it"
        return SettingProblem(name, "not set", mend)
    return SettingProblem(name, context["what"], context["mend"])
