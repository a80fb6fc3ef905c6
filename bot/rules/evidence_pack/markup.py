"""HTML that prints well: escapes what people wrote, and shows control characters as text. Part of `verify.py`."""

import html
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from bot.rules.text import day, printable

STYLE: Final = """\
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); } }
* { box-sizing: border-box; }
body { max-width: 178mm; margin: 0 auto; padding: 8mm 4mm; color: #1b1b1b; background: #fff;
  font: 10.5pt/1.45 Georgia, "Liberation Serif", "Noto Serif", serif; overflow-wrap: anywhere; }
h1, h2, h3, th, dt, .note, .kind { font-family: Helvetica, Arial, "Liberation Sans", "Noto Sans", sans-serif; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 9mm 0 3mm; padding-bottom: 1mm; border-bottom: 1.2pt solid #1b1b1b; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 5mm 0 1.5mm; break-after: avoid; }
.note { font-size: 9pt; color: #444; }
dl { display: grid; grid-template-columns: 42mm 1fr; gap: 0.8mm 4mm; margin: 1.5mm 0; }
dt { font-size: 9pt; color: #555; padding-top: 0.3mm; }
dd { margin: 0; }
.words { white-space: pre-wrap; margin: 2mm 0; padding: 2.5mm 4mm; border-left: 2.5pt solid #8a8a8a;
  background: #f5f5f3; print-color-adjust: exact; -webkit-print-color-adjust: exact; box-decoration-break: clone;
  -webkit-box-decoration-break: clone; orphans: 3; widows: 3; }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt; }
thead { display: table-header-group; }
th:first-child { width: 46mm; }
th { text-align: left; font-size: 8.5pt; color: #555; border-bottom: 0.8pt solid #1b1b1b; padding: 1mm 3mm 1mm 0; }
td { vertical-align: top; border-bottom: 0.4pt solid #cfcfcf; padding: 1.2mm 3mm 1.2mm 0; }
tr { break-inside: avoid; }
td:first-child, td:nth-child(n+3), td code, th { white-space: nowrap; }
code { font: 8.5pt/1.4 "Liberation Mono", Menlo, Consolas, monospace; }
ul { margin: 1mm 0; padding-left: 5mm; }
"""
_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
Rows = Iterable[Iterable[str]]


def page(title: str, body: Iterable[str]) -> str:
    """A whole page. `title`: as people wrote it; `body`: HTML."""
    return _PAGE.format(title=shown(title), style=STYLE, body="\n".join(part for part in body if part))


def shown(value: object) -> str:
    """A value of one line, or of several that may run together."""
    return html.escape(printable(str(value)))


def named(value: object) -> str:
    """A name of any script, which changes the direction of nothing around it."""
    return f"<bdi>{shown(value)}</bdi>"


def written(said: object) -> str:
    """What somebody wrote, with its lines, in its own direction; nothing where nothing was written."""
    return f'<div class="words" dir="auto">{shown(said)}</div>' if said else ""


def heading(level: int, title: str) -> str:
    """A heading. `title` is HTML."""
    return f"<h{level}>{title}</h{level}>"


def note(said: str) -> str:
    """A small paragraph. `said` is HTML."""
    return f'<p class="note">{said}</p>'


def fields(pairs: Iterable[tuple[str, str]]) -> str:
    """Labels with their values, which are HTML; empty ones are left out."""
    lines = [f"<dt>{shown(label)}</dt><dd>{value}</dd>" for label, value in pairs if value]
    return f"<dl>{''.join(lines)}</dl>" if lines else ""


def bullets(items: Iterable[str]) -> str:
    """A list. The items are HTML."""
    lines = [f"<li>{item}</li>" for item in items]
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def table(head: Iterable[str], rows: Rows) -> str:
    """A table. The cells are HTML; the head is repeated on each page."""
    columns = "".join(f"<th>{shown(each)}</th>" for each in head)
    lines = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{columns}</tr></thead><tbody>\n{lines}\n</tbody></table>"


def minute(when: datetime) -> str:
    """A time as people write it: 20 November 2026, 10:05."""
    return f"{day(when)}, {when.hour:02}:{when.minute:02}"


def on_day(on: Any) -> str:  # noqa: ANN401 - whatever the record holds
    """A day as people write it: 20 November 2026. Nothing for None."""
    return "" if on is None else day(date.fromisoformat(on[:10]))
