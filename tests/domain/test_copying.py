"""Rows as lines of text, and sums that tell two tables apart."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.copying import TableSum, differing, row_from_text, row_to_text

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.dictionaries(st.text(), st.integers()),
)
ROWS = st.lists(VALUES, max_size=6).map(tuple)


@given(ROWS)
def test_a_row_comes_back_as_it_was_from_one_line(row):
    line = row_to_text(row)
    assert "\n" not in line
    assert row_from_text(line) == row
    assert list(map(type, row_from_text(line))) == list(map(type, row))


@given(st.lists(ROWS, max_size=8), st.randoms())
def test_the_sum_of_a_table_does_not_depend_on_the_order_of_its_rows(rows, chance):
    shuffled = chance.sample(rows, len(rows))
    assert TableSum.of("pool", rows) == TableSum.of("pool", shuffled)


@pytest.mark.parametrize(
    "other",
    [
        [(1, "a")],
        [(1, "a"), (2, "b"), (2, "b")],
        [(1, "a"), (2, "c")],
        [(1, b"a"), (2, "b")],
        [(1, date(2026, 3, 2)), (2, datetime(2026, 3, 2, tzinfo=UTC))],
    ],
    ids=["one less", "one twice", "another value", "another type", "other types"],
)
def test_another_table_has_another_sum_and_is_named(other):
    rows = [(1, "a"), (2, "b")]
    assert differing([TableSum.of("cases", rows)], [TableSum.of("cases", other)]) == ("cases",)
    assert differing([TableSum.of("cases", rows)], [TableSum.of("cases", rows)]) == ()
    assert differing([TableSum.of("cases", rows)], []) == ("cases",)
