from __future__ import annotations

from bot.sandbox.api.call import Call, Json, Method
from bot.sandbox.block_kit.check import check_view
from bot.sandbox.errors import SlackError

TIER_4 = 100


def views_open(call: Call) -> Json:
    """views.open: opens a modal for the person of the trigger."""
    view = _view(call, ("modal",))
    user_id = call.state.triggers.exchange(call.args.needed("trigger_id"))
    return {"view": call.state.modals.open(user_id, view)}


def views_push(call: Call) -> Json:
    """views.push: opens a modal on top of the open one, at most three deep."""
    view = _view(call, ("modal",))
    user_id = call.state.triggers.exchange(call.args.needed("trigger_id"))
    return {"view": call.state.modals.push(user_id, view)}


def views_update(call: Call) -> Json:
    """views.update, by view_id or external_id; hash_conflict if the view no longer has the given hash."""
    view = _view(call, ("modal", "home"))
    user_id, known = call.state.modals.find(call.args.text("view_id"), call.args.text("external_id"))
    _check_hash(call, known)
    return {"view": call.state.modals.update(known, user_id, view)}


def views_publish(call: Call) -> Json:
    """views.publish: replaces a person's Home tab."""
    view = _view(call, ("home",))
    if not call.state.app.home_tab:
        raise SlackError("not_enabled")
    user_id = call.args.needed("user_id")
    user = call.state.workspace.user(user_id)
    if user is None or user.bot:
        raise SlackError("invalid_arguments", ["invalid `user_id`"])
    if known := call.state.modals.home(user_id):
        _check_hash(call, known)
    return {"view": call.state.modals.publish(user_id, view)}


def _view(call: Call, kinds: tuple[str, ...]) -> Json:
    call.args.needed("view")
    view = call.args.parsed("view", "invalid_arguments")
    check_view(view, kinds)
    return dict(view)


def _check_hash(call: Call, known: Json) -> None:
    if "hash" in call.args and call.args.text("hash") != known["hash"]:
        raise SlackError("hash_conflict")


METHODS = {
    "views.open": Method(views_open, "", TIER_4),
    "views.push": Method(views_push, "", TIER_4),
    "views.update": Method(views_update, "", TIER_4),
    "views.publish": Method(views_publish, "", TIER_4),
}
