"""Courses in words for somebody who looks at them together with the therapist, and for one question alone."""

from collections.abc import Sequence

from feedback.persistence.dashboard.overview import MeetingRow


def describe_plainly(rows: Sequence[MeetingRow]) -> str:
    """Say a course of scores to somebody who looks at it together with the therapist."""
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return "No answers yet."
    first, last = scored[0], scored[-1]
    if first is last:
        return f"One answer, {first.score:.1f} at session {first.number}."
    return (
        f"Answers from 0 to 10, from {first.score:.1f} at session {first.number} "
        f"to {last.score:.1f} at session {last.number}. A table follows."
    )


def describe_item(given: Sequence[tuple[int, float]]) -> str:
    """Say one item's course in a sentence."""
    if not given:
        return "Not answered yet."
    (first, start), (last, end) = given[0], given[-1]
    if first == last:
        return f"{end:g} at session {last}."
    low = min(given, key=lambda one: one[1])
    return f"From {start:g} at session {first} to {end:g} at session {last}, lowest {low[1]:g} at session {low[0]}."
