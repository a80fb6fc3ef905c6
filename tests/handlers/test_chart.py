"""The chart, drawn as the bot has it drawn: by a process of its own, which knows nothing but figures."""

import struct
from itertools import combinations, pairwise
from typing import Any

import pytest

from handlers.weekly.chart_data import chart_of
from handlers.weekly.chart_drawing import laid_out
from handlers.weekly.chart_process import drawn
from tests.handlers.view_samples import POLICY
from tests.handlers.week_samples import GOLDEN, NOBODY

BLANK: dict[str, Any] = {"weeks": ["1"] * 12, "kinds": [], "dropped": list(NOBODY), "kept": list(NOBODY)}


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    "told",
    [
        chart_of(GOLDEN, POLICY),
        BLANK,
        BLANK | {"kept": [1_000_000] * 12, "dropped": [1] * 12},
        BLANK
        | {
            "kinds": [
                {"name": name, "counts": [10**6] * 12} for name in ("_hidden", "$x^{$", "a" * 140, "👩‍👩‍👧 ש <&>")
            ]
        },
    ],
)
def test_a_picture_comes_out_whatever_the_figures_and_the_names(told: dict[str, Any]) -> None:
    png = drawn(told)
    assert png is not None
    width, height = size(png)
    assert width == 1152
    assert 600 < height < 1200
    assert len(png) < 300_000


MANY = [{"name": f"A kind of conduct, number {n}", "counts": [900] * 12} for n in range(6)]
LATELY = {"kinds": [{"name": "Verbal abuse", "counts": [0] * 11 + [1]}]}


@pytest.mark.parametrize("told", [BLANK | LATELY, BLANK | {"kinds": MANY, "dropped": [1] * 12, "kept": [1] * 12}])
def test_no_number_and_no_mark_touches_another_whatever_the_weeks_hold(told: dict[str, Any]) -> None:
    figure = laid_out(told)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    numbers = [label.get_window_extent() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    assert not [pair for pair in combinations(numbers, 2) if pair[0].padded(4).overlaps(pair[1])]
    heights = sorted(
        float(marks.get_offset_transform().transform(marks.get_offsets())[0][1]) for marks in axes.collections
    )
    assert all(above - below > 12 * figure.dpi / 72 for below, above in pairwise(heights))


def test_a_week_is_drawn_the_same_twice() -> None:
    assert drawn(chart_of(GOLDEN, POLICY)) == drawn(chart_of(GOLDEN, POLICY))


def test_what_cannot_be_drawn_is_no_picture_and_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    assert drawn({"weeks": []}) is None
    assert "the chart was not drawn" in caplog.text


def test_the_process_that_draws_is_told_nothing_of_the_bots_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "whoever reads this stumbles")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    assert drawn(BLANK) is not None
