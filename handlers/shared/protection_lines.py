"""What managers read of a case's interim protection: in the notice what holds, in the case what held when, and why."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.protection import Protection
from handlers.blockkit.blocks import Element, Inline, bold, filled, line, person, when
from handlers.blockkit.text import one_line, shorten

MOST: Final = 5
HOLDS: Final = {
    # Translators: how reps deal with the customer; "then" is the decision.
    ProtectionKind.WRITTEN_ONLY: _("Until then, in writing only."),
    ProtectionKind.NOT_ALONE: _("Until then, never alone."),
}
LIFTED: Final = _("{by} lifted the protection.")
# Translators: {protection} is "Interim protection" in bold, {by} a manager, or "the policy".
ENTRIES: Final = {
    ProtectionKind.WRITTEN_ONLY: _("{protection} in writing only, set by {by} {at}."),
    ProtectionKind.NOT_ALONE: _("{protection} nobody alone, set by {by} {at}."),
    None: _("{protection} lifted by {by} {at}."),
}
UNCHANGED: Final[dict[tuple[bool, bool], str]] = {
    # By whether the protection is in force, and whether a manager was the last to change it.
    (True, True): _("{by} set the interim protection {at}. Nothing else was recorded."),
    (True, False): _("The customer is under interim protection already, since {at}. Nothing else was recorded."),
    (False, True): _("{by} lifted the interim protection {at}. Nothing else was recorded."),
    (False, False): _("The customer is not under interim protection. Nothing was recorded."),
}
POLICY: Final = _("the policy")


def protection_line(file: CaseFile) -> list[Element]:
    """What holds until management has decided; nothing if nothing ever held."""
    last = file.protection
    if last is None:
        return []
    if last.kind:
        return [line(HOLDS[last.kind])]
    return [line(*filled(LIFTED, by=_who(last)))]


def protection_history(file: CaseFile) -> list[Element]:
    """The last entries, each with its reason, also of a case that has ended."""
    return [line(*_entry(each)) for each in file.protections[-MOST:]]


def _entry(entry: Protection) -> list[Inline]:
    said = filled(ENTRIES[entry.kind], protection=bold(_("Interim protection")), by=_who(entry), at=when(entry.at))
    return [*said, f" “{shorten(one_line(entry.reason), 300)}”"] if entry.reason else said


def _who(entry: Protection) -> Inline:
    return person(entry.by) if entry.by else POLICY
