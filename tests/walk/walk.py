"""One random walk: people with and without stakes try what they may, and what comes of it is held against the model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from bot.policy_file.load import load
from bot.rules.backup import HowEnded
from bot.rules.people import Person
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, NotEntitled, Refusal
from bot.rules.reports import NewReport, TypedCustomer
from bot.rules.sent_letters import LetterKind
from bot.usecases.backup.answer import EndCall, TakeCall, end_backup, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.cases.evidence_pack import request_pack
from bot.usecases.cases.letters import read_letters, request_letter
from bot.usecases.cases.recuse import recuse
from bot.usecases.context import Context, Firm
from bot.usecases.customers.edit import EditCustomer, edit_customer, set_customer_safeguard
from bot.usecases.customers.look_up import open_customer, timeline
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import SetCustomerSafeguard
from bot.usecases.home.home import awaiting_me
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.access import see_case
from storage.database import Database
from storage.tables.backup import backup_call
from storage.tables.customers import merger
from storage.tables.reports import report as report_table
from tests.builders import TEAM, FrozenClock, a_profile, a_report, run_due_tasks, someone
from tests.walk.stake_model import Stakes
from tests.year.after_acts import about_decisions
from tests.year.case_acts import about_cases
from tests.year.chance import Chance
from tests.year.facts import Facts, facts, new_entries

REPS = ("U0ANA", "U0JOE")
MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA", "U0DEV", "U0EVE", "U0FAY")
DIRECTORS = ("U0RUTH", "U0OTTO")
EVERYBODY = (*REPS, *MANAGERS, *DIRECTORS)
FIRM = Firm("C0MANAGE", MANAGERS, DIRECTORS)
NAMES = ("Acme", "Zebra", "Yak")
STAKES = {Denial.REPORTER, Denial.OWNER, Denial.FORMER_OWNER, Denial.RECUSED}
READ = "read"
Command = Any
"""The command of a use case, or what somebody looks at. It says who, in `by`."""

Act = tuple[float, Callable[..., object], Command]


@dataclass(frozen=True)
class AboutCustomer:
    """Somebody looks at a customer."""

    by: Person
    customer: int


@dataclass(frozen=True)
class AboutCase:
    """Somebody looks at a case."""

    by: Person
    case: int


@dataclass(frozen=True)
class AboutLetter:
    """Somebody takes a letter as a file."""

    by: Person
    case: int
    letter: LetterKind


def read_timeline(context: Context, asked: AboutCustomer) -> str:
    """READ: it names who reported."""
    timeline(context, asked.by, asked.customer, 1)
    return READ


def read_card(context: Context, asked: AboutCustomer) -> str:
    """READ if it shows more than reps see."""
    return READ if open_customer(context, asked.by, asked.customer).managers else ""


def read_case(context: Context, asked: AboutCase) -> str:
    """READ: it shows every report, and who made it."""
    see_case(context, asked.by, asked.case, 1)
    return READ


def read_letter(context: Context, asked: AboutCase) -> str:
    """READ if it shows a letter that has not gone to the customer."""
    file = read_letters(context, asked.by, asked.case)
    all_gone = all(letter.sent for letter in file.decision_history.letters)
    return "" if all_gone and all(each.delivered_at for each in file.warnings) else READ


def take_letter(context: Context, asked: AboutLetter) -> str:
    """READ if it had not gone to the customer."""
    with context.read(TEAM) as tx:
        warning = tx.warnings.of_case(asked.case)
        gone = {each.letter for each in tx.sent_letters.of_case(asked.case)}
    request_letter(context, asked.by, asked.case, asked.letter)
    gone |= {LetterKind.WARNING} if warning and warning.delivered_at else set()
    return "" if asked.letter in gone else READ


def take_pack(context: Context, asked: AboutCase) -> str:
    """READ: it has everything."""
    request_pack(context, asked.by, asked.case)
    return READ


FREE = (report, withdraw, call_backup, end_backup)
"""What people do also about customers in whom they have a stake: help comes first, and a report is never lost."""


@dataclass(frozen=True)
class Crowd(Chance):
    """Managers who report, own accounts and step aside; plain words."""

    def manager(self) -> Person:
        return someone(self.one_of((*MANAGERS, *DIRECTORS)))

    def rep(self) -> Person:
        return someone(self.one_of(EVERYBODY))

    def words(self, longest: int = 3_000) -> str:
        return "So it was, and I was there."[:longest]


@dataclass
class Walk:
    """`done`: the steps that were taken. `wrong`: whoever had a stake and still decided, changed or read something."""

    database: Database
    clock: FrozenClock
    random: Random
    stakes: Stakes = field(default_factory=Stakes)
    done: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Crowd(self.random)
        policy = replace(load(None, "UTC"), approvals_to_drop=self.random.choice((1, 2, 3)))
        self.context = Context(self.database.begin, self.database.read, policy, FIRM, self.clock)
        self.known: Facts
        self._time_passes()

    def step(self) -> None:
        """Some time passes, then somebody tries something."""
        self._time_passes()
        acts = list(self._acts())
        _, verb, command = self.random.choices(acts, [weight for weight, *_ in acts])[0]
        before = self.known
        about = self._about(command)
        staked = [self.stakes.of(number, before, self.clock()) for number in about]
        try:
            answer = verb(self.context, command)
        except Refusal as refusal:
            self._check_refused(command, refusal, staked)
            return
        self.known = facts(self.database, self.clock())
        changed = new_entries(self.database, before, self.known)
        if (changed and verb is not take_letter) or answer is READ:
            self._check_done(verb, command, staked)
            self._follow(verb, command, before)
        if len(self.done) % 10 == 0:
            self._check_lists()

    def _check_done(self, verb: Callable[..., object], command: Command, staked: list[dict[str, str]]) -> None:
        name = f"{self.clock():%Y-%m-%d %H:%M} {verb.__name__} {command}"[:200]
        self.done.append(name)
        if verb not in FREE:
            why = [each[command.by.user] for each in staked if command.by.user in each]
            self.wrong += [f"{name}: {command.by.user} {reason}" for reason in why]

    def _check_refused(self, command: Command, refusal: Refusal, staked: list[dict[str, str]]) -> None:
        """Nobody is refused for a stake that they do not have."""
        for_a_stake = isinstance(refusal, NotEntitled) and refusal.denial in STAKES
        if for_a_stake and not any(command.by.user in each for each in staked):
            self.wrong.append(f"{command} was refused: {refusal!r}, of {staked}")

    def _check_lists(self) -> None:
        """Nothing awaits anybody about a customer in whom they have a stake."""
        for user in (*MANAGERS, *DIRECTORS):
            for item in awaiting_me(self.context, someone(user), 1).items:
                staked = self.stakes.of(self.known.case(item.case).customer, self.known, self.clock())
                self.wrong += [f"case {item.case} awaits {user}, who {staked[user]}"] if user in staked else []

    def _about(self, command: Command) -> list[int]:
        """The customers whom it is about, as the record has them now."""
        match command:
            case Merge():
                return [command.duplicate, command.into]
            case UndoMerge():
                return [row.customer for row in self.known.of(merger, lambda row: row.number == command.merger)]
            case EditCustomer() | SetCustomerSafeguard() | AboutCustomer():
                return [command.customer]
            case TakeCall():
                return [
                    row.customer for row in self.known.of(backup_call) if row.number == command.call and row.customer
                ]
            case AboutCase():
                received = self.known.of(report_table, lambda row: row.case == command.case)
                return [self.known.case(command.case).customer, *(row.customer for row in received)]
        return [self.known.case(command.case).customer] if hasattr(command, "case") else []

    def _follow(self, verb: Callable[..., object], command: Command, before: Facts) -> None:
        """Tell the model what was done."""
        now, by = self.clock(), command.by.user
        if verb is report:
            known = {row.number for row in before.rows["report"]}
            (new,) = self.known.of(report_table, lambda row: row.number not in known)
            self.stakes.record(new.customer).reports.add(new.number)
        elif verb is recuse:
            self.stakes.record(self.known.case(command.case).customer).aside.add(by)
        elif verb is edit_customer:
            self.stakes.record(command.customer).owned_by(command.owner, now)
        elif verb is merge:
            number = max(row.number for row in self.known.rows["merger"])
            self.stakes.merged(number, command.duplicate, command.into, now)
        elif verb is undo_merge:
            self.stakes.undone(command.merger, self.known, now)

    def _acts(self) -> Iterator[Act]:
        chance, customers = self.chance, self.known.rows["customer"]
        yield 2, report, self._report()
        for row in self.known.rows["report"][-3:]:
            yield 0.2, withdraw, Withdraw(someone(row.reporter), row.number)
        for row in customers:
            yield 0.4, edit_customer, EditCustomer(chance.manager(), row.number, row.name, self._owner(), "", "")
            yield 0.3, merge, Merge(chance.manager(), row.number, chance.one_of(customers).number)
            yield 0.2, set_customer_safeguard, self._safeguard(row.number)
            yield 0.3, chance.one_of((read_timeline, read_card)), AboutCustomer(chance.manager(), row.number)
        for row in self.known.rows["merger"]:
            yield 0.4, undo_merge, UndoMerge(chance.manager(), row.number)
        for row in self.known.rows["matter"][-4:]:
            read = chance.one_of((read_case, read_letter, take_pack))
            yield 0.5, read, AboutCase(chance.manager(), row.number)
            yield 0.2, take_letter, AboutLetter(chance.manager(), row.number, chance.one_of([*LetterKind]))
        typed = f"{chance.one_of(NAMES)}, he shouts at me"
        yield 0.5, call_backup, CallBackup(chance.rep(), typed)
        for row in self.known.of(backup_call)[-2:]:
            yield 0.4, take_call, TakeCall(chance.manager(), row.number)
            by = someone(chance.one_of((row.caller, row.taken_by or row.caller)))
            yield 0.3, end_backup, EndCall(by, row.number, chance.one_of((HowEnded.CALMED, HowEnded.STOOD_DOWN)))
        for source in (about_cases, about_decisions):
            yield from source(self.context, self.known, chance)

    def _report(self) -> NewReport:
        chance = self.chance
        ago = timedelta(days=chance.random.randint(1, 300)) if chance.now_and_then(0.1) else timedelta(minutes=9)
        return a_report(
            self.context,
            chance.rep().user,
            TypedCustomer(chance.one_of(NAMES), new=True),
            category=chance.one_of(("verbal_abuse", "verbal_abuse", "threat", "other")),
            severity=chance.one_of([*Severity]),
            happened_at=self.clock() - ago,
            doubted=chance.now_and_then(0.2),
        )

    def _owner(self) -> str | None:
        return self.chance.one_of((None, *MANAGERS))

    def _safeguard(self, customer: int) -> SetCustomerSafeguard:
        chance, kinds = self.chance, [*self.context.policy.safeguards]
        until = chance.day(self.context, 0, 60)
        return SetCustomerSafeguard(chance.manager(), customer, chance.one_of(kinds), chance.words(), until)

    def _time_passes(self) -> None:
        """Minutes to days, now and then most of a year. Slack is asked about people, and what is due is done."""
        days = self.random.uniform(60, 300) if self.chance.now_and_then(0.04) else self.random.choice((0.01, 0.1, 1, 3))
        self.clock.forward(days=days)
        with self.context.begin(TEAM) as tx:
            tx.people.save_profiles([a_profile(user, self.clock()) for user in EVERYBODY])
        run_due_tasks(self.context, self.database)
        self.known = facts(self.database, self.clock())
