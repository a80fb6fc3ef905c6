"""Texts in the code that look as if people read them, but stand where no translator finds them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MARKS = {"_", "ngettext"}
READABLE = re.compile(  # no name that a program gives looks like that
    r"[A-Za-z']{2,}[,.:;?]? +[A-Za-z{(]|\b[A-Z][a-z]+\b|[a-z]{2,}[.?!]$"  # two words; a capital before small letters
    r"|\{[a-z_]+\}\W*\{[a-z_]+|^\{[a-z_]+\}\.$"  # places beside each other, or nothing but a place and a stop
)
QUIET = {"log", "_log"}  # what the log says is for operators
INWARD = {"ValueError", "RuntimeError", "LookupError", "TypeError", "re.compile", "TypeVar"}  # for those who develop


def unmarked(path: Path) -> Iterator[tuple[int, str]]:
    """Each such text with its line. A text that is put together where it should be marked is one as well."""
    yield from _within(ast.parse(path.read_text()))


def _within(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call) and _is_marked(node):
        yield from ((node.lineno, ast.unparse(each)) for each in node.args if isinstance(each, ast.JoinedStr))
        return
    if isinstance(node, ast.JoinedStr):  # what is marked within one is not gathered
        yield from ((node.lineno, ast.unparse(each)) for each in ast.walk(node) if _is_marked(each))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and READABLE.search(node.value):
        yield node.lineno, node.value
    for child in _read_by_people(node):
        yield from _within(child)


def _read_by_people(node: ast.AST) -> Iterator[ast.AST]:
    """What is in it, without what only those read who develop or operate: docstrings, types, exports, the log."""
    if isinstance(node, ast.Call) and _is_inward(ast.unparse(node.func)):
        return
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        return
    types = [getattr(node, name, None) for name in ("annotation", "returns")]
    for child in ast.iter_child_nodes(node):
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if child not in types and not is_docstring:
            yield child


def _is_marked(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def _is_inward(called: str) -> bool:
    return called in INWARD or called.partition(".")[0] in QUIET
