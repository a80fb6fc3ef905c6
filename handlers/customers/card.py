"""A customer's card: how they stand and what to do when they call; for managers also what is on record."""

from datetime import date, datetime
from typing import Final

from bot.language import _
from bot.rules.customer_cards import CustomerFile, ForManagers, NotFound
from bot.rules.customers import LikelyCustomer, Standing
from bot.rules.decisions import Decision
from bot.rules.fields import LONGEST_NAME
from bot.rules.mergers import Merger
from bot.rules.objections import Terms, may_object_until
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    View,
    actions,
    bold,
    button,
    confirm,
    filled,
    header,
    line,
    note,
    paragraph,
    person,
    rich,
    section,
    when,
)
from handlers.blockkit.text import DATE_ON, DATE_ONLY, day, escape, fit, listed, one_line, shorten
from handlers.button_values import case_value, customer_value, list_action, list_value, merger_value
from handlers.names import ActionId, CallbackId, ListName, OptionValue
from handlers.shared import counts
from handlers.shared.customer_lines import STANDING, safeguard_lines
from handlers.shared.guidance import guidance, until_decided
from handlers.shared.labels import ASKED_TO, STANDINGS, name_of, shown_name
from handlers.shared.list_lines import own_report
from handlers.shared.objection_lines import objection_lines
from handlers.shared.sentences import DECIDED, OVER, asked_of_management, choice_in_words

# Translators: the title of what is shown about one customer.
TITLE: Final = _("Customer")
VALID_UNTIL: Final = _("We warned them formally. The warning is valid until {day}.")
REVIEW_BY: Final = _("The review is due by {day}.")
# Translators: {kinds} are kinds of conduct, such as "Threat of violence and Assault".
GRAVE: Final = _("Take care. A rep has reported: {kinds}.")
SEVERAL: Final = _("Several customers have this name. Which one do you mean?")
NONE_AT_ALL: Final = _("No customer is called “{typed}”. Nobody has reported them.")
# Translators: a button.
NONE_OF_THESE: Final = _("None of these: report them")
# Translators: a name that a customer had before.
KNOWN_AS: Final = _("formerly {name}")
UNDO_TEXT: Final = _(
    "Their reports, warnings, decisions and cases go back to their own record. What was recorded since stays here. "
    "The bot applies the policy to both again."
)


def customer_view(file: CustomerFile, policy: Policy, now: datetime, *, done: bool = False) -> View:
    """The card as this person may see it. `done`: confirm the change that they have just made."""
    managers = file.managers
    blocks = [
        *([paragraph(bold(_("Recorded.")))] if done else []),
        header(name_of(file.customer)),
        *([paragraph(bold(GRAVE.format(kinds=listed(list(file.grave)))))] if file.grave else []),
        paragraph(*filled(STANDING, standing=bold(STANDINGS[file.customer.standing]))),
        *([rich(*holds)] if (holds := until_decided(file.protection, policy, says=not file.grave)) else []),
        guidance(
            _in_force(file.decision),
            policy,
            now,
            file.patience,
            conduct=file.conduct,
            threatened=bool(file.grave),
            letter_owed_by=file.letter_owed_by,
            gone=file.gone,
            protection=file.protection,
        ),
        *_background(file, now, policy.hours.local_date(now)),
        *([paragraph(bold(_("You reported them")))] if file.own else []),
        *(own_report(each, policy, now, named=False) for each in file.own),
        *(_for_managers(file, managers, policy, now) if managers else []),
        actions(
            button(_("Report them"), ActionId.REPORT_THEM, customer_value(file.customer.number)),
            button(_("Get backup"), ActionId.BACKUP_ABOUT, customer_value(file.customer.number)),
        ),
    ]
    return note(CallbackId.NOTE, TITLE, blocks)


def not_found(found: NotFound) -> View:
    """The customers who match, to choose from; or that none does, with similar names."""
    typed = shorten(one_line(found.typed), 100)
    template = _("No customer is called “{typed}”. Did you mean one of these?") if found.likely else NONE_AT_ALL
    said = SEVERAL if found.matches else template.format(typed=typed)
    choices = [_choice(each) for each in found.likely]
    label = NONE_OF_THESE if choices else _("Report them")
    report = button(label, ActionId.REPORT_TYPED, f"{OptionValue.TYPED}{fit(one_line(found.typed), LONGEST_NAME)}")
    return note(CallbackId.NOTE, _("Look up a customer"), [paragraph(said), *choices, actions(report)])


def _choice(customer: LikelyCustomer) -> Block:
    once = [KNOWN_AS.format(name=escape(shown_name(customer.known_as)))] if customer.known_as else []
    facts = " · ".join([*once, STANDINGS[Standing(customer.standing)]])
    open_it = button(_("Open"), ActionId.OPEN_CUSTOMER, customer_value(customer.number))
    return section(f"*{escape(shown_name(customer.name))}*\n{facts}") | {"accessory": open_it}


def _background(file: CustomerFile, now: datetime, today: date) -> list[Block]:
    """What is asked and what was decided, or that there is nothing."""
    lines = []
    if file.open_case:
        act = ASKED_TO[file.open_case.rung]
        lines.append(line(*asked_of_management(act, file.open_case.due_at, now)))
    if file.warned_until:
        until = when(file.warned_until, DATE_ONLY)
        lines.append(line(*filled(VALID_UNTIL, day=until)))
    if file.decision:
        lines.append(line(*_decided(file.decision, today)))
    if file.objection and file.objection.is_open:
        lines += objection_lines(file.objection, overdue=file.objection.due_at <= now)
    if file.former:
        lines.append(line(bold(_("Also known as")), f" {listed([shown_name(each) for each in file.former[:5]])}"))
    if not lines and file.customer.standing is Standing.CLEAR:
        lines.append(line(_("There is no valid warning, no open case and no decision.")))
    return [rich(*lines)] if lines else []


def _decided(decision: Decision, today: date) -> list[Inline]:
    chosen = choice_in_words(Terms.of(decision), today)
    made = filled(DECIDED, day=when(decision.at, DATE_ON), manager=person(decision.by), choice=bold(chosen))
    if not decision.in_force:
        return [*made, " ", OVER]
    return [*made, *([" ", REVIEW_BY.format(day=day(decision.review_on))] if decision.binds else [])]


def _in_force(decision: Decision | None) -> Decision | None:
    return decision if decision and decision.in_force else None


def _for_managers(file: CustomerFile, managers: ForManagers, policy: Policy, now: datetime) -> list[Block]:
    customer = file.customer
    reports, reps = counts.reports(managers.reports), counts.reps(managers.reporters)
    known: list[Inline] = [bold(_("On record:")), " ", _("{reports} by {reps}").format(reports=reports, reps=reps)]
    known += [" · ", _("worth {worth}").format(worth=shorten(one_line(customer.worth), 60))] if customer.worth else []
    known += [f" · {shorten(one_line(customer.crm_reference), 40)}"] if customer.crm_reference else []
    known += [" · ", *filled(_("account owner {person}"), person=person(customer.owner))] if customer.owner else []
    return [
        {"type": "divider"},
        rich(line(*known), *safeguard_lines(managers.safeguards, policy)),
        *(_merged(each) for each in managers.mergers[:5]),
        actions(*_buttons(file, managers, now)),
    ]


def _buttons(file: CustomerFile, managers: ForManagers, now: datetime) -> list[Element]:
    number, value = file.customer.number, customer_value(file.customer.number)
    buttons = [
        button(_("Timeline"), list_action(ListName.TIMELINE), list_value(f"{ListName.TIMELINE}:{number}", 1)),
        button(_("Edit"), ActionId.EDIT_CUSTOMER, value),
        button(_("Merge a duplicate"), ActionId.MERGE, value),
        button(_("Set a safeguard"), ActionId.SET_CUSTOMER_SAFEGUARD, value),
    ]
    if managers.safeguards:
        buttons.append(button(_("Lift a safeguard"), ActionId.LIFT_CUSTOMER_SAFEGUARD, value))
    decision, until = file.decision, may_object_until(file.decision, None, now)
    if decision and file.objection is None and until and now < until:
        buttons.append(button(_("Record an objection"), ActionId.RECORD_OBJECTION, case_value(decision.case, 1)))
    return buttons


def _merged(merger: Merger) -> Block:
    question = confirm(_("Undo the merger?"), UNDO_TEXT, yes=_("Undo the merger"), no=_("Keep it"))
    undo = button(_("Undo"), ActionId.UNDO_MERGE, merger_value(merger.number), confirm=question)
    merged = _("{name} was merged into this record.").format(name=f"*{escape(shown_name(merger.name))}*")
    return section(merged) | {"accessory": undo}
