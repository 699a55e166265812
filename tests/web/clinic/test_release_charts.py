"""The geometry of charts of figures: bars begin at 0, nothing leaves the frame, what is not given is not zero."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.web.clinic.release_charts import BAR, NARROW_FRAME, WIDE, Shown, lay_out_columns, lay_out_rows, nice_top

GIVEN = st.tuples(st.integers(0, 10**7), st.integers(0, 60)).map(
    lambda drawn: Shown("x", drawn[0], max(0, drawn[0] - drawn[1]), drawn[0] + drawn[1], str(drawn[0]))
)
HIDDEN = st.sampled_from([Shown("x", None, 0, 12, "0 to about 12"), Shown("x", None, None, None, "not shown")])
FIGURES = st.lists(st.one_of(GIVEN, HIDDEN), min_size=1, max_size=12)


@given(FIGURES)
def test_bars_and_whiskers_stay_within_the_frame(figures):
    for bar in lay_out_rows(figures, WIDE).bars:
        assert bar.start == 0
        assert 0 <= bar.end <= WIDE.width
        if bar.low is not None:
            assert 0 <= bar.low <= bar.end <= max(bar.high, BAR) <= WIDE.width
    columns = lay_out_columns(["x"] * len(figures), [figures], NARROW_FRAME)
    for bar in columns.bars:
        assert NARROW_FRAME.left - 1 <= bar.at
        assert bar.at + columns.bar_width <= NARROW_FRAME.width + 1
        assert NARROW_FRAME.top - 1 <= bar.end <= bar.start == columns.floor


@given(FIGURES)
def test_what_is_not_given_is_hatched_and_has_some_height(figures):
    columns = lay_out_columns(["x"] * len(figures), [figures], NARROW_FRAME)
    for bar in (*lay_out_rows(figures, WIDE).bars, *columns.bars):
        assert bar.is_hatched == (bar.shown.value is None)
        assert not bar.is_hatched or bar.start != bar.end


@given(FIGURES)
def test_a_larger_figure_has_a_longer_bar(figures):
    bars = [bar for bar in lay_out_rows(figures, WIDE).bars if not bar.is_hatched]
    for one in bars:
        for two in bars:
            assert one.shown.value <= two.shown.value or one.end >= two.end


def test_the_field_of_a_low_figure_reaches_as_far_as_its_interval_and_can_still_be_seen():
    few = Shown("x", None, 0, 12, "0 to about 12")
    small, twelve, _ = lay_out_rows([few, Shown("x", 12.0, None, None, "12"), few], WIDE).bars
    assert small.end == small.high == twelve.end
    one, two = lay_out_columns(["x", "y"], [[few, Shown("x", 12.0, None, None, "12")]], NARROW_FRAME).bars
    assert one.end == one.high == two.end
    assert lay_out_rows([few, Shown("x", 9000.0, None, None, "9,000")], WIDE).bars[0].end == BAR
    assert lay_out_rows([Shown("x", None, None, None, "not shown")], WIDE).bars[0].end == WIDE.width


@pytest.mark.parametrize(("most", "top"), [(0, 20), (20, 20), (21, 30), (54, 60), (350, 400), (1001, 2000)])
def test_a_scale_ends_at_a_round_number(most, top):
    assert nice_top([Shown("x", most, None, None, "")]) == top


def test_two_series_stand_beside_each_other_and_do_not_overlap():
    shown = [Shown("x", 5.0, None, None, "5")] * 12
    chart = lay_out_columns(["m"] * 12, [shown, shown], NARROW_FRAME)
    starts = sorted(bar.at for bar in chart.bars)
    assert all(after - before >= chart.bar_width for before, after in itertools.pairwise(starts))
