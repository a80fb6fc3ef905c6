"""The log: one JSON object a line, on stderr. It never holds what people wrote, nor a secret.

Our own lines are constant sentences and identifiers. A library's line may hold a request's body, a token or a
signature, so only its position in the code is written. Of an exception the type, a code and the frames are written,
and its message only if the class is ours and does not have `text_in_log = False`.
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
_WITH_TEXT: Final = (*_OURS, "alembic", "waitress")  # those two write about revisions, sockets and queues
_CODES: Final = ("sqlite_errorname", "sqlstate", "errno")
_FRAMES: Final = 30

_log = logging.getLogger(__name__)


def configure(stream: TextIO | None = None) -> None:
    """Write the log to `stream` (stderr): our lines from INFO on, libraries' from WARNING.

    Uncaught errors of any thread go there too, instead of being printed with their text.
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
    """A record as one line of JSON: time (UTC), level, logger, event, and `ids` and `error` if there are any.

    `ids` comes from `extra={"ids": {...}}`: identifiers and counts, never names or texts.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without the line break."""
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
        return json.dumps(line, default=_type_name)


class _Writer(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Write where it failed. The standard library would print the record's arguments."""
        failed = {"level": "error", "logger": __name__, "event": f"a line failed at {_position(record)}"}
        with suppress(Exception):  # a closed stream or a full disk, whatever it raises, must not stop the work
            self.stream.write(json.dumps(failed) + "\n")


def _event(record: logging.LogRecord) -> str:
    if _within(record.name, _WITH_TEXT):
        return record.getMessage()
    return f"said something at {_position(record)}"


def _position(record: logging.LogRecord) -> str:
    return f"{_short(record.pathname)}:{record.lineno} {record.funcName}"


def _within(name: str, tops: tuple[str, ...]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in tops)


def _type_name(value: object) -> str:
    return f"<{type(value).__name__}>"


def _chain(error: BaseException) -> list[dict[str, Any]]:
    """The exception and its causes, outermost first."""
    errors, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        errors.append(_error(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return errors


def _error(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    written: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    if code := next((found for name in _CODES if (found := getattr(error, name, None))), None):
        written["code"] = code
    if _within(kind.__module__, _OURS) and getattr(kind, "text_in_log", True):
        written["says"] = str(error)
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    written["frames"] = [f"{_short(code.co_filename)}:{line} {code.co_name}" for code, line in frames[-_FRAMES:]]
    return written


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


def _uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    _log.critical("The program ended with an error.", exc_info=error)


def _uncaught_on_thread(end: threading.ExceptHookArgs) -> None:
    if end.exc_value is not None and not isinstance(end.exc_value, SystemExit):
        _log.critical("A thread ended with an error.", exc_info=end.exc_value)
