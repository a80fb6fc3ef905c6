"""A random walk about interim protection: what should hold is worked out from the rows, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from bot.rules.customer_import import ImportLine
from bot.rules.erasure import CannotErase
from bot.rules.policy.interim_rules import InterimRules
from bot.rules.policy.policy import Retention
from bot.rules.policy.verdicts import Rung
from bot.usecases.cases.protection import LiftProtection, SetProtection, lift_protection, set_protection
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.import_list import import_customers
from bot.usecases.customers.look_up import customer_file
from bot.usecases.customers.merge import undo_merge
from bot.usecases.customers.retention import schedule_retention
from bot.usecases.hearings.hear import hear_both_sides
from bot.usecases.shared.read_models import case_file, report_file
from storage.database import Database
from storage.tables.reports import verdict
from storage.transaction import Transaction
from tests.builders import TEAM, FrozenClock, rows, someone
from tests.walk.stake_model import Stakes
from tests.walk.walk import NAMES, Act, Walk
from tests.year.facts import Facts, Row, facts


@dataclass
class Lift:
    """What a manager saw who lifted it: a severe report more, or a rung of the policy's, sets it again."""

    severe: frozenset[int]
    rung: Rung


@dataclass
class Model:
    """By case: whether protection holds while it is open, and what the last lift was about."""

    rules: InterimRules
    holds: dict[int, bool] = field(default_factory=dict)
    lifts: dict[int, Lift] = field(default_factory=dict)

    def follow(self, case: Row, known: Facts, *, carried: bool) -> None:
        """What the policy makes of an open case as it is now. `carried`: of a case that has become one with it."""
        severe, rung = severe_in(case.number, known), Rung(case.rung)
        if self.holds.get(case.number):
            return
        lift = self.lifts.get(case.number)
        news = severe - lift.severe if lift else severe
        reached = rung in self.rules.at and (lift is None or lift.rung not in self.rules.at)
        if carried or reached or (self.rules.severe and news):
            self.holds[case.number] = True


def severe_in(case: int, known: Facts) -> frozenset[int]:
    live = (row for row in known.rows["report"] if row.case == case and not (row.withdrawn_at or row.discounted_at))
    return frozenset(row.number for row in live if row.severity == "severe")


def some_rules(random: Random) -> InterimRules:
    at = tuple(rung for rung in (Rung.WARN, Rung.HEAR, Rung.DECIDE) if random.random() < 0.5)
    return InterimRules(at=at, severe=random.random() < 0.7)


class NoStakes(Stakes):
    """Nobody has any, as far as this walk asks."""

    def of(self, *_: object) -> dict[str, str]:
        return {}


class ProtectedWalk(Walk):
    """Steps of `Walk`, managers who set and lift, another policy, imports, erasures, a clock put back, a process
    that is away.
    """

    def __init__(self, url: str, random: Random) -> None:
        self.model = Model(some_rules(random))
        self.url, self.acted, self.heard = url, "", 0  # the case that a manager asked to hear both sides in
        self.judged: frozenset[tuple[int, int]] = frozenset()
        super().__init__(Database(url), FrozenClock(), random, NoStakes())

    def __post_init__(self) -> None:
        super().__post_init__()
        kept = Retention(texts_months=2, files_months=1, support_months=1, dropped_months=1)
        self.context = replace(self.context, policy=replace(self.context.policy, retention=kept))
        self._follow_rules()
        schedule_retention(self.context, TEAM)

    def step(self) -> None:
        self.acted, self.heard = "", 0
        before, chance = self.known, self.chance
        if chance.now_and_then(0.03) and self.known.rows["customer"]:
            self._erase(chance.one_of(self.known.rows["customer"]).number)
        elif chance.now_and_then(0.05):
            self.model.rules = some_rules(self.random)
            self._follow_rules()
        elif chance.now_and_then(0.05):
            import_customers(self.context, TEAM, [ImportLine(1, chance.one_of(NAMES), owner=chance.manager().user)])
        else:
            super().step()
        self.known = facts(self.database, self.clock())
        self._check(before)

    def _follow_rules(self) -> None:
        """The process is started with another policy."""
        self.done.append(str(self.model.rules))
        self.context = replace(self.context, policy=replace(self.context.policy, interim=self.model.rules))

    def _check_refused(self, *_: object) -> None:
        """Stakes have a walk of their own."""

    def _check_done(self, verb: Any, command: Any, _: object) -> None:  # noqa: ANN401 - of any use case
        self.done.append(f"{self.clock():%Y-%m-%d %H:%M} {verb.__name__} {command}"[:200])

    def _check_lists(self) -> None:
        """Likewise."""

    def _erase(self, number: int) -> None:
        try:
            erase_customer(self.context, EraseCustomer(TEAM, number, "ops", even_with_an_open_case=True))
            self.done.append(f"erase {number}")
        except CannotErase:
            return

    def _acts(self) -> Iterator[Act]:
        yield from super()._acts()
        for case in self.known.open_cases():
            words = self.chance.words()
            seen = case.version - (2 if self.chance.now_and_then(0.1) else 0)
            yield 0.6, lift_protection, LiftProtection(self.chance.manager(), case.number, seen, words)
            yield 0.6, set_protection, SetProtection(self.chance.manager(), case.number, seen, words)

    def _follow(self, verb: Any, command: Any, before: Facts) -> None:  # noqa: ANN401 - of any use case
        super()._follow(verb, command, before)
        self.acted, self.heard = verb.__name__, command.case if verb is hear_both_sides else 0
        if verb is lift_protection:
            case = self.known.case(command.case)
            self.model.holds[case.number] = False
            self.model.lifts[case.number] = Lift(severe_in(case.number, self.known), Rung(case.rung))
        elif verb is set_protection:
            self.model.holds[command.case] = True
        if verb in (lift_protection, set_protection):
            self._check_no_decision(command.case, before)

    def _check_no_decision(self, case: int, before: Facts) -> None:
        was, now = before.case(case), self.known.case(case)
        same = all(getattr(was, name) == getattr(now, name) for name in ("rung", "due_at", "closed_at", "urgent"))
        stands = before.customer(was.customer).standing == self.known.customer(was.customer).standing
        self.wrong += [] if same and stands and before.verdicts == self.known.verdicts else [f"case {case} was decided"]

    def _check(self, before: Facts) -> None:
        was_open = {row.number for row in before.open_cases()}
        ended = {row.number for row in self.known.rows["matter"] if row.outcome == "merged"} & was_open
        judged = frozenset((row.customer, row.n) for row in rows(self.database, verdict))
        judged_now, self.judged = {customer for customer, _ in judged ^ self.judged}, judged
        for case in self.known.open_cases():
            into = any(self.model.holds.get(each) for each in ended if self.known.case(each).customer == case.customer)
            asked = case.customer in judged_now or case.number == self.heard
            if into or asked:  # an open case follows another policy with its next verdict, or where a manager moves it
                self.model.follow(case, self.known, carried=into)
        with self.database.read(TEAM) as tx:
            for row in self.known.rows["customer"]:
                if row.merged_into is None:
                    self._check_customer(tx, row.number)

    def _check_customer(self, tx: Transaction, number: int) -> None:
        """The card, the messages of all who reported them, and the case say the same; without an open case, nothing."""
        case = next((row for row in self.known.open_cases() if row.customer == number), None)
        card = customer_file(tx, self.context, someone("U0ANA"), number, self.clock()).protection
        reports = [row.number for row in self.known.rows["report"] if row.customer == number]
        said = {report_file(tx, self.context, each).protection for each in reports} | {card}
        shown = case_file(tx, self.context, case.number).protection if case else None
        said.add(shown if shown and shown.kind else None)
        self.wrong += [f"customer {number}: they differ: {said}"] if len(said) > 1 else []
        expected = bool(case and self.model.holds.get(case.number))
        if case and self.acted == undo_merge.__name__:  # every report is news to the case of which some were taken out
            self.model.holds[case.number] = expected = expected or card is not None
        if (card is not None) != expected:
            self.wrong.append(f"customer {number}, case {case and case.number}: {card} instead of {expected}")

    def _time_passes(self) -> None:
        """Now and then the clock was put back, or the process was away."""
        if self.chance.now_and_then(0.05):
            self.clock.forward(hours=-self.random.randint(1, 48))
        if self.chance.now_and_then(0.05):
            self.database.close()
            self.database = Database(self.url)
            self.context = replace(self.context, begin=self.database.begin, read=self.database.read)
            self.clock.forward(seconds=timedelta(days=self.random.randint(0, 9)).total_seconds())
        super()._time_passes()
