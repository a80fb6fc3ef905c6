"""One random walk: people with and without stakes try what they may, and what comes of it is held against the model."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from bot.policy_file.load import load
from bot.rules.customers import seen_as
from bot.rules.people import Person
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, NotEntitled, Refusal
from bot.rules.reports import Evidence, NewReport, TypedCustomer
from bot.rules.sent_letters import LetterKind
from bot.usecases.backup.answer import TakeCall, end_backup
from bot.usecases.backup.call import call_backup
from bot.usecases.cases.recuse import recuse
from bot.usecases.context import Context, Firm
from bot.usecases.customers.edit import EditCustomer, edit_customer, set_customer_safeguard
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import SetCustomerSafeguard
from bot.usecases.decisions.decide import drop, keep
from bot.usecases.decisions.reviews import renew
from bot.usecases.home.home import awaiting_me
from bot.usecases.objections.answer import answer_objection
from bot.usecases.reports.files import RequestFiles
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.record_keys import holding_to
from bot.usecases.warnings.warn import issue_warning
from storage.database import Database
from storage.tables.backup import backup_call
from storage.tables.customers import merger
from storage.tables.reports import report as report_table
from tests.builders import TEAM, FrozenClock, a_profile, a_report, run_due_tasks, someone
from tests.walk.calls import SECONDS, about_calls, wrongly_asked, wrongly_read
from tests.walk.looking import (
    READ,
    AboutCase,
    AboutCustomer,
    AboutLetter,
    Act,
    draft,
    read_card,
    read_case,
    read_letter,
    read_timeline,
    take_files,
    take_letter,
    take_pack,
)
from tests.walk.open_forms import HELD_OPEN, OpenForm, missed, opened, shown
from tests.walk.stake_model import Stakes
from tests.year.after_acts import about_decisions
from tests.year.case_acts import about_cases
from tests.year.chance import Chance
from tests.year.facts import Facts, facts, new_entries

REPS = ("U0ANA", "U0JOE")
LEADS = ("U0LEA", "U0BRAD", "U0DEV")  # one of them is no manager
MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA", "U0DEV", "U0EVE", "U0FAY")
DIRECTORS = ("U0RUTH", "U0OTTO")
EVERYBODY = (*REPS, "U0LEA", *MANAGERS, *DIRECTORS)
FIRM = Firm("C0MANAGE", MANAGERS, DIRECTORS)
NAMES = ("Acme", "Zebra", "Yak")
STAKES = {Denial.REPORTER, Denial.OWNER, Denial.FORMER_OWNER, Denial.RECUSED}
Command = Any
"""The command of a use case, or what somebody looks at. It says who, in `by`."""

FREE = (report, withdraw, call_backup, end_backup)
"""What people do also about customers in whom they have a stake: help comes first, and a report is never lost."""
IN_TWO_STEPS = (drop, keep, issue_warning, answer_objection)


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
    """`done`: the steps that were taken. `wrong`: whoever had a stake and still decided, changed or read something.

    `forms`: those that somebody has open. `happened`: how often each use case was carried out, and what was refused.
    """

    database: Database
    clock: FrozenClock
    random: Random
    stakes: Stakes = field(default_factory=Stakes)
    forms: list[OpenForm] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Crowd(self.random)
        policy = replace(load(None, "UTC"), approvals_to_drop=self.random.choice((1, 2, 3)))
        firm = replace(FIRM, leads=self.chance.one_of(((), LEADS)))
        self.context = Context(self.database.begin, self.database.read, policy, firm, self.clock)
        self.known = facts(self.database, self.clock())
        self._time_passes()

    def step(self) -> None:
        """Some time passes, then somebody tries something, opens a form, or sends one that they have open."""
        self._time_passes()
        if self.forms and self.chance.now_and_then(0.3):
            form = self.forms.pop(self.random.randrange(len(self.forms)))
            if self.chance.now_and_then(0.7) and (meanwhile := [*self._about_the_same(form.command)]):
                _, verb, command = self.random.choices(meanwhile, [weight for weight, *_ in meanwhile])[0]
                self._try(opened(self.context, self.known, verb, command))
            self._try(form, was_open=True)
        else:
            acts = list(self._acts())
            _, verb, command = self.random.choices(acts, [weight for weight, *_ in acts])[0]
            form = opened(self.context, self.known, verb, command)
            if verb in HELD_OPEN and self.chance.now_and_then(0.3):
                self.forms = [*self.forms[-5:], form]
            else:
                self._try(form)
        if len(self.done) % 10 == 0:
            self._check_lists()

    def _try(self, form: OpenForm, *, was_open: bool = False) -> None:
        verb, command, before = form.verb, form.command, self.known
        staked = [self.stakes.of(number, before, self.clock()) for number in self._about(command)]
        news = missed(form, shown(before, verb, command), staked[0] if staked else {})
        late = "late " if was_open else ""
        try:
            answer = verb(holding_to(self.context, form.keys), command)
        except Refusal as refusal:
            self.happened[f"{late}{verb.__name__}: {type(refusal).__name__}"] += 1
            self._check_refused(command, refusal, staked)
            return
        self.known = facts(self.database, self.clock())
        changed = new_entries(self.database, before, self.known)
        if (changed and verb is not take_letter) or answer is READ:
            self.happened[f"{late}{verb.__name__}"] += 1
            self._check_done(verb, command, staked)
            self.wrong += [f"{verb.__name__} {command} in spite of {news}"] if changed and news else []
            self._follow(verb, command, before)
        self._check_calls(before)

    def _check_calls(self, before: Facts) -> None:
        """Nobody with a stake is called, comes, or reads what a rep typed."""

        def stakes_in(number: int) -> dict[str, str]:
            return self.stakes.of(number, self.known, self.clock())

        self.wrong += [*wrongly_asked(before, self.known, stakes_in)]
        self.wrong += [*wrongly_read(self.context, self.known, stakes_in)]

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
            case RequestFiles() | AboutCase():
                return self._shown_to(command)
        return [self.known.case(command.case).customer] if hasattr(command, "case") else []

    def _shown_to(self, asked: RequestFiles | AboutCase) -> list[int]:
        """Everybody about whom a report tells that somebody asks for."""
        if isinstance(asked, RequestFiles):
            return [row.customer for row in self.known.of(report_table, lambda row: row.number == asked.report)]
        received = self.known.of(report_table, lambda row: row.case == asked.case)
        return [self.known.case(asked.case).customer, *(row.customer for row in received)]

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
            seen, into = self._seen(row.number), chance.one_of(customers).number
            yield 0.4, edit_customer, EditCustomer(chance.manager(), row.number, row.name, self._owner(), "", "", seen)
            yield 0.3, merge, Merge(chance.manager(), row.number, into, self._seen(into), seen)
            yield 0.2, set_customer_safeguard, self._safeguard(row.number)
            yield 0.3, chance.one_of((read_timeline, read_card)), AboutCustomer(chance.manager(), row.number)
        for row in self.known.rows["merger"]:
            yield 0.4, undo_merge, UndoMerge(chance.manager(), row.number)
        for row in self.known.rows["matter"][-4:]:
            read = chance.one_of((read_case, read_letter, take_pack))
            yield 0.5, read, AboutCase(chance.manager(), row.number)
            yield 0.2, take_letter, AboutLetter(chance.manager(), row.number, chance.one_of([*LetterKind]))
        for row in self.known.rows["report"][-3:]:
            yield 0.2, take_files, RequestFiles(chance.manager(), row.number)
        yield from about_calls(self.known, chance, NAMES)
        for source in (about_cases, about_decisions):
            for weight, verb, command in source(self.context, self.known, chance):
                yield weight, verb, command
                if verb in IN_TWO_STEPS:
                    yield weight / 3, draft, command

    def _about_the_same(self, command: Command) -> Iterator[Act]:
        """What others do about the case of this command: another report, or whatever else may be news."""
        if (number := getattr(command, "case", None)) is None:
            return
        name = self.known.customer(self.known.case(number).customer).name
        yield 2, report, replace(self._report(), customer=TypedCustomer(name, new=True))
        for weight, verb, other in self._acts():
            if getattr(other, "case", None) == number:
                yield weight * (5 if verb in (renew, drop) else 1), verb, other

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
            evidence=(Evidence("file", "", "a.png", file="F0A"),) if chance.now_and_then(0.3) else (),
        )

    def _owner(self) -> str | None:
        return self.chance.one_of((None, *MANAGERS))

    def _safeguard(self, customer: int) -> SetCustomerSafeguard:
        chance, kinds = self.chance, [*self.context.policy.safeguards]
        until = chance.day(self.context, 0, 60)
        said = chance.one_of(kinds), chance.words(), until, self._seen(customer)
        return SetCustomerSafeguard(chance.manager(), customer, *said)

    def _seen(self, customer: int) -> str:
        """How a form shows the record now."""
        with self.context.read(TEAM) as tx:
            return seen_as(tx.customers.get(customer))

    def _time_passes(self) -> None:
        """Minutes to days, now and then most of a year; seconds while somebody waits for help.

        Slack is asked about people, and what is due is done.
        """
        waits = any(call.ended_at is None for call in self.known.of(backup_call))
        if waits and self.chance.now_and_then(0.8):
            self.clock.forward(seconds=self.random.choice(SECONDS))
        else:
            is_long = self.chance.now_and_then(0.04)
            days = self.random.uniform(60, 300) if is_long else self.random.choice((0.01, 0.1, 1, 3))
            self.clock.forward(days=days)
        with self.context.begin(TEAM) as tx:
            tx.people.save_profiles([a_profile(user, self.clock()) for user in EVERYBODY])
        run_due_tasks(self.context, self.database)
        self.known = facts(self.database, self.clock())
