"""The line of each key of a TOML file."""

import tomllib

from bot.policy_file.load import BUILT_IN
from bot.policy_file.toml_lines import line_numbers, line_of

TEXT = BUILT_IN.read_text(encoding="utf-8")

TRICKY = """\
# [not.a.section]
top = "[nor.this] # nor a comment"
[a]
text = '''
[b]
fake = 1'''  # fake = 2
list = [  # [
  1, 2,
]
dotted.key = 'x = [y'
table = {x = 1}
[ a . b ] # a comment
last = 1
[[c]]
[[c]]
"""


def test_lines_are_found_whatever_looks_like_toml_in_strings_and_comments() -> None:
    assert tomllib.loads(TRICKY)
    assert line_numbers(TRICKY) == {
        ("top",): 2,
        ("a",): 3,
        ("a", "text"): 4,
        ("a", "list"): 7,
        ("a", "dotted"): 10,
        ("a", "dotted", "key"): 10,
        ("a", "table"): 11,
        ("a", "b"): 12,
        ("a", "b", "last"): 13,
        ("c",): 14,
    }


def test_strings_over_several_lines_hide_what_is_in_them() -> None:
    text = 'a = """\n[b]\n\\""" = 1\n"""\nc = "\\" # ["\nd = 1'
    assert line_numbers(text) == {("a",): 1, ("c",): 5, ("d",): 6}


def test_a_key_without_a_line_of_its_own_has_that_of_its_section() -> None:
    numbers = line_numbers(TRICKY)
    assert line_of(("a", "table", "x"), numbers) == 11
    assert line_of(("a", "b", "missing"), numbers) == 12
    assert line_of(("z",), numbers) is None


def paths(table: dict[str, object], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    inner = (paths(value, (*above, key)) for key, value in table.items() if isinstance(value, dict))
    return {(*above, key) for key in table}.union(*inner)


def test_every_key_of_the_built_in_policy_is_found_on_its_line() -> None:
    found = line_numbers(TEXT)
    assert found.keys() == paths(tomllib.loads(TEXT))
    numbered = TEXT.splitlines()
    assert all(path[-1] in numbered[line - 1] for path, line in found.items())
