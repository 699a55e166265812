"""What the same person shared after a flag: the answers that show whether a repair held."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from feedback.persistence.dashboard.overview_queries import IS_OWN, case_of, meeting_of, same
from feedback.persistence.tables import answers, cases, findings, responses, rupture_flags, therapy_sessions

_KEY = ("clinic_id", "case_code", "session_number", "seat")

AFTER_FLAG = and_(
    same(therapy_sessions, rupture_flags, ("clinic_id", "case_code")),
    therapy_sessions.c.held_on >= rupture_flags.c.held_on,
    or_(
        therapy_sessions.c.held_on > rupture_flags.c.held_on,
        therapy_sessions.c.number > rupture_flags.c.session_number,
    ),
)
"""Therapy sessions held after a flag's own, in the order of days and, within one, of numbers."""


@dataclass(slots=True)
class LaterRow:
    """A shared form after a flag. Score and usual range are on 0–10."""

    number: int
    held_on: date
    score: float | None
    low: float | None
    high: float | None
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


def later_forms(*which: ColumnElement[bool]) -> Select[Any]:
    """Build the query for the forms after some flags, oldest first; `which` may speak of flags, cases and responses.

    The usual range is the case's own therapist's alone: it rests on answers that a colleague may not see.
    """
    return (
        select(
            rupture_flags.c.id,
            *(therapy_sessions.c.number, therapy_sessions.c.held_on),
            *(responses.c.score, findings.c.expected_low, findings.c.expected_high),
            *(answers.c.item_id, answers.c.choice),
        )
        .select_from(rupture_flags)
        .join(cases, case_of(rupture_flags))
        .join(therapy_sessions, AFTER_FLAG)
        .join(responses, meeting_of(responses) & (responses.c.seat == rupture_flags.c.seat))
        .outerjoin(findings, and_(same(findings, responses, _KEY), IS_OWN))
        .outerjoin(answers, and_(same(answers, responses, _KEY), answers.c.choice != ""))
        .where(*which)
        .order_by(rupture_flags.c.id, therapy_sessions.c.held_on, therapy_sessions.c.number)
    )


def by_flag(rows: Iterable[Any]) -> Mapping[str, tuple[LaterRow, ...]]:
    """Gather the rows of such a query by flag."""
    found: dict[str, dict[int, LaterRow]] = defaultdict(dict)
    for flag_id, number, held_on, score, low, high, item, choice in rows:
        row = found[flag_id].setdefault(number, LaterRow(number, held_on, score, low, high))
        if item is not None:
            row.choices[item] = (*row.choices.get(item, ()), choice)
    return {flag_id: tuple(rows.values()) for flag_id, rows in found.items()}
