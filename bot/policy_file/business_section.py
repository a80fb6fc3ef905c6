"""The section of the policy file about when the firm works, and the public holidays of a country or region.

These become dates: so a policy on record needs no library to be read again.
"""

import difflib
from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from bot.policy_file.sections import Section, wrong
from bot.rules.business_time import Hours
from bot.settings.fields import zone as known_zone

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS: Final = range(2026, 2046)  # fixed, so that the same file gives the same policy on every day


class UnknownPlaceError(ValueError):
    """The library has no such country or region. `near`: one that is spelt alike, or ""."""

    def __init__(self, place: str, near: str) -> None:
        super().__init__(place)
        self.near = near


def public_holidays(place: str) -> frozenset[date]:
    """The public holidays of `YEARS` in a country or one of its regions, by ISO 3166 codes: "GB-ENG", "IE".

    Raises UnknownPlaceError, and ImportError where the library is not installed.
    """
    from holidays import country_holidays, list_supported_countries  # noqa: PLC0415 - an extra, of 14 MB

    known = list_supported_countries(include_aliases=False)
    country, _, region = place.partition("-")
    if country not in known or (region and region not in known[country]):
        places = [*known, *(f"{each}-{part}" for each, parts in known.items() for part in parts)]
        raise UnknownPlaceError(place, next(iter(difflib.get_close_matches(place.upper(), places, n=1)), ""))
    return frozenset(country_holidays(country, subdiv=region or None, years=YEARS))


def _time(value: object) -> object:
    try:
        return time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise wrong("this is no time of day", 'write it like "09:00"') from None


def weekdays(names: Sequence[str]) -> frozenset[int]:
    """The numbers of weekdays, Monday being 0."""
    return frozenset(map(WEEKDAYS.index, names))


Time = Annotated[time, BeforeValidator(_time)]


class BusinessSection(Section):
    """When the firm works."""

    zone: str = ""
    days: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], Field(min_length=1)]
    opens: Time
    closes: Time
    holidays: list[date]
    holidays_of: str = ""

    @property
    def days_off(self) -> frozenset[date]:
        """The holidays that are listed, and those of the country or region."""
        return frozenset(self.holidays) | (public_holidays(self.holidays_of) if self.holidays_of else frozenset())

    @field_validator("zone")
    @classmethod
    def _require_known_zone(cls, zone: str) -> str:
        return known_zone(zone) if zone else zone

    @field_validator("closes")
    @classmethod
    def _require_closing_after_opening(cls, closes: time, others: ValidationInfo) -> time:
        if "opens" in others.data and closes <= others.data["opens"]:
            mend = "name a closing time after the opening time, on the same day"
            raise wrong("business closes before it opens", mend)
        return closes

    @field_validator("holidays")
    @classmethod
    def _require_business_days(cls, holidays: list[date], others: ValidationInfo) -> list[date]:
        if "days" in others.data:
            try:
                Hours("UTC", weekdays(others.data["days"]), time.min, time.max, frozenset(holidays))
            except ValueError as error:
                raise wrong(str(error), "take some of that year's holidays out") from error
        return holidays

    @field_validator("holidays_of")
    @classmethod
    def _require_known_place(cls, place: str, others: ValidationInfo) -> str:
        try:
            days_off = public_holidays(place) if place else frozenset()
            if place and {"days", "holidays"} <= others.data.keys():
                every = days_off | set(others.data["holidays"])
                Hours("UTC", weekdays(others.data["days"]), time.min, time.max, every)
        except ImportError:
            mend = "install the package holidays beside the bot (docs/policy.md), or list the days under holidays"
            raise wrong("the library “holidays”, which knows them, is not installed", mend) from None
        except UnknownPlaceError as error:
            mend = f"did you mean {error.near}?" if error.near else 'write an ISO 3166 code such as "GB-ENG" or "IE"'
            raise wrong("no such country or region is known", mend) from None
        except ValueError as error:
            raise wrong(str(error), "take some of that year's holidays out") from error
        return place
