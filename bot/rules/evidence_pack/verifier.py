"""Puts `verify.py` together: one file that checks an evidence pack with Python's standard library alone.

Its parts are modules of the bot, so that the report of a pack and the one that is made to check it come from the same
code. It is in English whatever language the bot speaks, since what it makes is compared byte by byte.
"""

import ast
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Final

PARTS: Final = (
    "text.py",
    "policy/verdicts.py",
    "policy/reasons.py",
    "evidence_pack/archive.py",
    "evidence_pack/markup.py",
    "evidence_pack/words.py",
    "evidence_pack/record.py",
    "evidence_pack/zone.py",
    "evidence_pack/report_parts.py",
    "evidence_pack/policy_words.py",
    "evidence_pack/report.py",
    "evidence_pack/names.py",
    "evidence_pack/contents.py",
    "evidence_pack/schema.py",
    "evidence_pack/proof.py",
    "evidence_pack/published.py",
    "evidence_pack/checks.py",
)
_HEAD: Final = '''\
"""{usage}"""
# The parts of this file are modules of Backstop, as they are in its release, without the lines that import one another.

Policy = object


def _(text):
    return text


def ngettext(one, many, number):
    return one if number == 1 else many

'''
_END: Final = """

DEFINITIONS = {definitions}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], DEFINITIONS))
"""


@cache
def verifier(definitions: str) -> str:
    """The source of `verify.py`. `definitions`: a Python literal, see `checks.Definitions`."""
    usage = ast.get_docstring(ast.parse(_source("evidence_pack/checks.py")))
    parts = [f"\n# {'-' * 20} {part}\n{_without_imports_of_ours(_source(part))}" for part in PARTS]
    return _HEAD.format(usage=usage) + "".join(parts) + _END.format(definitions=definitions)


@cache
def in_english(source: str) -> ModuleType:
    """`verify.py` as a module: it makes the report of a pack, just as it will where the pack is checked."""
    module = ModuleType("backstop_verify")
    exec(compile(source, "verify.py", "exec"), module.__dict__)  # noqa: S102 - it is our own source
    return module


def _source(part: str) -> str:
    return files("bot.rules").joinpath(part).read_text(encoding="utf-8")


def _without_imports_of_ours(source: str) -> str:
    lines = source.splitlines(keepends=True)
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("bot."):
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    return "".join(lines)
