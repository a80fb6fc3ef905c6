"""The buttons under a case's notice: up to three, and a menu for what is needed rarely."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.hearings import Hearing
from bot.rules.policy.verdicts import Rung
from bot.rules.warnings import IssuedWarning
from handlers.blockkit.blocks import Element, button, menu, option
from handlers.button_values import case_value, list_action, list_value
from handlers.names import ActionId, ListName
from handlers.shared.letter_values import letter_value

MOST_IN_MENU: Final = 5  # at Slack


def case_buttons(file: CaseFile) -> list[Element]:
    """For an open case: what its rung asks for, *See the case*, and a menu for what is needed rarely."""
    value = case_value(file.case.number, file.case.version)
    letter = [_menu_item(_("Read the letter"), ActionId.READ_LETTER, value)] if _has_own_letter(file) else []
    recuse = _menu_item(_("Recuse me"), ActionId.RECUSE, value)
    safeguards = _safeguards(file, value)
    more = [*_hearing_in_menu(file, value), *letter, recuse, _protection(file, value), *safeguards]
    if more[MOST_IN_MENU - 1 :] and len(safeguards) > 1:
        more.pop()  # a safeguard is lifted on the customer's card, too
    return [*_rung_buttons(file, value), see_case(file), menu(ActionId.MORE, [*more, _evidence_pack(value)])]


def ended_buttons(file: CaseFile) -> list[Element]:
    """For an ended case: an objection while there is time, and the menu with the letters."""
    value = case_value(file.case.number, file.case.version)
    objection = button(_("Record an objection"), ActionId.RECORD_OBJECTION, value)
    letter = _menu_item(_("Read the letter"), ActionId.READ_LETTER, value)
    more = [
        *([letter] if letter_of(file) or file.decision_history.letters else []),
        *_safeguards(file, value),
        _evidence_pack(value),
    ]
    return [
        *filter(None, [mark_sent(file)]),
        see_case(file),
        *([objection] if file.decision_history.may_object_until else []),
        menu(ActionId.MORE, more),
    ]


def see_case(file: CaseFile) -> Element:
    """A button that shows the case in full."""
    what = f"{ListName.CASE}:{file.case.number}"
    return button(_("See the case"), list_action(ListName.CASE), list_value(what, 1))


def hearing_of(file: CaseFile) -> Hearing | None:
    """The hearing that is under way."""
    return next((hearing for hearing in file.hearings if hearing.under_way), None)


def issued(file: CaseFile) -> bool:
    """Whether this case's warning is issued but not delivered."""
    return any(w.case == file.case.number and w.delivered_at is None for w in file.warnings)


def letter_of(file: CaseFile) -> IssuedWarning | None:
    """The warning whose letter can be read: this case's, or while it is open the newest one to the customer."""
    mine = [warning for warning in file.warnings if file.case.is_open or warning.case == file.case.number]
    return max(mine, key=lambda warning: (warning.case == file.case.number, warning.number), default=None)


def mark_sent(file: CaseFile) -> Element | None:
    """The button under whatever asks for a letter to be sent; None if none is to be sent."""
    letter = file.decision_history.to_send
    value = letter_value(file.case.number, letter.kind) if letter else ""
    return button(_("Mark as sent"), ActionId.MARK_SENT, value, primary=True) if letter else None


def _rung_buttons(file: CaseFile, value: str) -> list[Element]:
    if file.case.rung is Rung.WARN:
        issue = button(_("Issue warning"), ActionId.ISSUE_WARNING, value, primary=True)
        deliver = button(_("Mark delivered"), ActionId.MARK_DELIVERED, value, primary=True)
        return [deliver if issued(file) else issue, button(_("Not now"), ActionId.NOT_NOW, value)]
    if file.case.rung is Rung.HEAR:
        return _hearing_buttons(file, value)
    drop = button(_("Approve drop"), ActionId.APPROVE_DROP, value)
    keep = button(_("Keep customer"), ActionId.KEEP_CUSTOMER, value)
    return [drop, keep]


def _hearing_in_menu(file: CaseFile, value: str) -> list[Element]:
    if file.case.rung is not Rung.DECIDE or any(each.asked_by or each.heard_both for each in file.hearings):
        return []
    return [_menu_item(_("Hear both sides"), ActionId.HEAR_BOTH_SIDES, value)]


def _has_own_letter(file: CaseFile) -> bool:
    """Whether this case's warning is issued: a menu has room for its letter then. *See the case* has older ones."""
    return file.case.rung is Rung.WARN and any(w.case == file.case.number for w in file.warnings)


def _hearing_buttons(file: CaseFile, value: str) -> list[Element]:
    if hearing_of(file) is None:
        return [button(_("Take the hearing"), ActionId.TAKE_HEARING, value, primary=True)]
    outcome = button(_("Record the outcome"), ActionId.RECORD_OUTCOME, value, primary=True)
    return [outcome, button(_("Take over"), ActionId.TAKE_OVER, value)]


def _safeguards(file: CaseFile, value: str) -> list[Element]:
    lift = [_menu_item(_("Lift a safeguard"), ActionId.LIFT_SAFEGUARD, value)] if file.safeguards else []
    return [_menu_item(_("Set a safeguard"), ActionId.SET_SAFEGUARD, value), *lift]


def _protection(file: CaseFile, value: str) -> Element:
    if file.protection and file.protection.kind:
        return _menu_item(_("Lift protection"), ActionId.LIFT_PROTECTION, value)
    return _menu_item(_("Set protection"), ActionId.SET_PROTECTION, value)


def _evidence_pack(value: str) -> Element:
    return _menu_item(_("Evidence pack"), ActionId.EVIDENCE_PACK, value)


def _menu_item(text: str, action: str, value: str) -> Element:
    return option(text, f"{action}:{value}")
