"""The query behind "They told you": by indexes over few rows each, never through all the answers of a caseload."""

from typing import Any

from sqlalchemy import Text, and_, case, func, literal_column, or_, select, union
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from feedback.domain.repair import DIRECT_YES
from feedback.domain.told import TOLD_CHOICES, UNANSWERED
from feedback.persistence.dashboard.first_page_queries import OPENED
from feedback.persistence.dashboard.overview_queries import IS_OWN, MY_CASES, READABLE, case_of, meeting_of, same
from feedback.persistence.tables import (
    answers,
    cases,
    changed_answers,
    findings,
    responses,
    rupture_flags,
    therapy_sessions,
    told_marks,
    unmarked_changes,
)
from feedback.persistence.tables.answers import HAS_COMMENT, MAY_BE_TOLD
from feedback.persistence.tables.judging import FLAG_IS_OPEN

BETWEEN_CHOICES, WITHIN_CHOICE = "\n", "\t"
"""What stands between two things chosen, and between an item and its option; neither stands in an id."""


class _Lines(FunctionElement[str]):
    """Several texts as the lines of one; SQLAlchemy's own function cannot be made ready beforehand."""

    type = Text()
    inherit_cache = True


@compiles(_Lines)
def _string_agg(element: _Lines, compiler: Any, **more: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **more)}, chr(10))"


@compiles(_Lines, "sqlite")
def _group_concat(element: _Lines, compiler: Any, **more: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **more)}, char(10))"


_KEY = ("clinic_id", "case_code", "session_number", "seat")
ASKED = or_(*(and_(answers.c.item_id == item, answers.c.choice == option) for item, option in TOLD_CHOICES.items()))
"""Of a query over `answers`: whether something was asked for outright."""

_AFTER_CASES = MY_CASES.c.clinic_id + func.substr(MY_CASES.c.code, 1, 0)
"""The clinic, known once a case is: so that no planner goes through a clinic's changes instead of one's own cases."""

_PLACES = union(
    select(*(answers.c[name] for name in _KEY))
    .select_from(MY_CASES)
    .join(answers, case_of(answers, MY_CASES))
    .where(MAY_BE_TOLD, ASKED),
    select(*(rupture_flags.c[name] for name in _KEY))
    .select_from(MY_CASES)
    .join(rupture_flags, case_of(rupture_flags, MY_CASES))
    .where(FLAG_IS_OPEN, rupture_flags.c.direct >= DIRECT_YES),
    select(*(responses.c[name] for name in _KEY))
    .select_from(MY_CASES)
    .join(responses, case_of(responses, MY_CASES))
    .where(HAS_COMMENT, ~OPENED),
    select(*(unmarked_changes.c[name] for name in _KEY))
    .select_from(MY_CASES)
    .join(
        unmarked_changes,
        and_(unmarked_changes.c.clinic_id == _AFTER_CASES, MY_CASES.c.code == unmarked_changes.c.case_code),
    ),
).subquery("places")
"""Where something may have been told: by a choice, by a flag's clear "Yes", in words nobody has opened, or by a change
that no mark covers.
"""

_CHOSEN = (
    select(_Lines(answers.c.item_id + WITHIN_CHOICE + answers.c.choice))
    .where(same(answers, responses, _KEY), answers.c.choice != "")
    .correlate(responses)
    .scalar_subquery()
)

_IS_UNANSWERED = rupture_flags.c.status.in_([literal_column(f"'{status}'") for status in sorted(UNANSWERED)])

_IS_CHANGED = changed_answers.c.seat.isnot(None)

_IS_UNCOVERED = and_(unmarked_changes.c.seat.isnot(None), rupture_flags.c.id.isnot(None), ~_IS_UNANSWERED)
"""Whether the answer was changed after its flag was marked, and not marked since."""

_WAITS = and_(
    told_marks.c.case_code.is_(None),
    or_(
        rupture_flags.c.status.is_(None),
        _IS_UNANSWERED,
        unmarked_changes.c.seat.isnot(None),
    ),
    or_(cases.c.closed_on.is_(None), ~OPENED),
)

TOLD = (
    select(
        *(responses.c.case_code, responses.c.session_number, responses.c.seat, therapy_sessions.c.held_on),
        *(cases.c.instrument_id, cases.c.seats, ~OPENED, _CHOSEN, rupture_flags.c.id, rupture_flags.c.direct),
        responses.c.sealed_comment,
        case((IS_OWN, cases.c.sealed_label), else_=None),
        *(_IS_CHANGED, _IS_UNCOVERED, findings.c.flag, findings.c.evidence),
    )
    .select_from(_PLACES)
    .join(responses, same(responses, _PLACES, _KEY))
    .join(cases, case_of(responses))
    .join(therapy_sessions, meeting_of(responses))
    .outerjoin(rupture_flags, same(rupture_flags, responses, _KEY))
    .outerjoin(told_marks, same(told_marks, responses, _KEY))
    .outerjoin(changed_answers, same(changed_answers, responses, _KEY))
    .outerjoin(unmarked_changes, same(unmarked_changes, responses, _KEY))
    .outerjoin(findings, and_(_IS_CHANGED, same(findings, responses, _KEY)))
    .where(READABLE, or_(and_(HAS_COMMENT, ~OPENED), _WAITS))
)
"""Words nobody has opened, of closed cases too; and what was asked for until it is answered, or the case has closed.

Of a changed answer what is found in it now is read as well: a closed flag keeps what was found before.
"""
