"""Keeps current who may act: asks Slack which workspace this is, who is listed, and whose profile a request needs."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.language import _
from bot.profile_requests import ProfileRequests
from bot.rules.people import Person
from bot.rules.refusals import Denial
from bot.usecases.context import Firm
from bot.usecases.roster import Roster
from bot.usecases.transport import OrgWide, RateLimited, Refused, Unanswered

log = logging.getLogger(__name__)

CHECK_AGAIN_IN = timedelta(seconds=10)  # between two checks of how old the roster is
RETRY = 5.0  # seconds after which Slack is asked again: it allows twenty reads of groups a minute
TEAM_PATIENCE = 1.0  # seconds that a request waits after the start until Slack has said which workspace this is
NOT_READ = _("The bot has not read the list of managers from Slack yet.")
UNREADABLE = _("The list of managers cannot be read from Slack: {why}.")
ORG_WIDE = _(
    "The app is installed for a whole organisation, but Backstop serves one workspace, so it accepts nothing from "
    "Slack. Remove the app from the organisation, and install it in that workspace."
)
PAUSED = _("The list of managers cannot be read from Slack now: Slack asks the bot to wait.")


class RosterLoop:
    """The loop around `Roster`, and what it knows of the workspace. `find_team` asks Slack which one this is."""

    def __init__(self, roster: Roster, find_team: Callable[[], str], stopping: threading.Event) -> None:
        self._roster, self.find_team, self._stopping = roster, find_team, stopping
        self._team = ""
        self._team_known = threading.Event()
        self._tried = threading.Event()
        self._profiles = ProfileRequests()
        self.problem = NOT_READ  # what is wrong with the roster; empty where nothing is

    @property
    def firm(self) -> Firm:
        """Who is who, as the settings list them."""
        return self._roster.context.firm

    def our_team(self) -> str:
        """The workspace of the token. Waits for it a moment after the start; empty if Slack has not said by then."""
        self._team_known.wait(TEAM_PATIENCE)
        return self._team

    def known_team(self) -> str:
        """The same without waiting."""
        return self._team

    def read_profile(self, person: Person, patience: float) -> None:
        """Read this person from Slack, on the roster's thread. Waits for it so many seconds at most."""
        self._profiles.ask(person, patience)

    def not_started(self) -> str:
        """Why the bot does not work yet after its start; empty once Slack has been asked who may act."""
        return "" if self._team and self._tried.is_set() else self.problem

    def named_in_vain(self) -> Mapping[str, Denial | str]:
        """See `Roster.named_in_vain`; nobody until Slack has said which workspace this is. Raises NotRecorded."""
        return self._roster.named_in_vain(self._team) if self._team else {}

    def has_director(self) -> bool:
        """See `Roster.has_director`; True until Slack has said which workspace this is. Raises NotRecorded."""
        return not self._team or self._roster.has_director(self._team)

    def directors(self) -> tuple[str, ...]:
        """See `Roster.directors`; nobody until Slack has said which workspace this is. Raises NotRecorded."""
        return self._roster.directors(self._team) if self._team else ()

    def wake(self) -> None:
        """Look at once whether to stop."""
        self._profiles.wake()

    def refresh(self) -> float:
        """Bring the roster up to date, then read the requested profiles. Returns the seconds to wait then."""
        checked_at, retry = self._roster.context.clock(), 0.0
        try:
            self._team = self._team or self.find_team()
            self._team_known.set()
            self._roster.refresh(self._team)
            self.problem = ""
        except RateLimited as pause:
            self._not_renewed(PAUSED, "a pause")
            retry = pause.seconds
        except (Refused, Unanswered) as failure:
            why = ORG_WIDE if isinstance(failure, OrgWide) else UNREADABLE.format(why=failure)
            self._not_renewed(why, str(failure))
            retry = RETRY
        if not self._team:
            return retry
        self._tried.set()
        self._read_profiles(checked_at)
        return 0

    def _not_renewed(self, why: str, error: str) -> None:
        self.problem = why
        log.warning("the roster was not renewed", extra={"ids": {"error": error}})

    def _read_profiles(self, checked_at: datetime) -> None:
        """Read the requested profiles until the next check of the roster is due, or the clock has been moved back."""
        clock, stopping = self._roster.context.clock, self._stopping
        self._profiles.serve(
            self._roster.refresh_person,
            lambda: timedelta() <= clock() - checked_at < CHECK_AGAIN_IN and not stopping.is_set(),
        )
