"""What a case file says of the case itself: its warning, its interim protection, and the letter to send."""

from dataclasses import replace

from bot.rules.case_files import CaseFile, DecisionHistory
from bot.rules.cases import Case
from bot.rules.customers import Customer
from bot.rules.policy.assess import assess
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.verdicts import History, Rung
from bot.rules.protection import Protection
from bot.rules.sent_letters import Letter, LetterKind
from bot.rules.warnings import IssuedWarning
from tests.rules.samples import DAY, NOW, POLICY

CASE = Case(3, 1, Rung.DECIDE, 1, NOW, NOW + DAY, urgent=False)
FILE = CaseFile(CASE, Customer(1, "Zenith"), assess(History((), (), safeguarded=False), POLICY, NOW), (), 0, 0)
SET = Protection(3, 1, NOW, None, ProtectionKind.NOT_ALONE, Rung.DECIDE, 1)
LIFTED = replace(SET, n=2, kind=None)


def test_the_warning_of_a_case_is_the_one_that_was_issued_in_it() -> None:
    others, own = (IssuedWarning(n, case, "Please stop.", "U0PRIYA", NOW) for n, case in ((1, 2), (2, 3)))
    assert replace(FILE, warnings=(others, own)).warning == own
    assert replace(FILE, warnings=(others,)).warning is None


def test_the_last_entry_of_protection_holds_as_long_as_the_case_is_open() -> None:
    assert FILE.protection is None
    assert replace(FILE, protections=(SET, LIFTED)).protection == LIFTED
    ended = replace(FILE, case=replace(CASE, closed_at=NOW), protections=(SET,))
    assert ended.protection is None


def test_the_letter_to_send_is_the_first_that_somebody_is_asked_for() -> None:
    sent = Letter(LetterKind.DECISION, "We part.", "U0PRIYA", NOW)
    asked = replace(sent, asked=True)
    assert DecisionHistory(letters=(sent, asked, replace(asked, text="Another."))).to_send == asked
    assert DecisionHistory(letters=(sent,)).to_send is None
