"""What may be done with a flag, and taken back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.errors import ReviewRefused
from feedback.domain.rupture import FlagReview, FlagStatus, check_review, status_to_restore

MARKS = [status for status in FlagStatus if status is not FlagStatus.NEW]


def log(*steps):
    """Make a log from statuses, where "undo" takes the latest standing one back."""
    rows, status = [], FlagStatus.NEW
    for number, step in enumerate(steps, 1):
        new = status_to_restore(tuple(rows)) if step == "undo" else step
        rows.append(FlagReview("f", number, status, new, "dana", date(2026, 3, 2), undoes=step == "undo"))
        status = new
    return tuple(rows), status


@given(st.sampled_from(list(FlagStatus)), st.sampled_from(list(FlagStatus)))
def test_a_flag_may_move_to_any_other_mark_but_not_back_to_new(old, new):
    if new is FlagStatus.NEW or new is old:
        with pytest.raises(ReviewRefused):
            check_review(old, new)
    else:
        check_review(old, new)


def test_undo_brings_back_what_was_there_before():
    rows, status = log(FlagStatus.TALK_PLANNED, FlagStatus.TALKED, "undo")
    assert status is FlagStatus.TALK_PLANNED
    assert len(rows) == 3


def test_undoing_twice_steps_back_twice():
    assert log(FlagStatus.TALK_PLANNED, FlagStatus.TALKED, "undo", "undo")[1] is FlagStatus.NEW


def test_there_is_nothing_to_undo_on_a_new_flag():
    with pytest.raises(ReviewRefused):
        log(FlagStatus.TALKED, "undo", "undo")


@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=8))
def test_as_many_undos_as_marks_lead_back_to_new(marks):
    assert log(*marks, *["undo"] * len(marks))[1] is FlagStatus.NEW
