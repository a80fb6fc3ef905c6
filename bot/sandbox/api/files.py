from __future__ import annotations

from bot.sandbox.api.call import Call, Json, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import app_message

TIER_4 = 100


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: the address to which a file of this name and length is sent."""
    name, length = call.args.needed("filename"), call.args.number("length", 0)
    if length < 1:
        raise SlackError("invalid_arguments", ["[ERROR] must be greater than 0 [json-pointer:/length]"])
    file = call.state.files.expect(name, length, call.state.app.bot_user)
    return {"upload_url": f"{call.state.base_url}upload/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: marks the files as complete, and shares them if a channel is named."""
    entries = call.args.parsed("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [_completed(call, entry) for entry in entries]
    if "channel_id" in call.args:
        _share(call, files)
    return {"files": files}


def info(call: Call) -> Json:
    """files.info."""
    return {"file": call.state.files.get(call.args.text("file")).as_json(), "comments": []}


def delete(call: Call) -> Json:
    """files.delete, of the app's own files only. A message that had the file shows a tombstone in its place."""
    file = call.state.files.get(call.args.text("file"))
    if file.owner != call.state.app.bot_user:
        raise SlackError("cant_delete_file")
    call.state.files.delete(file.id)
    for channel, ts in file.shares:
        conversation = call.state.conversation(channel)
        if message := conversation.find(ts):
            message["files"] = [{"id": file.id, "mode": "tombstone"}]
            call.state.show_change(conversation, message)
    return {}


def _completed(call: Call, entry: Json) -> Json:
    file = call.state.files.get(str(entry.get("id")))
    if len(file.content) != file.expected:
        raise SlackError("file_not_found")
    file.title, file.complete = entry.get("title", file.name), True
    return file.as_json()


def _share(call: Call, files: list[Json]) -> None:
    conversation = call.joined("channel_id")
    thread = call.args.text("thread_ts") or None
    message = app_message(call.state, call.args.text("initial_comment"), None, files=files, thread_ts=thread)
    call.state.post(conversation, message)
    call.state.app_wrote(conversation, message, "")
    for file in files:
        call.state.files.get(file["id"]).shares.append((conversation.id, message["ts"]))


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, "files:write", TIER_4),
    "files.completeUploadExternal": Method(complete_upload, "files:write", TIER_4),
    "files.delete": Method(delete, "files:write", TIER_4),
    "files.info": Method(info, "files:read", TIER_4),
}
