"""Every message, form and answer of the interface, drawn from the wild data of the other tests."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.rules import fields
from bot.rules.backup import BackupCall, BackupFigures, CallFile, Circle, HowEnded, NotCalled
from bot.rules.business_time import Span, Unit
from bot.rules.cases import Left, Outcome
from bot.rules.customer_cards import CustomerOnRecord, NotFound, Timeline, TimelineEntry, ToJoin
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.erasure import instead_of_name, instead_of_text
from bot.rules.fields import text_problem
from bot.rules.home import HomeFile, Overview, OwnReport, Page, Queue, QueueKind
from bot.rules.letters import (
    Addressed,
    answer_about_warning,
    answer_letter,
    conditions_letter,
    drop_letter,
    warning_letter,
)
from bot.rules.objections import Answer
from bot.rules.people import Person
from bot.rules.policy.ending_rules import EndingRule, Informed
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.protection import Protection, ProtectionUnchanged
from bot.rules.publications import Growth, Publication, Published
from bot.rules.refusals import Became, CustomerChanged, MeantAnother, NotRecorded, NotWarned, Outdated, Unknown, Wrong
from bot.rules.reports import CareRequest, CheckIn, CheckInAnswer, Evidence, Links, Place
from bot.rules.sent_letters import LetterKind
from bot.rules.text import day
from bot.rules.weekly_figures import CategoryTrend, FirstFew, OverdueCase
from bot.rules.weeks import Week
from bot.usecases.backup.calls import CallerMessage
from bot.usecases.backup.messages import BackupContent
from bot.usecases.delivery.content import Elsewhere, LetterContent, Repeated
from bot.usecases.delivery.files import FileContent, LetterFile, PackContent
from bot.usecases.reports.files import RequestFiles
from bot.usecases.shared.letters import Drafted
from bot.usecases.shared.offered import CAME_TO_HELP
from handlers.backup import messages as backup
from handlers.blockkit.quote import Nearby, Quote
from handlers.cases import evidence_pack, letters, protection, recusal, reminders
from handlers.cases.case_view import case_view
from handlers.cases.evidence_pack import pack_message
from handlers.cases.letters import letter_view
from handlers.cases.notice import case_notice
from handlers.customers import safeguards, timeline
from handlers.customers.card import customer_view, not_found
from handlers.customers.forms import edit_customer_form, look_up_form, merge_both_form, merge_form
from handlers.customers.safeguards import lift_customer_safeguard_form, set_customer_safeguard_form
from handlers.decisions.forms import (
    approval_taken_back,
    drop_form,
    drop_letter_form,
    keep_form,
    keep_letter_form,
    take_back_form,
)
from handlers.decisions.review import review_notice
from handlers.failures import OPENING_FAILED
from handlers.hearings import hearing
from handlers.hearings.hearing import hearing_notice
from handlers.home.home import home
from handlers.home.lists import my_reports_view, queue_view, standing_view
from handlers.home.what_you_may_do import what_you_may_do_view
from handlers.notices import WITHHELD, elsewhere, erased_file, not_on_record, repeated
from handlers.objections import objection
from handlers.reports import evidence
from handlers.reports import files as report_files
from handlers.reports.check_ins import HOW_ARE_YOU, care_notice, check_in_notice
from handlers.reports.form import report_form
from handlers.reports.many_reports import many_reports_notice
from handlers.reports.receipt import receipt_view
from handlers.reports.rep_message import report_notice
from handlers.shared import outdated, refusals
from handlers.shared.confirmations import recorded_view
from handlers.shared.customer_field import customer_options, found_options
from handlers.shared.guidance import guidance
from handlers.shared.help import greeting_notice, help_notice, help_view
from handlers.shared.letter_values import LetterClick
from handlers.shared.refusals import beside_fields, refusal_view
from handlers.shared.trouble import failure_view
from handlers.warnings.warning import delivered_form, not_now_form, warning_form
from handlers.weekly import summary_notice
from handlers.weekly.summary_lines import TO_DO, days_late, name_of_kind
from tests.handlers import decision_samples as after
from tests.handlers import test_views_customers as looking
from tests.handlers import view_samples as sample
from tests.handlers import week_samples as weeks
from tests.handlers.invented import readable, strange, texts_in, unmarked
from tests.handlers.state_samples import every_case, every_change, every_end
from tests.handlers.test_views_decisions import forms, notices
from tests.handlers.test_views_refusals import LIKELY, SAID
from tests.rules.test_letters import REPORTS

POLICY, NOW, TODAY = sample.POLICY, sample.NOW, sample.TODAY
EXAMPLES = 15  # of wild data; what they seldom have stands in `_by_hand`
ADDRESS = "https://slack.com/archives/C0MANAGE/p1"
Shown = Iterator[Any]


def every_view() -> list[Any]:
    """Blocks, views, options and texts of strange data."""
    seen: list[Any] = []
    policy = _policy()
    for some, draw in _drawn(policy):
        _of_many(some, lambda data, draw=draw: seen.extend(draw(strange(data))))
    seen.extend(_by_hand(policy))
    return list(_plain(seen))


def _policy() -> Any:  # noqa: ANN401 - a strange one
    policy = strange(POLICY)
    return replace(policy, categories=policy.categories | {"other": policy.categories[strange("other")]})


def _of_many(some: st.SearchStrategy[Any], use: Callable[[Any], None]) -> None:
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(data=some)
    def each(data: Any) -> None:  # noqa: ANN401 - drawn
        use(data)

    each()


def _plain(seen: list[Any]) -> Iterator[Any]:
    for each in seen:
        if hasattr(each, "blocks"):
            yield each.text
            yield each.blocks
            yield each.file.content.decode("utf-8-sig") if each.file else ""
        else:
            yield each


def _drawn(policy: Any) -> Iterator[tuple[st.SearchStrategy[Any], Callable[[Any], list[Any]]]]:  # noqa: ANN401 - a strange one
    """Strategies for records, and the views of each."""
    yield sample.wild_files, lambda file: _case(file, policy)
    yield after.wild_decided, lambda file: [*notices(file, policy), *forms(file, file.decision, policy)]
    yield sample.wild_report_files | after.wild_decided_reports, lambda file: [report_notice(file, policy)]
    yield sample.wild_receipts, lambda received: [receipt_view(received, policy)]
    yield looking.homes, lambda file: [home(file, policy, looking.FIRM, ("Ω",))]
    yield looking.customers, lambda file: _customer(file, policy)
    yield looking.likely, _names
    yield weeks.wild, lambda figures: _week(figures, policy)
    yield looking.pages(looking.own_reports), lambda page: [my_reports_view(page, policy, NOW)]
    yield looking.pages(looking.waiting), lambda page: [queue_view(page, NOW)]
    yield looking.pages(looking.listed), lambda page: [standing_view(page, standing) for standing in Standing]


def _by_hand(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    """The views that have few variants, each variant once."""
    for file in strange(every_case()):
        yield from _case(file, policy)
    for file in strange(tuple(sample.a_file(case=sample.a_case(left=left)) for left in Left)):
        for span in (Span(2, Unit.HOUR), Span(2, Unit.MINUTE)):
            deadlines = replace(policy.deadlines, extension=span)
            yield from _case(file, replace(policy, approvals_to_drop=2, deadlines=deadlines))
    for file in strange((*after.STATES.values(), *every_change())):
        yield from (*notices(file, policy), *forms(file, file.decision, policy), *_letters_sent(file, policy))
    late = strange(sample.being_heard(overdue=True))
    yield hearing_notice(late, late.hearings[0])
    in_effect = replace(sample.DROP, effective_on=TODAY)
    yield report_notice(strange(sample.a_report_file(case=sample.ended(Outcome.DROPPED), decision=in_effect)), policy)
    for figures in strange(_weeks()):
        yield from _week(figures, policy)
    for file in strange(every_end()):
        yield report_notice(file, policy)
    yield report_notice(strange(sample.a_report_file(overdue=True)), policy)
    yield report_notice(strange(sample.a_report_file(overdue=True, directors_notified=True)), policy)
    yield pack_message(PackContent(12, None, {}))
    shot = Evidence("file", "", "ω.ω", file="F0A", state="0" * 64)
    yield from (report_files.file_message(FileContent(214, shot, content)) for content in ("ω".encode(), None))
    asked: Any = RequestFiles(Person("T0FIRM", "U0ANA", "T0FIRM"), 214)
    yield from (report_files.follow(n, asked, asked) for n in (1, 2))
    for state in ("", "file_deleted", "0" * 64):
        report = sample.a_report(evidence=(replace(shot, state=state),))
        yield case_view(strange(sample.in_full(sample.a_file(reports=(report,)))), policy)
    yield [evidence_pack.FOLLOWS]
    yield not_on_record()
    yield erased_file(again=True)
    yield erased_file(again=False)
    yield from (repeated(Repeated(12, is_open=is_open)) for is_open in (True, False))
    yield from (elsewhere(Elsewhere("C0MANAGE", case)) for case in (12, None))
    for number in (1, 2):
        vouched = Published(Publication("T0FIRM", number, "2026-W46", "C0SUMMARY", NOW), "12", Growth())
        yield summary_notice.digest_notice(vouched, "34", "1763726000.000100")
    since = replace(sample.DROP, case=13, at=sample.NOW + timedelta(days=9))
    warned = sample.a_case(outcome=Outcome.WARNED, closed_at=sample.NOW)
    yield report_notice(strange(sample.a_report_file(case=warned, decision=since)), policy)
    yield recorded_view(sample.recorded(strange(sample.a_file(decision=replace(sample.DROP, effective_on=None)))))
    yield from (day(date(2026, number, 1)) for number in range(1, 13))
    for each in strange(tuple(_own_reports())):
        yield my_reports_view(Page((each,), 1, 1, 1), policy, NOW)
    yield from _looking(policy)
    yield from _ended_contacts(policy)
    yield from _protected(policy)
    yield from _letters(policy)
    yield from _reporting(policy)
    yield from _check_ins()
    yield from _backup(policy)
    yield from _entries(policy)
    yield from _refusals()


def _weeks() -> tuple[Any, ...]:
    same, fewer = (weeks.a_week(kinds=(CategoryTrend("threat", (*weeks.NOBODY[2:], n, 3)),)) for n in (3, 9))
    one_came = replace(fewer, week=Week(2026, 53), asked_support=3, backup=BackupFigures(4, 0, 38.5, 38.5))
    late = (OverdueCase(12, "Acme Ltd", rung, NOW - timedelta(days=4), 2.3) for rung in Rung if rung in TO_DO)
    return (weeks.GOLDEN, weeks.a_week(), same, one_came, *(replace(same, late=FirstFew((each,), 1)) for each in late))


def _own_reports() -> Iterator[OwnReport]:
    """One's own report, of a case that ended in each way, and of long ago."""
    over = replace(looking.REPORT, rung=None, due_at=None)
    yield from (replace(over, outcome=outcome) for outcome in (None, *Outcome))
    decided = replace(over, outcome=Outcome.WARNED, cancelled=True, is_over=True)
    yield from (replace(decided, choice=choice, holds=choice) for choice in Choice)
    yield replace(over, happened_at=NOW - timedelta(400))
    yield replace(over, ended_within=True)


def _protected(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    by_policy = Protection(12, 1, NOW, None, ProtectionKind.WRITTEN_ONLY, Rung.DECIDE, 1)
    for kind, by in product((*ProtectionKind, None), (None, "U0A")):
        entry = replace(by_policy, kind=kind, by=by, reason=by or "")
        file = strange(sample.a_file(protections=(entry,)))
        yield from (case_notice(file, policy), case_view(sample.in_full(file), policy))
        yield from (protection.set_protection_form(file, policy), protection.lift_protection_form(file))
        received = strange(sample.a_report_file(protection=entry, report=sample.a_report(withdrawn_at=NOW)))
        yield from (
            report_notice(received, policy),
            customer_view(strange(replace(looking.REP, protection=entry)), policy, NOW),
        )
        yield refusals.refusal_text(ProtectionUnchanged(12, entry.by, NOW, in_force=entry.kind is not None))
    done = sample.recorded(strange(sample.a_file()))
    yield from (protection.protection_set(done), protection.protection_lifted(done))


def _ended_contacts(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    within = sample.a_report(informed_first=Informed.YES, ended_within=EndingRule.AFTER_WARNING)
    for report in (within, replace(within, withdrawn_at=NOW)):
        yield report_notice(strange(sample.a_report_file(report=report)), policy)
        yield case_view(strange(sample.in_full(sample.a_file(reports=(report,)))), policy)
    for kind in strange(tuple(POLICY.categories)):
        yield guidance(None, policy, NOW, conduct=kind)


def _looking(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    quiet = Overview(Queue({}, 0, 0), (), {}, replace(looking.WEEK, reports=0, opened=0, ended=0))
    yield home(HomeFile("U0ANA", NOW, overview=quiet), policy, looking.FIRM, ())
    overview = Overview(Queue(dict.fromkeys(QueueKind, 1), 1, 1), (), dict.fromkeys(Standing, 2), looking.WEEK)
    for seen in (overview, replace(overview, queue=Queue({}, 0, 0), standings={}), None):
        for firm in (
            looking.FIRM,
            replace(looking.FIRM, care_contact=None),
            replace(looking.FIRM, care_contact="U0ANA"),
        ):
            yield home(HomeFile("U0ANA", NOW, overview=seen, directs=firm.care_contact is None), policy, firm, ())
    left = strange(replace(after.decided(sample.KEEP), gone=frozenset({"U0BRAD"})))
    yield from (case_notice(left, policy), review_notice(left, policy, 0))
    yield from (help_view(), help_notice(), greeting_notice(looking.FIRM))
    yield greeting_notice(replace(looking.FIRM, directors=looking.FIRM.managers))
    for decision in (sample.DROP, sample.KEEP, replace(sample.KEEP, conditions=())):
        for ends in (None, NOW):
            yield from _customer(strange(replace(looking.REP, decision=replace(decision, ended_at=ends))), policy)
    warned = sample.a_receipt(others=0, case=None)
    first = replace(warned, warned_at=None, is_new=True)
    wanted, urgent = replace(warned, wants_support=True), replace(warned, case=sample.a_case(urgent=True))
    received = (
        warned,
        first,
        replace(warned, others=1),
        replace(warned, customer=replace(sample.CUSTOMER, standing=Standing.WARNED)),
        wanted,
        urgent,
        replace(warned, decision=sample.KEEP),
        replace(warned, decision=sample.KEEP, letter_owed_by="U0PRIYA"),
        replace(warned, decision=sample.KEEP, gone=frozenset({"U0BRAD"})),
        replace(warned, decision=sample.DROP, letter_owed_by="U0PRIYA"),
        replace(warned, typed=""),
        *(replace(warned, ended_within=rule) for rule in EndingRule),
    )
    yield from (receipt_view(strange(each), policy) for each in received)


def _case(file: Any, policy: Any) -> list[Any]:  # noqa: ANN401 - strange ones
    shown = [
        case_notice(file, policy), case_notice(replace(file, directors_notified=True), policy),
        reminders.overdue_note(replace(file, directors_notified=True), ADDRESS),
        case_notice(replace(file, looks_like=file.customer), policy),
        reminders.escalation_notice(file, policy, "U0RUTH", ADDRESS),
        reminders.asked_notice(file, policy, "U0PRIYA"), reminders.overdue_note(file, ADDRESS),
        drop_form(file, policy, TODAY), keep_form(file, policy, TODAY),
        drop_letter_form(Drafted(file, replace(sample.A_DROP, rationale="ω"), ""), policy),
        keep_letter_form(Drafted(file, replace(sample.A_KEEP, rationale="ω"), ""), policy),
        keep_letter_form(sample.recorded(file), policy),
        warning_form(Drafted(file, None, ""), policy),
        delivered_form(file, NOW), not_now_form(file), recorded_view(sample.recorded(file)),
        *(case_view(sample.in_full(file, page), policy) for page in (1, 2)),
        recusal.recuse_form(file), recusal.recused(sample.recorded(file)), approval_taken_back(sample.recorded(file)),
        *(take_back_form(file, each) for each in file.approvals),
        *(hearing.taken_over(replace(sample.recorded(file), taken_from=had)) for had in (None, "U0BRAD")),
        hearing.take_over_form(file, policy), hearing.hear_form(file, policy, "U0PRIYA"),
        hearing.outcome_form(file, policy), *(hearing_notice(file, each) for each in file.hearings),
        safeguards.set_safeguard_form(file, policy),
        safeguards.safeguard_set(sample.recorded(file)), safeguards.safeguard_lifted(sample.recorded(file)),
        letter_view(file), objection.objection_form(file), objection.objection_recorded(sample.recorded(file)),
        objection.objection_notice(file, policy), objection.answer_form(file, policy, TODAY),
        *(objection.answer_letter_form(Drafted(file, sample.an_answer(each), ""), policy)
          for each in objection.ABOUT_WARNING),
        objection.objection_answered(sample.recorded(file)),
    ]  # fmt: skip
    lift = [safeguards.lift_safeguard_form(file, policy)] if file.safeguards else []
    changed = Outdated(12, 9, file.reports, approvals=file.approvals)
    news = outdated.form_with_news(drop_form(file, policy, TODAY), changed) if file.reports else {}
    answer = objection.answer_letter_form(Drafted(file, sample.an_answer(Answer.STANDS), ""), policy)
    renewed = outdated.form_with_news(answer, Outdated(12, 9, renewals=(after.RENEWED,), safeguards=file.safeguards))
    return [*shown, *lift, news, renewed]


def _customer(file: Any, policy: Any) -> list[Any]:  # noqa: ANN401 - strange ones
    shown = [customer_view(file, policy, NOW, done=done) for done in (True, False)]
    found = CustomerOnRecord(file.customer, 2, NOW)
    shown += [customer_view(replace(file, grave=policy.zero_tolerance()), policy, NOW)]
    shown += [
        edit_customer_form(file),
        merge_form(file),
        merge_both_form((ToJoin(found, sample.a_case()), ToJoin(replace(found, merged=(9, 10))))),
        merge_form(file, file.customer),
        set_customer_safeguard_form(file, policy),
        what_you_may_do_view(policy),
    ]
    guarded = file.managers and file.managers.safeguards
    return [*shown, lift_customer_safeguard_form(file, policy)] if guarded else shown


def _names(some: Any) -> list[Any]:  # noqa: ANN401 - strange ones
    return [
        *(not_found(NotFound("ω", some[:6], matches)) for matches in (True, False)),
        look_up_form(hint=True),
        *found_options(some),
        *(each for typed in ("ω", "ω" * 150) for each in customer_options(some, typed)),
    ]


def _week(figures: Any, policy: Any) -> list[Any]:  # noqa: ANN401 - strange ones
    return [
        summary_notice.week_notice(figures, policy, "C0SUMMARY", {}),
        summary_notice.week_notice(figures, policy, "C0SUMMARY", {12: ADDRESS}),
        days_late(0.2),
        name_of_kind(CategoryTrend("", figures.reports), policy),
        summary_notice.table_follows(figures.week),
        summary_notice.table_message(figures, policy),
    ]


def _letters_sent(file: Any, policy: Any) -> Shown:  # noqa: ANN401 - strange ones
    """Of a case that was decided: its letters, and what asks for them."""
    click = LetterClick(Person("T0FIRM", "U0PRIYA", "T0FIRM"), 12, LetterKind.DECISION)
    context: Any = SimpleNamespace(clock=lambda: NOW, policy=policy)
    yield from (case_notice(file, policy), letter_view(file), letters.sent_form(file, NOW, LetterKind.DECISION))
    yield letters.marked_as_sent(sample.recorded(file))
    yield letters.follows(None, context, click)
    for user in ("U0PRIYA", "U0CARLA"):
        yield from (letters.letter_notice(LetterContent(file, newest), user) for newest in (True, False))
    letter = next(iter(file.decision_history.letters), None)
    yield letters.letter_file_message(LetterFile(12, letter))


def _letters(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    places = tuple(replace(REPORTS[0], place=place) for place in Place)
    short = replace(policy, warnings_expire_after=timedelta(90))
    to = Addressed("ω", policy, TODAY)
    for some in strange((tuple(REPORTS), tuple(REPORTS * 5), places)):
        more = replace(policy, warnings_before_decision=3)
        yield from (warning_letter(replace(to, policy=each), some, TODAY, 0) for each in (policy, short, more))
        for warned in (None, TODAY):
            yield drop_letter(
                to, some, reason_class_name="ω", warning_date=warned, effective_on=TODAY, review_on=TODAY,
                objection_until=TODAY,
            )  # fmt: skip
        yield conditions_letter(to, some, replace(after.BEFORE, conditions=("ω",)), TODAY)
    for answer, terms in product(Answer, (after.BEFORE, replace(after.BEFORE, choice=Choice.KEEP))):
        yield answer_letter(
            to, answer=answer, rationale="ω", before=terms.choice, terms=terms, decided_on=TODAY
        )  # fmt: skip
    for stands in (True, False):
        yield answer_about_warning(to, stands=stands, rationale="ω", issued_on=TODAY, valid_until=TODAY)


def _reporting(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    quote = strange(Quote("word", "C0SUPPORT", "1763726000.000100"))
    for said in (None, quote):
        yield report_form(policy, NOW, offers_care=True, typed="ω", meant=strange(LIKELY), quote=said)
    yield report_form(policy, NOW, offers_care=False, unread=True)
    yield evidence.evidence([quote], (), ())[0].title
    nearby = (Nearby("1763726000.000200", "U0JOE", "word"), Nearby("1763726000.000300", "ω", "word"))
    yield report_form(policy, NOW, offers_care=True, quote=replace(quote, nearby=strange(nearby)))
    yield from (Links().problem(links, policy, NOW) for links in _wrong_links())
    yield from (text_problem(text) for text in ("", "\0", "ω" * 4_000))
    yield from (kind.problem(value, policy, NOW) for kind, value in WRONG_VALUES)
    yield [fields.REVIEW_TOO_EARLY, fields.CHOOSE, instead_of_text(TODAY), instead_of_name(7)]


WRONG_VALUES: tuple[tuple[Any, object], ...] = (
    (fields.Name(), "!"),
    *((fields.Past(), NOW + timedelta(days)) for days in (1, -9_999)),
    *((fields.Ahead(), TODAY + timedelta(days)) for days in (-1, 9_999)),
    (fields.Review(), TODAY),
    (fields.InPolicy(lambda policy: policy.conditions), "ω"),
    (fields.Considered(), False),
)


def _wrong_links() -> Iterator[tuple[Evidence, ...]]:
    for links in (["https://x"] * 11, ["ω"], [f"https://{'ω' * 600}"]):
        yield tuple(Evidence("link", link, link) for link in links)


def _check_ins() -> Shown:
    report, customer = strange((sample.a_report(), sample.CUSTOMER))
    answers, times, contacts = (None, *CheckInAnswer), (None, NOW), (None, "U0CORA", "U0ANA")
    for answer, at, care, round_ in product(answers, times, contacts, HOW_ARE_YOU):
        check_in = CheckIn(214, "U0ANA", round_, NOW, answer=answer, care_at=at)
        yield check_in_notice(check_in, report, customer, care)
    asks = (None, *(CareRequest(214, "U0ANA", at) for at in times))
    yield from (care_notice(asked, later=later) for asked in asks for later in (True, False))
    yield many_reports_notice(sample.NOW)


def _backup(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    customer = strange(sample.CUSTOMER)
    began = BackupCall(3, 7, "U0ANA", NOW, strange("ω"), Circle.LEADS, ("U0JOE",))
    many = replace(began, asked=tuple(f"U0L{n}" for n in range(9)), circle=Circle.CHANNEL)
    taken = replace(many, taken_by="U0JOE", taken_at=NOW)
    ended = [replace(taken, ended_at=NOW, ended_how=how) for how in HowEnded]
    for call, reported in product((began, replace(began, asked=()), many, taken, *ended), (True, False)):
        file = CallFile(call, customer.name, customer.standing, reported=reported)
        yield from (backup.called_text(file), backup.called_view(file))
        for reader, here in product(("U0JOE", "U0MIA", "C0MANAGE"), (True, False)):
            rules = replace(policy.backup, here=here)
            for again in ((), ("U0PRIYA", "U0RUTH")):
                yield backup.backup_notice(BackupContent(replace(file, again=again)), reader, rules)
            yield backup.backup_notice(BackupContent(replace(file, comes_late=True)), reader, rules)
        yield from (backup.backup_rep_notice(BackupContent(file), round_, policy.backup) for round_ in CallerMessage)
    yield refusal_view(NotCalled(NotRecorded(), "ω"))
    for available in (True, False):
        yield home(HomeFile("U0ANA", NOW, available=available), policy, looking.FIRM, ())
    yield [CAME_TO_HELP.format(who="ω")]


def _entries(policy: Any) -> Shown:  # noqa: ANN401 - a strange one
    facts = {
        "letter": "decision",
        "report": 214,
        "case": 12,
        "duplicate": 8,
        "into": 7,
        "safeguard": 4,
        "changed": [*timeline.FIELDS],
    }
    for act, customer, rung in product((*timeline.ACTS, "report", "decide"), (7, 8), Rung):
        known = {"choice": "drop" if customer == 7 else "keep", "severity": Severity.SERIOUS, "category": "ω"}
        received = TimelineEntry(customer, NOW, "clock", act, facts | known | {"rung": rung.value, "points": 3})
        yield timeline.timeline_view(Timeline(strange(sample.CUSTOMER), Page((received,), 2, 3, 30)), policy)
    yield timeline.timeline_view(Timeline(strange(sample.CUSTOMER), Page((), 1, 1, 0)), policy)


def _refusals() -> Shown:
    left_out = (CustomerChanged, MeantAnother, NotWarned, Wrong)
    received = [refusal for refusal in SAID if not isinstance(refusal, left_out)]
    received += [NotWarned(12, n, kinds) for n in (1, 2) for kinds in ((), strange(POLICY.zero_tolerance()))]
    received += [CustomerChanged(became, "ω") for became in Became]
    meant = MeantAnother("ω", strange(LIKELY))
    for refusal in (*received, meant, Wrong({"letter": "ω"}), *(Unknown(what, 12) for what in refusals.UNKNOWN)):
        yield refusal_view(refusal)
        yield [*beside_fields(refusal).values()]
    yield from (failure_view("7"), OPENING_FAILED, [*WITHHELD.values()])


def main() -> None:
    """Print as JSON the numbers of the texts that appear, and what appears that is neither a marked text nor data."""
    said = set(readable(every_view()))
    known = (POLICY.hours.zone, _policy().digest[:12])
    found = {number for each in said for number in texts_in(each)}
    json.dump({"said": sorted(found), "unmarked": [each for each in said if unmarked(each, known)]}, sys.stdout)
