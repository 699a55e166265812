"""Where things stand in a chart."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.persistence.dashboard.overview import MeetingRow
from feedback.web.therapist.charts import (
    LABEL_ROOM,
    NAME_HALF,
    NAME_ROOM,
    NARROW,
    SMALL,
    WIDE,
    WORD_ROOM,
    ChartPoint,
    lay_out,
    sketch,
)
from feedback.web.therapist.sparks import draw
from tests.support.builders import MONDAY


def points(*scores, **marks):
    return [ChartPoint(str(at), score, **marks) for at, score in enumerate(scores, 1)]


@pytest.mark.parametrize("frame", [WIDE, NARROW, SMALL])
def test_the_axis_is_always_whole(frame):
    chart = lay_out(points(8.0, 8.5), frame)
    assert [(mark.text, mark.y) for mark in chart.grid] == [
        ("0", frame.floor),
        ("5", (frame.floor + frame.top) / 2),
        ("10", frame.top),
    ]


def test_a_score_of_ten_stands_at_the_top_and_zero_on_the_floor():
    top, floor = lay_out(points(10.0, 0.0), WIDE).dots
    assert (top.y, floor.y) == (WIDE.top, WIDE.floor)


def test_what_was_not_answered_is_bridged_by_a_dotted_line_and_never_drawn_as_zero():
    chart = lay_out(points(7.0, None, 7.5, 8.0), WIDE)
    assert [line.dotted for line in chart.lines] == [True, False]
    assert len(chart.dots) == 3
    assert all(dot.y < WIDE.floor for dot in chart.dots)


def test_a_possible_rupture_is_a_diamond_with_its_value_and_no_circle():
    chart = lay_out([*points(8.0), ChartPoint("2", 5.8, flagged=True)], WIDE)
    assert [mark.text for mark in chart.diamonds] == ["5.8"]
    assert [mark.text for mark in chart.values] == ["5.8"]
    assert len(chart.dots) == 1


@pytest.mark.parametrize("score", [0.0, 0.4, 1.0, 5.0, 10.0])
def test_the_value_of_a_diamond_stays_inside_the_drawing(score):
    chart = lay_out([*points(8.0), ChartPoint("2", score, flagged=True)], WIDE)
    value = chart.values[0]
    assert WIDE.top <= value.y <= WIDE.floor
    assert value.x <= WIDE.width - 12


def test_a_talk_is_a_tick_on_the_axis_also_where_its_session_was_not_answered():
    chart = lay_out([ChartPoint("1", 5.0, flagged=True, talk=True), ChartPoint("2", None, talk=True)], WIDE)
    assert [(tick.y < WIDE.floor, tick.text) for tick in chart.ticks] == [(True, "talk"), (True, "talk")]


def test_crowded_words_give_way_to_the_newest():
    crowd = [ChartPoint(str(at), 9.0, flagged=True, talk=True) for at in range(60)]
    chart = lay_out(crowd, WIDE)
    assert len(chart.diamonds) == len(chart.ticks) == 60
    written = (chart.values, [tick for tick in chart.ticks if tick.text])
    for words in written:
        assert 1 < len(words) < 60
        assert all(right.x - left.x >= WORD_ROOM for left, right in pairwise(words))
    assert chart.ticks[-1].text == "talk"


def test_there_is_a_band_only_where_two_ranges_are_known():
    one = [ChartPoint("1", 7.0), ChartPoint("2", 7.0), ChartPoint("3", 7.0, 6.0, 8.0)]
    assert lay_out(one, WIDE).band == ""
    assert lay_out(one, WIDE).band_label is None
    two = [*one, ChartPoint("4", 7.0, 6.0, 8.0)]
    assert len(lay_out(two, WIDE).band.split()) == 4
    assert lay_out(two, WIDE).band_label.text == "usual range"


def test_the_bands_name_keeps_away_from_diamonds_and_goes_unnamed_where_nothing_is_free():
    calm = [ChartPoint(str(n), 7.0, 6.0, 8.0, flagged=n == 4) for n in range(1, 13)]
    chart = lay_out(calm, WIDE)
    assert abs(chart.band_label.x - chart.diamonds[0].x) >= NAME_ROOM
    assert lay_out([ChartPoint(str(n), 7.0, 6.0, 8.0, flagged=True) for n in range(1, 13)], WIDE).band_label is None


@pytest.mark.parametrize(
    "scores", [(7, 3, 7, 3, 7, 3, 7, 3), (6.2, 6.1, 6, 5.9, 6, 6.1, 6.2, 6.1), (9, 9, 8.5, 9, 9.5)]
)
def test_no_line_runs_through_the_bands_name(scores):
    chart = lay_out([ChartPoint(str(at), score, 6.0, 8.0) for at, score in enumerate(scores, 1)], WIDE)
    name = chart.band_label
    for line in chart.lines if name else ():
        for part in range(101):
            x = line.start.x + (line.end.x - line.start.x) * part / 100
            y = line.start.y + (line.end.y - line.start.y) * part / 100
            assert abs(x - name.x) > NAME_HALF or not name.y - 13 < y < name.y + 4
    assert name, "there is room for it somewhere"


def test_a_sketch_has_the_same_strokes_and_not_a_word():
    course = [ChartPoint("1", 7.0, 6.0, 8.0), ChartPoint("2", None), ChartPoint("3", 4.0, 6.0, 8.0, flagged=True)]
    whole, drawn = lay_out(course, SMALL), sketch(course, SMALL)
    assert (drawn.band, drawn.lines, drawn.dots, drawn.diamonds) == (
        whole.band,
        whole.lines,
        whole.dots,
        whole.diamonds,
    )
    assert [drawn.labels, drawn.values, drawn.grid, drawn.ticks, drawn.band_label] == [(), (), (), (), None]


RATINGS = st.none() | st.floats(0, 10)


@given(st.lists(st.tuples(RATINGS, RATINGS, RATINGS, st.booleans()), max_size=14))
def test_the_small_chart_of_a_flag_draws_the_strokes_of_a_sketch(course):
    rows = [
        MeetingRow("K", "A", 1, at, MONDAY, "i", score is not None, score, low, high, at, flagged)
        for at, (score, low, high, flagged) in enumerate(course, 1)
    ]
    spark = draw(rows)
    chart = sketch([ChartPoint("", one.score, one.expected_low, one.expected_high, one.flagged) for one in rows], SMALL)
    assert (spark.band, spark.line, spark.gap) == (chart.band, chart.line, chart.gap)
    tips = re.findall(r"M(\S+) (\S+?)l6 6-6 6-6-6z", spark.past + spark.latest)
    assert [(float(x), float(y)) for x, y in tips] == [(mark.x, round(mark.y - 6, 1)) for mark in chart.diamonds]
    assert spark.latest.count("M") == min(1, len(chart.diamonds))
    lone = [(mark.x, mark.y) for mark in chart.dots] if len(chart.dots) + len(chart.diamonds) == 1 else []
    assert [tuple(map(float, spark.dot))] * bool(spark.dot) == lone


@pytest.mark.parametrize("count", [1, 2, 12, 60, 300])
def test_labels_never_crowd_and_the_newest_is_always_named(count):
    labels = lay_out(points(*[7.0] * count), WIDE).labels
    assert labels[-1].text == str(count)
    assert all(right.x - left.x >= LABEL_ROOM - 1 for left, right in pairwise(labels))


def test_nothing_at_all_is_an_empty_chart():
    chart = lay_out([], WIDE)
    assert (chart.labels, chart.lines, chart.dots, chart.band) == ((), (), (), "")
