"""The buttons under a case's notice: up to five, and a menu for what is needed rarely."""

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.hearings import Hearing
from bot.rules.policy.verdicts import Rung
from bot.rules.warnings import IssuedWarning
from handlers.blockkit.blocks import Element, button, menu, option
from handlers.button_values import case_value
from handlers.names import ActionId


def case_buttons(file: CaseFile) -> list[Element]:
    """For an open case: first what its rung asks for."""
    value = case_value(file.case.number, file.case.version)
    recuse = button(_("Recuse me"), ActionId.RECUSE, value)
    read = button(_("Read in full"), ActionId.READ_IN_FULL, value)
    letter, is_warning = letter_of(file), file.case.rung is Rung.WARN
    read_letter = [button(_("Read the letter"), ActionId.READ_LETTER, value)] if letter and is_warning else []
    in_menu = [_menu_item(_("Read the letter"), ActionId.READ_LETTER, value)] if letter and not is_warning else []
    more = menu(ActionId.MORE, [*in_menu, *_safeguards(file, value), _evidence_pack(value)])
    return [*_rung_buttons(file, value), *read_letter, recuse, read, more]


def ended_buttons(file: CaseFile) -> list[Element]:
    """For an ended case: an appeal while there is time, the warning's letter, a dispute about it, and the menu."""
    value = case_value(file.case.number, file.case.version)
    appeal = button(_("Ask for a review"), ActionId.ASK_FOR_REVIEW, value)
    letter = button(_("Read the letter"), ActionId.READ_LETTER, value)
    dispute = button(_("Record a dispute"), ActionId.RECORD_DISPUTE, value)
    return [
        *([appeal] if file.decision_history.may_appeal else []),
        *([letter] if letter_of(file) else []),
        *([dispute] if disputable(file) else []),
        menu(ActionId.MORE, [*_safeguards(file, value), _evidence_pack(value)]),
    ]


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


def disputable(file: CaseFile) -> bool:
    """Whether this case's warning can still be disputed."""
    disputed = {dispute.warning for dispute in file.disputes}
    return any(
        w.case == file.case.number and w.delivered_at and not w.withdrawn_at and w.number not in disputed
        for w in file.warnings
    )


def _rung_buttons(file: CaseFile, value: str) -> list[Element]:
    if file.case.rung is Rung.WARN:
        issue = button(_("Issue warning"), ActionId.ISSUE_WARNING, value, primary=True)
        deliver = button(_("Mark delivered"), ActionId.MARK_DELIVERED, value, primary=True)
        return [deliver if issued(file) else issue, button(_("Not now"), ActionId.NOT_NOW, value)]
    if file.case.rung is Rung.HEAR:
        return _hearing_buttons(file, value)
    drop = button(_("Approve drop"), ActionId.APPROVE_DROP, value)
    keep = button(_("Keep customer"), ActionId.KEEP_CUSTOMER, value)
    heard = any(hearing.asked_by or hearing.heard_both for hearing in file.hearings)
    return [drop, keep, *([] if heard else [button(_("Hear both sides"), ActionId.HEAR_BOTH_SIDES, value)])]


def _hearing_buttons(file: CaseFile, value: str) -> list[Element]:
    if hearing_of(file) is None:
        return [button(_("Take the hearing"), ActionId.TAKE_HEARING, value, primary=True)]
    outcome = button(_("Record the outcome"), ActionId.RECORD_OUTCOME, value, primary=True)
    return [outcome, button(_("Take over"), ActionId.TAKE_OVER, value)]


def _safeguards(file: CaseFile, value: str) -> list[Element]:
    lift = [_menu_item(_("Lift a safeguard"), ActionId.LIFT_SAFEGUARD, value)] if file.safeguards else []
    return [_menu_item(_("Set a safeguard"), ActionId.SET_SAFEGUARD, value), *lift]


def _evidence_pack(value: str) -> Element:
    return _menu_item(_("Evidence pack"), ActionId.EVIDENCE_PACK, value)


def _menu_item(text: str, action: str, value: str) -> Element:
    return option(text, f"{action}:{value}")
