from dataclasses import replace

import pytest

from handlers.blockkit.blocks import bold, filled, line, person
from handlers.shared.customer_lines import tally
from tests.handlers import view_samples as sample


def test_a_sentence_is_filled_in_any_order_of_its_placeholders() -> None:
    ana, name = person("U0ANA"), bold("Zenith Corp")
    assert filled("{who} reported {customer}.", who=ana, customer=name) == [ana, " reported ", name, "."]
    assert filled("{customer}, von {who}", who=ana, customer=name) == [name, ", von ", ana]
    assert filled("{people} in {n:,}", people=[ana, ", ", ana], n=1_200) == [ana, ", ", ana, " in ", "1,200"]


def test_a_missing_or_unknown_placeholder_is_named() -> None:
    with pytest.raises(ValueError, match="no place for day"):
        filled("{who} reported it.", who="Ana", day="5 Oct")
    with pytest.raises(KeyError, match="who"):
        filled("{who} reported it.")


def test_adjacent_texts_become_one_element() -> None:
    elements = line(*filled("{n} reports by {who}", n=2, who=person("U0ANA")), ".", " ", "Thank you.")["elements"]
    assert [each.get("text") for each in elements] == ["2 reports by ", None, ". Thank you."]


def test_the_number_one_takes_the_singular() -> None:
    file = sample.a_file()
    one = replace(file, verdict=replace(file.verdict, points=1))
    assert tally(one).endswith(", 1 point")
