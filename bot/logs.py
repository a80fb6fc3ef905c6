"""The log: one JSON object a line on stderr, for machines to read and for nobody's words to end up in.

Our own lines say constant sentences and identifiers. Lines of libraries may hold a request's body, a token or a
signature, so of theirs only the place in the library is written, never the text. Of an exception the type, a code
and the frames are written; its message only when the class is ours and does not say `text_in_log = False`, as the
refusals do: their texts are for people.
"""

import json
import logging
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final, TextIO

_OURS: Final = ("bot", "handlers", "storage")
_SPOKEN: Final = (*_OURS, "alembic", "waitress")  # these two write of revisions, sockets and queues, and no user text
_CODES: Final = ("sqlite_errorname", "sqlstate", "errno")
_FRAMES: Final = 30

_log = logging.getLogger(__name__)


def configure(stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream` (stderr) as JSON: ours from INFO on, libraries' from WARNING.

    Errors that nobody catches, on any thread, are logged the same way instead of being printed with their text.
    """
    handler = _Writer(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_on_thread


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, event, then `ids` and `error` where there are any.

    `ids` is what a line was given in `extra={"ids": {...}}`: identifiers and counts, never names or words.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        if ids := getattr(record, "ids", None):
            line["ids"] = ids
        if record.exc_info and record.exc_info[1]:
            line["error"] = _chain(record.exc_info[1])
        return json.dumps(line, default=_unwritten)


class _Writer(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say where a line could not be made; the standard library would print what it was to say."""
        failed = {"level": "error", "logger": __name__, "event": f"a line failed at {_place(record)}"}
        with suppress(OSError, ValueError):  # a closed stream leaves nobody to tell, and must not stop the work
            self.stream.write(json.dumps(failed) + "\n")


def _event(record: logging.LogRecord) -> str:
    if _within(record.name, _SPOKEN):
        return record.getMessage()
    return f"said something at {_place(record)}"


def _place(record: logging.LogRecord) -> str:
    return f"{_short(record.pathname)}:{record.lineno} {record.funcName}"


def _within(name: str, tops: tuple[str, ...]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in tops)


def _unwritten(value: object) -> str:
    return f"<{type(value).__name__}>"


def _chain(error: BaseException) -> list[dict[str, Any]]:
    links, seen = [], set[int]()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        links.append(_link(now))
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return links


def _link(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    link: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    if code := next((found for name in _CODES if (found := getattr(error, name, None))), None):
        link["code"] = code
    if _within(kind.__module__, _OURS) and getattr(kind, "text_in_log", True):
        link["says"] = str(error)
    link["frames"] = _frames(error.__traceback__)
    return link


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = [(frame.f_code, line) for frame, line in walk_tb(traceback)]
    return [f"{_short(code.co_filename)}:{line} {code.co_name}" for code, line in frames[-_FRAMES:]]


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


def _uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    _log.critical("The program ended with an error.", exc_info=error)


def _uncaught_on_thread(end: threading.ExceptHookArgs) -> None:
    if end.exc_value is not None and not isinstance(end.exc_value, SystemExit):
        _log.critical("A thread ended with an error.", exc_info=end.exc_value)
