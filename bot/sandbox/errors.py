from __future__ import annotations


class SlackError(Exception):
    """A Web API call that Slack answers with ok: false.

    `name` is Slack's error name, `messages` are response_metadata.messages, and `extra` is added to the answer.
    """

    status = 200

    def __init__(self, name: str, messages: list[str] | None = None, **extra: object) -> None:
        super().__init__(name)
        self.name = name
        self.messages = messages or []
        self.extra = extra
        self.headers: dict[str, str] = {}

    def as_json(self) -> dict[str, object]:
        """The body of Slack's answer."""
        body: dict[str, object] = {"ok": False, "error": self.name, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class RateLimited(SlackError):  # noqa: N818 - Slack's own word for it
    """HTTP 429; `retry_after` is in whole seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.headers = {"Retry-After": str(retry_after)}


class SlackBroke(SlackError):  # noqa: N818 - Slack broke, not this program
    """HTTP 500."""

    status = 500


class BotFailed(Exception):  # noqa: N818 - it is the bot that failed, not this program
    """The bot did not ack. `reason` is Slack's name for it: operation_timeout or dispatch_failed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):  # noqa: N818 - the request is wrong, not this program
    """A request that the browser's API refuses; it answers with `status` and {"error": …}."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
