"""A customer as somebody looks them up: how they stand, what to do when they call; for managers all that happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.customer_cards import CustomerFile, ForManagers, Merger, NotFound
from bot.rules.customers import Standing
from bot.rules.decisions import Choice, Decision
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Element,
    TextPiece,
    View,
    actions,
    button,
    confirm,
    context,
    field,
    filled,
    form,
    header,
    line,
    note,
    paragraph,
    person,
    plain,
    rich,
    section,
    strong,
    when,
)
from handlers.blockkit.text import DATE_ONLY, day, escape, listed, one_line, shorten
from handlers.button_values import case_value, customer_value, list_action, list_value, merger_value
from handlers.names import ActionId, BlockId, CallbackId, ListName
from handlers.shared import counts
from handlers.shared.customer_lines import safeguard_lines
from handlers.shared.decision_lines import appeal_lines
from handlers.shared.guidance import guidance
from handlers.shared.labels import STANDINGS, asked, name_of
from handlers.shared.list_lines import name, own_report

# Translators: the title of what is shown about one customer.
TITLE: Final = _("Customer")
LOOK_UP: Final = _("Look up a customer")
TYPE: Final = _("Type a part of the name")
HOW: Final = _("You can also type the name behind the command: /customer Zenith")
NOTHING: Final = _("No warning counts, and nothing is open or decided.")
STANDS: Final = _("Standing {standing}")
# Translators: {warned} is "Warned" in bold.
COUNTS_UNTIL: Final = _("{warned} formally; the warning counts until {day}")
# Translators: {management} is "Management" in bold.
ASKED: Final = _("{management} is asked to {act} by {due}")
DROPPED: Final = _("we end the relationship")
DROPPED_ON: Final = _("we end the relationship on {day}")
KEPT: Final = _("we keep them")
KEPT_WITH_CONDITIONS: Final = _("we keep them, with conditions")
REVIEW: Final = _("review by {day}")
ENDED: Final = _("no longer in force")
YOURS: Final = _("You reported them")
ON_RECORD: Final = _("{reports} by {reps}")
MERGED: Final = _("{name} was merged into this record.")
SEVERAL: Final = _("Several customers are called so. Which one do you mean?")
NONE: Final = _("No customer is called “{typed}”. Did you mean one of these?")
NONE_AT_ALL: Final = _("No customer is called “{typed}”. Nobody has reported them.")
# Translators: a name that a customer had before.
KNOWN_AS: Final = _("once {name}")
DONE: Final = _("Recorded.")
UNDO_TEXT: Final = _(
    "Their reports, warnings, decisions and cases go back to their own record. What came since stays here. "
    "The policy is asked anew about both."
)


def customer_view(file: CustomerFile, policy: Policy, now: datetime, *, done: bool = False) -> View:
    """What this person sees of the customer. `done`: they have just changed something."""
    managers = file.managers
    blocks = [
        *([paragraph(strong(DONE))] if done else []),
        header(name_of(file.customer)),
        paragraph(*filled(STANDS, standing=strong(STANDINGS[file.customer.standing]))),
        guidance(_in_force(file.decision), policy, file.patience),
        *_background(file),
        *_own(file, policy, now),
        *(_for_managers(file, managers, policy, now) if managers else []),
        actions(button(_("Report them"), ActionId.REPORT_THEM, customer_value(file.customer.number))),
    ]
    return note(CallbackId.NOTE, TITLE, blocks)


def look_up_form(*, hint: bool) -> View:
    """Which customer? `hint`: that the name can be typed behind the command."""
    find: Element = {"type": "external_select", "min_query_length": 1, "placeholder": plain(TYPE)}
    return form(
        CallbackId.LOOK_UP_FORM,
        LOOK_UP,
        # Translators: on the button.
        _("Look up"),
        [field(BlockId.FIND, _("Customer"), find), *([context(HOW)] if hint else [])],
    )


def not_found(found: NotFound) -> View:
    """Several that match, to choose from; or none, with the nearest names."""
    typed = shorten(one_line(found.typed), 100)
    template = NONE if found.likely else NONE_AT_ALL
    said = SEVERAL if found.matches else template.format(typed=typed)
    choices = [_choice(each.number, each.name, each.standing, each.known_as) for each in found.likely]
    return note(CallbackId.NOTE, LOOK_UP, [paragraph(said), *choices])


def _choice(number: int, called: str, standing: str, known_as: str) -> Block:
    once = [KNOWN_AS.format(name=escape(name(known_as)))] if known_as else []
    says = " · ".join([*once, STANDINGS[Standing(standing)]])
    return section(f"*{escape(name(called))}*\n{says}") | {
        "accessory": button(_("Open"), ActionId.OPEN_CUSTOMER, customer_value(number))
    }


def _background(file: CustomerFile) -> list[Block]:
    """What is asked and what was decided; that nothing is, where nothing is."""
    lines = []
    if file.asked:
        management = strong(_("Management"))
        lines.append(line(*filled(ASKED, management=management, act=asked(file.asked), due=when(file.asked.due_at))))
    if file.warned_until:
        until = when(file.warned_until, DATE_ONLY)
        lines.append(line(*filled(COUNTS_UNTIL, warned=strong(_("Warned")), day=until)))
    if file.decision:
        lines.append(line(*_decided(file.decision)))
    if file.appeal and file.appeal.is_open:
        lines += appeal_lines(file.appeal)
    if file.former:
        lines.append(line(strong(_("Also known as")), f" {listed([name(each) for each in file.former[:5]])}"))
    if not lines and file.customer.standing is Standing.CLEAR:
        lines.append(line(NOTHING))
    return [rich(*lines)] if lines else []


def _decided(decision: Decision) -> list[TextPiece]:
    if decision.choice is Choice.DROP:
        chosen = DROPPED_ON.format(day=day(decision.effective_on)) if decision.effective_on else DROPPED
    else:
        chosen = KEPT_WITH_CONDITIONS if decision.conditions else KEPT
    made: list[TextPiece] = [
        strong(_("Last decision")),
        f" {chosen} · ",
        person(decision.by),
        " · ",
        when(decision.at, DATE_ONLY),
    ]
    if not decision.in_force:
        return [*made, " · ", ENDED]
    return [*made, *([" · ", REVIEW.format(day=day(decision.review_on))] if decision.binds else [])]


def _in_force(decision: Decision | None) -> Decision | None:
    return decision if decision and decision.in_force else None


def _own(file: CustomerFile, policy: Policy, now: datetime) -> Sequence[Block]:
    if not file.own:
        return []
    return [paragraph(strong(YOURS)), *(own_report(each, policy, now, named=False) for each in file.own)]


def _for_managers(file: CustomerFile, managers: ForManagers, policy: Policy, now: datetime) -> list[Block]:
    customer = file.customer
    told = ON_RECORD.format(reports=counts.reports(managers.reports), reps=counts.reps(managers.reporters))
    known: list[TextPiece] = [strong(_("On record")), " ", told]
    known += [" · ", _("worth {worth}").format(worth=shorten(one_line(customer.worth), 60))] if customer.worth else []
    known += [f" · {shorten(one_line(customer.crm_reference), 40)}"] if customer.crm_reference else []
    known += [" · ", *filled(_("account owner {person}"), person=person(customer.owner))] if customer.owner else []
    return [
        {"type": "divider"},
        rich(line(*known), *safeguard_lines(managers.safeguards, policy)),
        *(_merged(each) for each in managers.mergers[:5]),
        actions(*_acts(file, managers, now)),
    ]


def _acts(file: CustomerFile, managers: ForManagers, now: datetime) -> list[Element]:
    number, value = file.customer.number, customer_value(file.customer.number)
    acts = [
        button(_("Timeline"), list_action(ListName.TIMELINE), list_value(f"{ListName.TIMELINE}:{number}", 1)),
        button(_("Edit"), ActionId.DESCRIBE, value),
        button(_("Merge a duplicate"), ActionId.MERGE, value),
    ]
    acts.append(button(_("Set a safeguard"), ActionId.GUARD, value))
    if managers.safeguards:
        acts.append(button(_("Lift a safeguard"), ActionId.UNGUARD, value))
    decision = _in_force(file.decision)
    if decision and file.appeal is None and decision.appeal_until and now < decision.appeal_until:
        acts.append(button(_("Ask for a review"), ActionId.ASK_FOR_REVIEW, case_value(decision.case, 1)))
    return acts


def _merged(merger: Merger) -> Block:
    called = name(merger.name)
    sure = confirm(_("Take it out again?"), UNDO_TEXT, yes=_("Take it out"), no=_("Keep it"))
    undo = button(_("Undo"), ActionId.UNDO_MERGE, merger_value(merger.number), confirm=sure)
    shown = section(MERGED.format(name=f"*{escape(called)}*"))
    return shown | {"accessory": undo}
