"""Text files in whatever encoding a spreadsheet has saved them."""

import codecs
from collections.abc import Callable
from typing import Final

TAKEN_AS_WINDOWS: Final = (
    "It is not in UTF-8, and was read as Windows-1252 (Latin-1). Look at line {line}: {text!r}. If that is wrong, save "
    "it as CSV in UTF-8."
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes, note: Callable[[str], None]) -> str:
    """The text. `note` is called where the encoding was guessed. Raises UnicodeDecodeError."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    if b"\0" in data[:2]:  # a letter of UTF-16 without a mark
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("cp1252")
        line = data[: error.start].count(b"\n")
        note(TAKEN_AS_WINDOWS.format(line=line + 1, text=text.split("\n")[line].strip()[:60]))
        return text
