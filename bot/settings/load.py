"""The settings: from the environment and `.env`, checked all at once before anything starts."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.settings import fields as shapes


class Settings(BaseModel):
    """What an operator sets, named as in `.env` but in small letters. Secrets hide themselves when printed.

    `summary_channel` is the management channel and `directors` are the managers where they are not set.
    `managers` and `directors` hold user IDs (U…, W…) and user-group IDs (S…); `database_url` names its driver.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=str.upper, hide_input_in_errors=True)

    slack_bot_token: Annotated[SecretStr, BeforeValidator(shapes.bot_token)]
    slack_signing_secret: Annotated[SecretStr, BeforeValidator(shapes.signing_secret)]
    slack_app_token: Annotated[SecretStr | None, BeforeValidator(shapes.app_token)] = None
    slack_api_url: Annotated[str, AfterValidator(shapes.api_url)] = "https://slack.com/api/"
    database_url: Annotated[SecretStr, BeforeValidator(shapes.database_url)] = SecretStr("sqlite:///backstop.db")
    host: Annotated[str, AfterValidator(shapes.host)] = "127.0.0.1"
    port: Annotated[int, BeforeValidator(shapes.port)] = 3000
    management_channel: Annotated[str, AfterValidator(shapes.channel)]
    summary_channel: Annotated[str, AfterValidator(shapes.channel)] = Field(
        default_factory=lambda known: str(known["management_channel"]),
    )
    managers: Annotated[tuple[str, ...], BeforeValidator(shapes.people)]
    directors: Annotated[tuple[str, ...], BeforeValidator(shapes.people)] = Field(
        default_factory=lambda known: tuple(known["managers"]),
    )
    care_contact: Annotated[str | None, AfterValidator(shapes.person)] = None
    policy_file: Annotated[Path | None, BeforeValidator(shapes.readable_file)] = None
    timezone: Annotated[str, AfterValidator(shapes.zone)] = "UTC"
    summary_at: Annotated[shapes.Weekly, BeforeValidator(shapes.weekly)] = Field(
        default_factory=lambda: shapes.weekly("mon 09:00"),
    )


NAMES: Final = tuple(name.upper() for name in Settings.model_fields)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one setting, in words that never hold a secret."""

    name: str
    what: str
    mend: str

    def __str__(self) -> str:
        mend = f"{self.mend[0].upper()}{self.mend[1:]}{'' if self.mend.endswith('?') else '.'}"
        return f"{self.name}: {self.what}. {mend}"


class SettingsError(Exception):
    """The settings cannot be used. `problems` names everything that is wrong, in the order of the settings."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load(environ: Mapping[str, str], dotenv: Path | None) -> Settings:
    """The settings from the environment and the file `dotenv`, which need not exist. The environment wins.

    An empty value counts as not set. A `$` in the file is a plain character.
    Raises SettingsError with every problem at once.
    """
    filed = _read(dotenv) if dotenv is not None and dotenv.exists() else {}
    given = {**filed, **{name: environ[name] for name in NAMES if name in environ}}
    problems = _misspelt(filed)
    try:
        settings = Settings.model_validate({name: given[name].strip() for name in NAMES if given.get(name, "").strip()})
    except ValidationError as error:
        raise SettingsError((*_problems(error), *problems)) from None  # the cause holds what was typed, secrets too
    if problems:
        raise SettingsError(problems)
    return settings


def _read(dotenv: Path) -> dict[str, str]:
    try:
        values = dotenv_values(dotenv, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        mend = "save it as a plain text file in UTF-8 that the bot may read"
        raise SettingsError((Problem(str(dotenv), "the file cannot be read", mend),)) from error
    return {name: value for name, value in values.items() if value is not None}


def _misspelt(filed: Mapping[str, str]) -> tuple[Problem, ...]:
    near = {name: difflib.get_close_matches(name, NAMES, n=1, cutoff=0.8) for name in filed if name not in NAMES}
    return tuple(Problem(name, "no such setting", f"did you mean {like[0]}?") for name, like in near.items() if like)


def _problems(error: ValidationError) -> tuple[Problem, ...]:
    # A default that follows another setting is not a problem of its own when that other one is wrong.
    found = [
        one for one in error.errors(include_input=False, include_url=False) if "default_factory" not in one["type"]
    ]
    problems = [_problem(str(one["loc"][0]), one["type"], one.get("ctx", {})) for one in found]
    return tuple(sorted(problems, key=lambda problem: NAMES.index(problem.name)))


def _problem(name: str, kind: str, context: Mapping[str, Any]) -> Problem:
    if kind == "missing":
        return Problem(name, "not set", f"set {name} in the environment or in .env; .env.example says what it is")
    return Problem(name, context["what"], context["mend"])
