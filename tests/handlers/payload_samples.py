"""Requests as Slack sends them, whole, for a rep named Ana and a manager named Priya."""

from typing import Any

from handlers.names import ActionId, BlockId, CallbackId, OptionValue

Json = dict[str, Any]

NOON = 1_763_726_400  # 21 November 2025, 12:00 UTC

ANA: Json = {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0FIRM"}
PRIYA: Json = {"id": "U0PRIYA", "username": "priya", "name": "priya", "team_id": "T0FIRM"}
FIRM: Json = {"id": "T0FIRM", "domain": "firm"}
FILE: Json = {
    "id": "F0SHOT",
    "created": NOON,
    "name": "screenshot.png",
    "title": "screenshot.png",
    "mimetype": "image/png",
    "size": 12_345,
    "url_private": "https://files.slack.com/files-pri/T0FIRM-F0SHOT/screenshot.png",
    "permalink": "https://firm.slack.com/files/U0ANA/F0SHOT/screenshot.png",
}


def option(value: str, text: str = "shown") -> Json:
    return {"text": {"type": "plain_text", "text": text, "emoji": False}, "value": value}


def typed(value: str | None) -> Json:
    return {"type": "plain_text_input", "value": value}


def picked(value: str) -> Json:
    return {"type": "static_select", "selected_option": option(value)}


def ticked(*values: str) -> Json:
    return {"type": "checkboxes", "selected_options": [option(value) for value in values]}


def on(day: str) -> Json:
    return {"type": "datepicker", "selected_date": day}


def at(seconds: int) -> Json:
    return {"type": "datetimepicker", "selected_date_time": seconds}


def submission(callback: str, metadata: str, user: Json, **fields: Json) -> Json:
    return {
        "type": "view_submission",
        "team": FIRM,
        "user": user,
        "api_app_id": "A0BACKSTOP",
        "token": "legacy",
        "trigger_id": "1.2.3",
        "view": {
            "id": "V0FORM",
            "team_id": "T0FIRM",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": metadata,
            "hash": "1.abc",
            "blocks": [],
            "state": {"values": {block: {block: value} for block, value in fields.items()}},
            "root_view_id": "V0FORM",
            "previous_view_id": None,
            "app_id": "A0BACKSTOP",
            "app_installed_team_id": "T0FIRM",
            "bot_id": "B0BACKSTOP",
        },
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def report_form(**changed: Json) -> Json:
    fields = {
        BlockId.CUSTOMER: picked("typed:Zenith Corp"),
        BlockId.CATEGORY: picked("verbal_abuse"),
        BlockId.SEVERITY: picked("serious"),
        BlockId.NARRATIVE: typed("  He screamed until I hung up.\n\nThen he called back. "),
        BlockId.HAPPENED_AT: at(NOON - 600),
        BlockId.PLACE: picked("phone"),
        BlockId.LINKS: typed("https://crm.example/1\n\nhttp://crm.example/2\n"),
        BlockId.FILES: {"type": "file_input", "files": [FILE]},
        BlockId.ENDED: picked("yes"),
        BlockId.CHECKS: ticked(OptionValue.DOUBTED),
    }
    quote = '{"channel": "C0SUPPORT", "ts": "1763726000.000100", "workspace": "https://firm.slack.com/"}'
    return submission(CallbackId.REPORT_FORM, quote, ANA, **(fields | changed))


def drop_form(**changed: Json) -> Json:
    fields = {
        BlockId.RATIONALE: typed("Third rep in six weeks."),
        BlockId.EFFECTIVE_ON: on("2025-11-30"),
        BlockId.REVIEW_ON: on("2026-05-22"),
        BlockId.REASON_CLASS: picked("abuse_after_warning"),
        BlockId.SAFEGUARDS: ticked(OptionValue.CONSIDERED),
    }
    return submission(CallbackId.DROP_FORM, "case:12:3", PRIYA, **(fields | changed))


def drop_letter_form(**changed: Json) -> Json:
    fields = {
        BlockId.LETTER: typed("Dear Zenith Corp, …"),
        BlockId.RATIONALE: typed("Third rep in six weeks."),
    }
    carried = "case:12:3:drop:2026-05-22:2025-11-30::abuse_after_warning"
    return submission(CallbackId.DROP_LETTER_FORM, carried, PRIYA, **(fields | changed))


def keep_form(**changed: Json) -> Json:
    fields = {
        BlockId.RATIONALE: typed("They have apologised."),
        BlockId.CONDITIONS: ticked("written_only", "one_contact"),
        "value:written_only": typed("care@larkspur.example"),
        "value:one_contact:name": typed("Priya Shah"),
        BlockId.REVIEW_ON: on("2026-05-22"),
    }
    return submission(CallbackId.KEEP_FORM, "case:12:3", PRIYA, **(fields | changed))


def keep_letter_form(**changed: Json) -> Json:
    fields = {
        BlockId.LETTER: typed("Dear Zenith Corp, …"),
        BlockId.RATIONALE: typed("They have apologised."),
    }
    said = '[["one_contact", "Priya Shah"], ["written_only", "care@larkspur.example"]]'
    carried = f"case:12:3:keep:2026-05-22::written_only,one_contact:\n{said}"
    return submission(CallbackId.KEEP_LETTER_FORM, carried, PRIYA, **(fields | changed))


def answer_letter_form(carried: str, **changed: Json) -> Json:
    fields = {
        BlockId.LETTER: typed("Dear Zenith Corp, …"),
        BlockId.RATIONALE: typed("He has left."),
    }
    return submission(CallbackId.ANSWER_LETTER_FORM, carried, PRIYA, **(fields | changed))


def warning_form() -> Json:
    return submission(CallbackId.WARNING_FORM, "case:12:3", PRIYA, **{BlockId.LETTER: typed("Dear Zenith Corp, …")})


def delivered_form(seconds: int = NOON - 60) -> Json:
    fields = {BlockId.HOW: picked("email"), BlockId.DELIVERED_AT: at(seconds)}
    return submission(CallbackId.DELIVERED_FORM, "case:12:3", PRIYA, **fields)


def not_now_form() -> Json:
    return submission(CallbackId.NOT_NOW_FORM, "case:12:3", PRIYA, **{BlockId.RATIONALE: typed("One bad day.")})


def outcome_form(**changed: Json) -> Json:
    fields = {
        BlockId.FINDING: picked("misunderstanding"),
        BlockId.REPS_SIDE: typed("He shouted."),
        BlockId.CUSTOMERS_SIDE: typed("I was in a hurry."),
        BlockId.DISCOUNTED: ticked("report:214", "report:206"),
        BlockId.WHY: typed("A bad line."),
    }
    return submission(CallbackId.OUTCOME_FORM, "case:12:3", PRIYA, **(fields | changed))


def hear_form() -> Json:
    taker = {"type": "users_select", "selected_user": "U0BRAD"}
    return submission(
        CallbackId.HEAR_FORM, "case:12:3", PRIYA, **{BlockId.TAKER: taker, BlockId.WORDS: typed("Who was it?")}
    )


def safeguard_form() -> Json:
    fields = {
        BlockId.KIND: picked("health"),
        BlockId.SAFEGUARD_NOTE: typed("Dementia."),
        BlockId.UNTIL: on("2026-05-22"),
    }
    return submission(CallbackId.SET_SAFEGUARD_FORM, "case:12:3", PRIYA, **fields)


def lift_safeguard_form() -> Json:
    fields = {BlockId.SAFEGUARD: picked("safeguard:4"), BlockId.REASON: typed("They moved.")}
    return submission(CallbackId.LIFT_SAFEGUARD_FORM, "case:12:3", PRIYA, **fields)


def take_over_form() -> Json:
    return submission(CallbackId.TAKE_OVER_FORM, "case:12:3", PRIYA, **{BlockId.WORDS: typed("Brad is away.")})


def objection_form() -> Json:
    fields = {BlockId.CONTACT: typed("Mr X, by phone"), BlockId.WORDS: typed("It was not me.")}
    return submission(CallbackId.OBJECTION_FORM, "case:12:3", PRIYA, **fields)


def answer_form() -> Json:
    fields = {BlockId.ANSWER: picked("changed"), BlockId.RATIONALE: typed("I listened.")}
    return submission(CallbackId.ANSWER_FORM, "case:12:3", PRIYA, **fields)


def menu_click(value: str = f"{ActionId.SET_SAFEGUARD}:case:12:3") -> Json:
    action = {"type": "overflow", "action_id": ActionId.MORE, "block_id": "b", "selected_option": option(value)}
    return click(ActionId.MORE, "") | {"actions": [action]}


def click(action: str, value: str, user: Json = PRIYA, **changed: Any) -> Json:  # noqa: ANN401 - JSON is anything
    return {
        "type": "block_actions",
        "user": user,
        "api_app_id": "A0BACKSTOP",
        "token": "legacy",
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0MANAGE", "is_ephemeral": False},
        "trigger_id": "1.2.3",
        "team": FIRM,
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "C0MANAGE", "name": "management"},
        "message": {"type": "message", "user": "U0BACKSTOP", "ts": "1.2", "text": "Decide", "blocks": []},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/1",
        "actions": [{"action_id": action, "block_id": "b", "value": value, "type": "button", "action_ts": "1.2"}],
    } | changed


def message_action(**changed: Any) -> Json:  # noqa: ANN401 - JSON is anything
    return {
        "type": "message_action",
        "token": "legacy",
        "callback_id": "report_customer",
        "team": FIRM,
        "user": ANA,
        "channel": {"id": "C0SUPPORT", "name": "support"},
        "message": {"type": "message", "user": "U0JOE", "ts": "1763726000.000100", "text": "You &amp; yours &lt;3"},
        "message_ts": "1763726000.000100",
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/app/1",
    } | changed


def global_shortcut(**changed: Any) -> Json:  # noqa: ANN401 - JSON is anything
    return {
        "type": "shortcut",
        "token": "legacy",
        "action_ts": "1763726000.000100",
        "team": FIRM,
        "user": ANA,
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": "report_from_anywhere",
        "trigger_id": "1.2.3",
    } | changed


def suggestion(value: str = "zen") -> Json:
    return {
        "type": "block_suggestion",
        "user": ANA,
        "team": FIRM,
        "container": {"type": "view", "view_id": "V0FORM"},
        "api_app_id": "A0BACKSTOP",
        "action_id": BlockId.CUSTOMER,
        "block_id": BlockId.CUSTOMER,
        "value": value,
        "view": {"id": "V0FORM", "app_installed_team_id": "T0FIRM"},
    }


def command(text: str = " Zenith  Corp ") -> Json:
    return {
        "token": "legacy",
        "team_id": "T0FIRM",
        "team_domain": "firm",
        "channel_id": "C0SUPPORT",
        "channel_name": "support",
        "user_id": "U0ANA",
        "user_name": "ana",
        "command": "/report-abuse",
        "text": text,
        "api_app_id": "A0BACKSTOP",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/1",
        "trigger_id": "1.2.3",
    }


def event(happened: Json) -> Json:
    return {
        "token": "legacy",
        "team_id": "T0FIRM",
        "api_app_id": "A0BACKSTOP",
        "event": happened,
        "type": "event_callback",
        "event_id": "Ev0HOME",
        "event_time": NOON,
        "authorizations": [],
    }
