"""The queries behind the dashboard's flags: which are open, what led up to some of them, and what came after."""

from sqlalchemy import and_, bindparam, case, exists, select

from feedback.domain.rupture import FlagStatus
from feedback.persistence.dashboard.followup_responses import AFTER_FLAG, later_forms
from feedback.persistence.dashboard.overview_queries import (
    MY_OPEN_CASES,
    READABLE,
    THERAPIST,
    case_of,
    meeting_of,
    meetings,
    readable,
    same,
)
from feedback.persistence.tables import answers, cases, changed_answers, responses, rupture_flags, therapy_sessions
from feedback.persistence.tables.judging import FLAG_IS_OPEN

SPARK_SESSIONS = 12
"""How many meetings up to a flag's own the small chart of a dashboard shows."""

_KEY = ("clinic_id", "case_code", "session_number", "seat")
_LATER = responses.alias("later")

_ANSWERED_SINCE = (
    exists()
    .where(AFTER_FLAG, meeting_of(_LATER), _LATER.c.seat == rupture_flags.c.seat, readable(_LATER, MY_OPEN_CASES))
    .correlate(rupture_flags, MY_OPEN_CASES)
)

_ASKED = (
    exists()
    .where(same(answers, responses, _KEY), answers.c.item_id == "wish", answers.c.choice == "bring_up")
    .correlate(responses)
)

_IS_OWN = MY_OPEN_CASES.c.therapist_id == THERAPIST

OPEN_FLAGS = (
    select(
        *(rupture_flags.c.id, rupture_flags.c.case_code, rupture_flags.c.session_number, rupture_flags.c.seat),
        *(rupture_flags.c.status, rupture_flags.c.held_on, MY_OPEN_CASES.c.instrument_id, MY_OPEN_CASES.c.seats),
        *(_ASKED, and_(rupture_flags.c.status == FlagStatus.NEW, ~_ANSWERED_SINCE)),
        rupture_flags.c.direct,
        case((_IS_OWN, rupture_flags.c.fell_by), else_=0.0),
        *(rupture_flags.c.finding, responses.c.sealed_comment),
        *(case((_IS_OWN, MY_OPEN_CASES.c.sealed_label), else_=None), _IS_OWN),
        exists().where(same(changed_answers, rupture_flags, _KEY)).correlate(rupture_flags),
    )
    .select_from(MY_OPEN_CASES)
    .join(rupture_flags, case_of(rupture_flags, MY_OPEN_CASES))
    .join(responses, and_(same(responses, rupture_flags, _KEY), readable(responses, MY_OPEN_CASES)))
    .where(FLAG_IS_OPEN, rupture_flags.c.finding.isnot(None))
)
"""Flags whose answer stands and may be read, and whether they are new: marked so, and nothing shared since, which is
looked up for these alone. A case's label is its own therapist's alone, and so is what a score fell by: it is compared
with earlier answers, some of which a colleague may not see."""

_THESE = and_(
    rupture_flags.c.clinic_id == bindparam("clinic"), rupture_flags.c.id.in_(bindparam("flags", expanding=True))
)
_FLAG = rupture_flags.alias("these")

UP_TO = (
    meetings(
        READABLE,
        _FLAG.c.seat,
        _FLAG.join(cases, case_of(_FLAG)).join(
            therapy_sessions,
            and_(
                same(_FLAG, therapy_sessions, ("clinic_id", "case_code")),
                therapy_sessions.c.number > _FLAG.c.session_number - SPARK_SESSIONS,
                therapy_sessions.c.number <= _FLAG.c.session_number,
            ),
        ),
    )
    .where(_FLAG.c.clinic_id == bindparam("clinic"), _FLAG.c.id.in_(bindparam("flags", expanding=True)))
    .order_by(therapy_sessions.c.held_on, therapy_sessions.c.number, _FLAG.c.seat)
)
"""A meeting comes once for each of the flags it leads up to."""

SINCE = later_forms(_THESE, READABLE)
