"""The therapist's desk: who else works on a case, its weekly day, guesses, what was looked at, which notices."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Float, Index, Integer

from feedback.domain.care import Part
from feedback.domain.notice import Pace
from feedback.persistence.base import one_of
from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, seat_known, text

case_staff = clustered(
    "case_staff",
    "clinic_id case_code staff_id",
    clinic_key(),
    text("case_code"),
    text("staff_id"),
    text("part"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    belongs_to("case_code", "cases", "code"),
    belongs_to("staff_id", "staff", "id"),
    one_of("part", Part, "part_known"),
    CheckConstraint("(part = 'supervisor') = (until IS NOT NULL)", name="supervisor_for_a_time"),
    Index(None, "clinic_id", "staff_id"),
)
"""Who works on a case besides its therapist (`cases.therapist_id`). `until` is the last local day."""

weekly_days = clustered(
    "weekly_days",
    "clinic_id case_code",
    clinic_key(),
    text("case_code"),
    Column("weekday", Integer, nullable=False),
    Column("since", Date, nullable=False),
    belongs_to("case_code", "cases", "code"),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
)
"""The day on which a case usually meets, 0 for Monday. Planned days are worked out from it and are no rows."""

therapist_predictions = clustered(
    "therapist_predictions",
    "clinic_id case_code session_number seat staff_id",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("staff_id"),
    Column("value", Float, nullable=False),
    belongs_to("case_code session_number", "therapy_sessions", "case_code number"),
    belongs_to("staff_id", "staff", "id"),
    CheckConstraint("value BETWEEN 0 AND 10", name="value_range"),
    seat_known(),
    Index(None, "clinic_id", "staff_id"),
)

read_receipts = clustered(
    "read_receipts",
    "clinic_id case_code session_number seat staff_id",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("staff_id"),
    Column("opened", Boolean(create_constraint=True, name="opened_is_bool"), nullable=False),
    belongs_to("case_code session_number seat", "responses"),
    belongs_to("staff_id", "staff", "id"),
)
"""Which shared answers somebody has opened, or (not `opened`) saw in part or was told of. It goes with the answer."""

told_marks = clustered(
    "told_marks",
    "clinic_id case_code session_number seat",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("by_staff"),
    Column("on_day", Date, nullable=False),
    belongs_to("case_code session_number seat", "responses"),
)
"""That a therapist has talked about what a client told outright, where no flag was raised. It goes with the answer."""

reads = clustered(
    "reads",
    "clinic_id staff_id subject",
    clinic_key(),
    text("staff_id"),
    text("subject"),
    Column("on_day", Date, nullable=False),
    belongs_to("staff_id", "staff", "id"),
)
"""The latest day on which a read by a case's own therapist was written into the audit log: once a day is enough."""

notice_choices = clustered(
    "notice_choices",
    "clinic_id staff_id",
    clinic_key(),
    text("staff_id"),
    text("pace"),
    Column("last_sent_on", Date),
    belongs_to("staff_id", "staff", "id"),
    one_of("pace", Pace, "pace_known"),
)
"""Who wants mail, and how often at most. Nobody gets any without a row here."""
