"""Records as the views get them, about Zenith Corp: fixed samples, and wild ones for property tests."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from bot.policy_file.load import load
from bot.rules.case_files import (
    CaseFile,
    CaseInFull,
    Closing,
    DecisionHistory,
    Excluded,
    PastCase,
    Receipt,
    RecordedCase,
    ReportFile,
)
from bot.rules.cases import Case, Left, Outcome
from bot.rules.customers import Customer, Safeguard, Standing
from bot.rules.decisions import Approval, Choice, Decision
from bot.rules.hearings import Finding, Hearing
from bot.rules.home import Page
from bot.rules.objections import Answer, Objection
from bot.rules.people import Person
from bot.rules.policy.policy import Policy, Texts
from bot.rules.policy.verdicts import Incident, Reason, Rule, Rung, Severity, Verdict
from bot.rules.precedents import CaseTraits, Precedent
from bot.rules.reports import Evidence, Place, Report
from bot.rules.sent_letters import letters_of
from bot.rules.warnings import Delivery, IssuedWarning
from bot.usecases.decisions.decide import Drop, Keep
from bot.usecases.objections.answer import AnswerObjection
from bot.usecases.shared.read_models import A_PAGE
from handlers.shared.deadline_lines import WHY_EXCLUDED

POLICY: Final = load(None, "Europe/London")
NOW: Final = datetime(2025, 11, 20, 15, tzinfo=UTC)
TODAY: Final = date(2025, 11, 20)
DAY: Final = timedelta(days=1)

CUSTOMER: Final = Customer(7, "Zenith Corp", "CRM-77", "£18,000 a year", "U0BRAD", Standing.UNDER_REVIEW)
AFTER_WARNING: Final = Reason(
    Rule.AFTER_WARNING, {"incidents": [214], "points": 6, "limit": 2, "warning": 3, "warned_on": "2025-10-13"}
)
VERDICT: Final = Verdict(
    Rung.DECIDE,
    (AFTER_WARNING, Reason(Rule.REPORTERS, {"reporters": 3, "limit": 2})),
    9,
    3,
    urgent=False,
    policy_digest="7f",
)
WARNING: Final = IssuedWarning(
    number=3,
    case=5,
    letter="Dear Zenith Corp, …",
    issued_by="U0PRIYA",
    issued_at=NOW - 39 * DAY,
    delivered_at=NOW - 38 * DAY,
    delivered_by="U0PRIYA",
    delivered_how=Delivery.EMAIL,
    expires_at=NOW + 327 * DAY,
)
BY: Final = Person("T0FIRM", "U0PRIYA", "T0FIRM")
DROP: Final = Decision(
    case=12,
    choice=Choice.DROP,
    by="U0PRIYA",
    at=NOW + 2 * DAY,
    rationale="Third rep in six weeks, after a clear warning.",
    review_on=date(2026, 5, 22),
    effective_on=date(2025, 11, 30),
    reason_class="abuse_after_warning",
    letter="Dear Zenith Corp, we end …",
)
APPROVAL: Final = Approval(DROP, 3)
KEEP: Final = Decision(
    case=12,
    choice=Choice.KEEP,
    by="U0PRIYA",
    at=NOW + 2 * DAY,
    rationale="They have apologised.",
    review_on=date(2026, 5, 22),
    conditions=("written_only", "one_contact"),
    details=(("written_only", "care@larkspur.example"), ("one_contact", "@U0BRAD")),
)


def a_report(
    number: int = 214,
    reporter: str = "U0ANA",
    narrative: str = "He screamed until I hung up.",
    **changed: Any,  # noqa: ANN401 - any field
) -> Report:
    incident = Incident(number, reporter, "verbal_abuse", Severity.SEVERE, NOW - (214 - number) * DAY)
    evidence = (Evidence("link", "https://crm.example/1", "https://crm.example/1"),)
    received = Report(
        incident, 7, Place.PHONE, incident.happened_at, narrative, evidence, wants_support=False, reporter_known=True
    )
    return replace(received, **changed)


def a_case(rung: Rung = Rung.DECIDE, **changed: Any) -> Case:  # noqa: ANN401 - any field
    return replace(Case(12, 7, rung, 3, NOW, NOW + 4 * DAY, urgent=False), **changed)


def ended(outcome: Outcome, rung: Rung = Rung.DECIDE) -> Case:
    return a_case(rung, outcome=outcome, closed_at=NOW + 2 * DAY)


def a_file(**changed: Any) -> CaseFile:  # noqa: ANN401 - any field
    file = CaseFile(
        case=a_case(),
        customer=CUSTOMER,
        verdict=VERDICT,
        reports=(
            a_report(214),
            a_report(206, "U0JOE", "They will pay when I beg."),
            a_report(165, "U0MIA", "Idiot, he said."),
        ),
        all_reports=5,
        reporters=3,
        warnings=(WARNING,),
        past=(PastCase(5, "warn", Outcome.WARNED, NOW - 38 * DAY, "U0PRIYA"),),
        excluded=(Excluded("U0BRAD", "owner"), Excluded("U0ANA", "reporter")),
    )
    return replace(file, **changed)


def in_full(file: CaseFile, page: int = 1) -> CaseInFull:
    """A page of the case in full, of three."""
    return CaseInFull(file, Page(file.reports[:A_PAGE], page, 3, 15))


A_DROP: Final = Drop(
    BY, 12, 3, DROP.rationale, TODAY + timedelta(8), DROP.review_on, "abuse_after_warning", safeguards_considered=True,
    letter="",
)  # fmt: skip
A_KEEP: Final = Keep(BY, 12, 3, KEEP.rationale, KEEP.review_on, KEEP.conditions)


def an_answer(answer: Answer) -> AnswerObjection:
    """An answer to an objection, without its letter."""
    return AnswerObjection(BY, 12, answer, "ω", "")


def recorded(file: CaseFile) -> RecordedCase:
    """What confirms that something about this case is on record."""
    return RecordedCase(
        file.case,
        file.customer,
        file.decision,
        warning=file.warning,
        objection=file.decision_history.objection,
        still_to_approve=len(file.approvals),
    )


def being_heard(**changed: Any) -> CaseFile:  # noqa: ANN401 - any field
    """Priya hears both sides at Carla's wish, and a safeguard is on record."""
    hearing = Hearing(1, 12, "U0PRIYA", NOW, asked_by="U0CARLA", words="Was it the same person?")
    safeguard = Safeguard("health", "Dementia.", "They may need more patience.", date(2026, 1, 31), "U0PRIYA", NOW, 4)
    return replace(a_file(case=a_case(Rung.HEAR), hearings=(hearing,), safeguards=(safeguard,)), **changed)


def heard(finding: Finding = Finding.UPHELD) -> Hearing:
    sides = {"reps_side": "He shouted.", "customers_side": "I was in a hurry.", "why": "A bad line."}
    return Hearing(1, 12, "U0PRIYA", NOW, ended_at=NOW, ended_by="U0PRIYA", finding=finding, **sides)


def objected(answer: Answer | None = None, **changed: Any) -> CaseFile:  # noqa: ANN401 - any field
    """Case 12 ended with a warning that was delivered, and the customer objects to it. `changed`: of the objection."""
    objection = replace(to_warning(answer), **changed)
    return a_file(
        case=ended(Outcome.WARNED, Rung.WARN),
        warnings=(replace(WARNING, case=12),),
        objections=(objection,),
        decision_history=DecisionHistory(letters=letters_of(None, objection, (), replaced=False), objection=objection),
        closing=Closing("U0PRIYA", NOW, None),
    )


def to_warning(answer: Answer | None = None) -> Objection:
    """An objection to a warning; with an answer, the letter that it has."""
    says = "I was not on that call."
    objection = Objection(12, 7, 3, "U0PRIYA", NOW, "Mr X, by phone", says, NOW + 2 * DAY)
    letter = "Dear Zenith Corp, corrected …" if answer is Answer.CHANGED else "Dear Zenith Corp, answered …"
    if answer is None:
        return objection
    return replace(
        objection, answer=answer, answered_by="U0BRAD", answered_at=NOW, rationale="I listened to it.", letter=letter
    )


def for_warning(**changed: Any) -> CaseFile:  # noqa: ANN401 - any field
    points = Reason(Rule.POINTS, {"incidents": [214], "points": 6, "limit": 4})
    verdict = Verdict(Rung.WARN, (points,), 6, 1, urgent=False, policy_digest="7f")
    return replace(a_file(case=a_case(Rung.WARN), verdict=verdict, warnings=(), past=()), **changed)


def undelivered(letter: str = "Dear Zenith Corp, …") -> IssuedWarning:
    return IssuedWarning(number=4, case=12, letter=letter, issued_by="U0PRIYA", issued_at=NOW)


def dropped() -> CaseFile:
    closing = Closing("U0PRIYA", NOW + 2 * DAY, None)
    return a_file(case=ended(Outcome.DROPPED), decision=DROP, closing=closing)


def kept() -> CaseFile:
    return a_file(case=ended(Outcome.KEPT), decision=KEEP, closing=Closing("U0PRIYA", NOW + 2 * DAY, None))


def a_precedent(name: str = "Acme Ltd", conditions: tuple[str, ...] = ()) -> Precedent:
    like = CaseTraits("verbal_abuse", 9, 3, Standing.WARNED)
    return Precedent(4, 2, name, like, Outcome.KEPT, NOW - 90 * DAY, conditions)


def a_report_file(**changed: Any) -> ReportFile:  # noqa: ANN401 - any field
    return replace(ReportFile(a_report(), CUSTOMER, VERDICT, a_case()), **changed)


def a_receipt(**changed: Any) -> Receipt:  # noqa: ANN401 - any field
    received = Receipt(214, CUSTOMER, VERDICT, 2, a_case(), None, NOW - 38 * DAY, None)
    return replace(received, **changed)


DANGEROUS: Final = (
    "<!channel> <@U0ANA> <https://evil.example|click>",
    "&" * 140,
    "<>" * 1_500,
    "*bold* _it_ ~no~ `code` > quote",
    "👩‍👩‍👧‍👦" * 400,
    "e\u0301" * 1_500,
    "\u202eright to left\u202c שלום עליכם مرحبا",
    "\x00\x07",
    "\n\n\n",
    "word " * 600,
    "x" * 3_000,
)
wild_text = st.one_of(st.sampled_from(DANGEROUS), st.text(max_size=60), st.text(min_size=200, max_size=300))
wild_name = wild_text.map(lambda text: text[:140] or "?")
wild_long = wild_text.map(lambda text: text[:3_000] or "?")
wild_user = st.sampled_from(["U0ANA", "U0JOE", "U" + "Z" * 12])
wild_moment = st.datetimes(datetime(2016, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds are to be naive
wild_day = st.dates(date(2016, 1, 1), date(2035, 1, 1))

wild_incidents = st.builds(
    Incident,
    number=st.integers(1, 10**9),
    reporter=wild_user,
    category=st.sampled_from([*POLICY.categories, "gone"]),
    severity=st.sampled_from(Severity),
    happened_at=wild_moment,
    doubted=st.booleans(),
)
wild_evidence = st.builds(Evidence, st.just("link"), st.just("https://x.example/" + "y" * 482), st.text(max_size=500))
wild_reports = st.builds(
    Report,
    incident=wild_incidents,
    customer=st.just(7),
    place=st.sampled_from(Place),
    reported_at=wild_moment,
    narrative=wild_long,
    evidence=st.lists(wild_evidence, max_size=2).map(lambda few: tuple(few * 10)),
    wants_support=st.booleans(),
    withdrawn_at=st.none() | wild_moment,
    discounted_at=st.none() | wild_moment,
)
wild_warnings = st.builds(
    IssuedWarning,
    number=st.integers(1, 99),
    case=st.sampled_from([5, 12]),
    letter=wild_long,
    issued_by=wild_user,
    issued_at=wild_moment,
    delivered_at=st.none() | wild_moment,
    delivered_how=st.none() | st.sampled_from(Delivery),
    expires_at=st.none() | wild_moment,
    withdrawn_at=st.none() | wild_moment,
)
wild_decisions = st.builds(
    Decision,
    case=st.just(12),
    choice=st.sampled_from(Choice),
    by=wild_user,
    at=wild_moment,
    rationale=wild_long,
    review_on=wild_day,
    effective_on=st.none() | wild_day,
    reason_class=st.none() | st.sampled_from([*POLICY.reason_classes, "gone"]),
    conditions=st.lists(st.sampled_from([*POLICY.conditions, "gone"]), unique=True).map(tuple),
    letter=st.none() | wild_long,
)
_incidents = st.lists(st.integers(1, 10**9), min_size=1, max_size=60)
wild_reasons = st.one_of(
    st.builds(
        lambda some: Reason(
            Rule.AFTER_WARNING, {"incidents": some, "points": 6, "limit": 2, "warning": 3, "warned_on": "2025-10-13"}
        ),
        _incidents,
    ),
    st.builds(lambda some: Reason(Rule.ZERO_TOLERANCE, {"incidents": some, "category": "threat"}), _incidents),
    st.builds(lambda some: Reason(Rule.DOUBTED, {"incidents": some}), _incidents),
    st.just(Reason(Rule.SAFEGUARD)),
)
wild_verdicts = st.builds(
    Verdict,
    rung=st.sampled_from(Rung),
    reasons=st.lists(wild_reasons, min_size=1, max_size=9).map(tuple),
    points=st.integers(0, 10**6),
    reporters=st.integers(0, 60),
    urgent=st.booleans(),
    policy_digest=st.just("7f"),
)
wild_customers = st.builds(
    Customer,
    number=st.just(7),
    name=wild_name,
    crm_reference=st.none() | wild_text,
    worth=st.none() | wild_text,
    owner=st.none() | wild_user,
    standing=st.sampled_from(Standing),
)
wild_cases = st.builds(
    lambda rung, outcome, urgent, at, left: a_case(
        rung, outcome=outcome, closed_at=at if outcome else None, urgent=urgent, due_at=at, version=10**9, left=left
    ),
    st.sampled_from(Rung),
    st.none() | st.sampled_from(Outcome),
    st.booleans(),
    wild_moment,
    st.sampled_from(Left),
)
wild_safeguards = st.builds(
    Safeguard,
    kind=st.sampled_from([*POLICY.safeguards, "gone"]),
    note=wild_text,
    words=wild_text,
    until=st.none() | wild_day,
    set_by=wild_user,
    set_at=wild_moment,
)
wild_hearings = st.builds(
    Hearing,
    number=st.integers(1, 10**9),
    case=st.just(12),
    taken_by=wild_user,
    taken_at=wild_moment,
    asked_by=st.none() | wild_user,
    words=st.none() | wild_long,
    ended_at=st.none() | wild_moment,
    ended_by=st.none() | wild_user,
    finding=st.none() | st.sampled_from(Finding),
    reps_side=st.none() | wild_long,
    customers_side=st.none() | wild_long,
    why=st.none() | wild_long,
)
wild_objections = st.builds(
    Objection,
    case=st.sampled_from([5, 12]),
    customer=st.just(7),
    warning=st.integers(1, 99),
    recorded_by=wild_user,
    recorded_at=wild_moment,
    contact=wild_name,
    words=wild_long,
    due_at=wild_moment,
    answer=st.none() | st.sampled_from(Answer),
    answered_by=st.none() | wild_user,
    answered_at=st.none() | wild_moment,
    rationale=st.none() | wild_long,
    letter=st.none() | wild_long,
)
wild_precedents = st.builds(
    Precedent,
    case=st.integers(1, 10**9),
    customer=st.integers(1, 10**9),
    name=wild_name,
    traits=st.builds(
        CaseTraits,
        st.none() | st.sampled_from([*POLICY.categories, "gone"]),
        st.integers(0, 10**6),
        st.integers(0, 60),
        st.sampled_from(Standing),
    ),
    outcome=st.sampled_from([Outcome.WARNED, Outcome.DROPPED, Outcome.KEPT]),
    closed_at=wild_moment,
    conditions=st.lists(st.sampled_from([*POLICY.conditions, "gone"]), unique=True).map(tuple),
    since=st.integers(0, 10**6),
)
wild_files = st.builds(
    CaseFile,
    case=wild_cases,
    customer=wild_customers,
    verdict=wild_verdicts,
    reports=st.tuples(st.lists(wild_reports, min_size=1, max_size=3), st.integers(0, 20)).map(
        lambda drawn: tuple(drawn[0] * drawn[1])
    ),
    all_reports=st.integers(0, 10**6),
    reporters=st.integers(0, 60),
    at=wild_moment,
    warnings=st.lists(wild_warnings, max_size=4).map(tuple),
    decision=st.none() | wild_decisions,
    closing=st.none() | st.builds(Closing, st.none() | wild_user, wild_moment, st.none() | wild_long),
    approvals=st.lists(st.builds(Approval, wild_decisions, st.just(3)), max_size=8).map(tuple),
    past=st.lists(
        st.builds(PastCase, st.integers(1, 10**9), st.just("warn"), st.sampled_from(Outcome), wild_moment, wild_user),
        max_size=9,
    ).map(tuple),
    safeguards=st.lists(wild_safeguards, max_size=4).map(tuple),
    hearings=st.lists(wild_hearings, max_size=3).map(tuple),
    objections=st.lists(wild_objections, max_size=2).map(tuple),
    decision_history=st.builds(DecisionHistory, objection=st.none() | wild_objections, left=st.sampled_from(Left)),
    overdue=st.booleans(),
    similar=st.lists(wild_precedents, max_size=3).map(tuple),
    excluded=st.lists(st.builds(Excluded, wild_user, st.sampled_from([*WHY_EXCLUDED]), wild_text), max_size=60).map(
        tuple
    ),
)
wild_report_files = st.builds(
    ReportFile,
    report=wild_reports,
    customer=wild_customers,
    verdict=wild_verdicts,
    case=st.none() | wild_cases,
    decision=st.none() | wild_decisions,
    closing=st.none() | st.builds(Closing, st.none() | wild_user, wild_moment, st.none() | wild_long),
    warning=st.none() | wild_warnings,
    objection=st.none() | wild_objections,
    expired=st.booleans(),
    at=wild_moment,
)
wild_receipts = st.builds(
    Receipt,
    report=st.integers(1, 10**9),
    customer=wild_customers,
    verdict=wild_verdicts,
    others=st.integers(0, 60),
    case=st.none() | wild_cases,
    decision=st.none() | wild_decisions,
    warned_at=st.none() | wild_moment,
    care_contact=st.none() | wild_user,
    wants_support=st.booleans(),
    typed=st.none() | wild_name,
    conduct=st.sampled_from([*POLICY.categories, "gone"]),
    expired=st.booleans(),
    at=wild_moment,
)


def longest_policy(policy: Policy) -> Policy:
    """A policy in which every text is as long as a policy file may make it, in characters that need escaping."""
    return replace(
        policy,
        texts=Texts(*["&" * 300] * len(fields(Texts))),
        categories={key: replace(each, name="&" * 75, explanation="<" * 75) for key, each in policy.categories.items()},
        conditions={key: replace(each, name="&" * 75, words=">" * 300) for key, each in policy.conditions.items()},
        safeguards={key: replace(each, name="&" * 75) for key, each in policy.safeguards.items()},
        severities={key: replace(each, name="&" * 30, explanation="&" * 75) for key, each in policy.severities.items()},
        reason_classes=dict.fromkeys(policy.reason_classes, "&" * 75),
    )
