"""What stands in the place of what was erased."""

from datetime import date

from bot.rules.erasure import instead_of_name, instead_of_text


def test_what_is_erased_says_so_and_when() -> None:
    assert instead_of_text(date(2026, 11, 5)) == "Erased on 5 Nov 2026."
    assert instead_of_name(12) == "Erased customer 12"
