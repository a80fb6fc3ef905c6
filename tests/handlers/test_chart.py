"""The chart, drawn in a process of its own that gets nothing but figures."""

import struct
from itertools import combinations, pairwise
from typing import Any

import pytest

from handlers.weekly.chart_data import chart_data
from handlers.weekly.chart_drawing import chart_figure
from handlers.weekly.chart_process import draw_in_process
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
        chart_data(GOLDEN, POLICY),
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
def test_a_chart_is_drawn_whatever_the_figures_and_the_names(told: dict[str, Any]) -> None:
    png = draw_in_process(told)
    assert png is not None
    width, height = size(png)
    assert width == 1152
    assert 600 < height < 1200
    assert len(png) < 300_000


MANY = [{"name": f"A kind of conduct, number {n}", "counts": [900] * 12} for n in range(6)]
LATELY = {"kinds": [{"name": "Verbal abuse", "counts": [0] * 11 + [1]}]}


@pytest.mark.parametrize("told", [BLANK | LATELY, BLANK | {"kinds": MANY, "dropped": [1] * 12, "kept": [1] * 12}])
def test_no_number_and_no_mark_touches_another_whatever_the_weeks_hold(told: dict[str, Any]) -> None:
    figure = chart_figure(told)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    numbers = [label.get_window_extent() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    assert not [pair for pair in combinations(numbers, 2) if pair[0].padded(4).overlaps(pair[1])]
    heights = sorted(
        float(marks.get_offset_transform().transform(marks.get_offsets())[0][1]) for marks in axes.collections
    )
    assert all(above - below > 12 * figure.dpi / 72 for below, above in pairwise(heights))


def test_a_week_is_drawn_the_same_twice() -> None:
    assert draw_in_process(chart_data(GOLDEN, POLICY)) == draw_in_process(chart_data(GOLDEN, POLICY))


def test_a_failed_drawing_gives_no_chart_and_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    assert draw_in_process({"weeks": []}) is None
    assert "the chart was not drawn" in caplog.text


def test_the_drawing_process_gets_nothing_of_the_bots_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "whoever reads this stumbles")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    assert draw_in_process(BLANK) is not None
