"""Why somebody may not act, in words to them, and what to do."""

from typing import Final

from bot.language import _
from bot.rules.refusals import Denial

DENIALS: Final = {
    Denial.NOT_A_MANAGER: _("Only managers act on cases. If you should be one, please ask whoever set up Backstop."),
    Denial.NOT_YET: _(
        "The managers have this case for now. The directors get it when it is overdue, or when too few managers "
        "are left who may act."
    ),
    Denial.REPORTER: _("You have reported this customer, so somebody else acts here. They read your report."),
    Denial.OWNER: _("You look after this account, so somebody else acts here."),
    Denial.FORMER_OWNER: _("You looked after this account until recently, so somebody else acts here."),
    Denial.TOOK_PART: _("You were involved in what the customer objects to, so somebody who was not involved answers."),
    Denial.RECUSED: _("You recused yourself from a case of this customer, so somebody else acts here."),
    Denial.NOT_ASKED: _("Only the care contact can do this, and somebody else is the care contact now."),
    Denial.NOT_CALLED: _("I asked others in this call for backup, so only they can do this."),
    Denial.GUEST: _("Guests of this workspace can't do this. Please ask a colleague who is a full member."),
    Denial.OUTSIDER: _("Only members of this workspace can do this. Please ask somebody who works here."),
    Denial.BOT: _("Bots can't do this. A person has to."),
    Denial.DEACTIVATED: _("Your account at Slack is deactivated, so you can do nothing here."),
    Denial.UNKNOWN: _(
        "I do not know yet whether you are a member of this workspace: Slack has not said. Please try again in a "
        "moment. You can report a customer now."
    ),
    Denial.FROM_ELSEWHERE: _(
        "Your account is from another workspace, and Slack does not say just now whether you are a member of this one. "
        "Please try again in a minute, or ask a colleague who works here."
    ),
    Denial.UNCONFIRMED: _("I could not confirm just now who may do this. Please try again in a minute."),
}
