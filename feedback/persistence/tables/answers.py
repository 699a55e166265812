"""What clients sent: answers that a therapist has, by case, session and seat; sealed submissions, by receipt."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    literal_column,
)

from feedback.domain.response import WithdrawnBy
from feedback.domain.told import TOLD_CHOICES
from feedback.persistence.base import one_of
from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, seat_known, text

responses = clustered(
    "responses",
    "clinic_id case_code session_number seat",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("instrument_id"),
    Column("instrument_version", Integer, nullable=False),
    text("language"),
    Column("steps", Integer, nullable=False),
    Column("who_reads_version", Integer, nullable=False),
    Column("score", Float),
    Column("sealed_comment", LargeBinary),
    Column("nonce_hash", LargeBinary, nullable=False),
    Column("receipt_hash", LargeBinary, nullable=False),
    text("counted_for", null=True),
    UniqueConstraint("clinic_id", "receipt_hash"),
    belongs_to("case_code session_number", "therapy_sessions", "case_code number"),
    CheckConstraint("score BETWEEN 0 AND 10", name="score_range"),
    seat_known(),
    carried="instrument_id score",
)

"""`counted_for` is the therapist into whose sums the score was counted, so that it is taken out of the same ones."""

answers = clustered(
    "answers",
    "clinic_id case_code session_number seat item_id choice",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("item_id"),
    text("choice"),
    Column("value", Float),
    belongs_to("case_code session_number seat", "responses"),
    CheckConstraint("value BETWEEN 0 AND 10", name="value_range"),
    CheckConstraint("(value IS NULL) = (choice <> '')", name="rated_or_chosen"),
    carried="value",
)

HAS_COMMENT = responses.c.sealed_comment.isnot(None)
"""Chooses the answers with a comment, by an index over these alone."""

Index(
    "ix_responses_clinic_id_case_code_commented",
    responses.c.clinic_id,
    responses.c.case_code,
    sqlite_where=HAS_COMMENT,
    postgresql_where=HAS_COMMENT,
)

MAY_BE_TOLD = answers.c.choice.in_([literal_column(f"'{choice}'") for choice in sorted(set(TOLD_CHOICES.values()))])
"""Chooses the choices that can be a wish to talk or a clear "Yes", by an index over these alone. Written out, in one
order: else the index would not be used."""

Index(
    "ix_answers_clinic_id_case_code_told",
    answers.c.clinic_id,
    answers.c.case_code,
    sqlite_where=MAY_BE_TOLD,
    postgresql_where=MAY_BE_TOLD,
)

withdrawals = clustered(
    "withdrawals",
    "clinic_id case_code session_number seat",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("withdrawn_by"),
    belongs_to("case_code session_number", "therapy_sessions", "case_code number"),
    one_of("withdrawn_by", WithdrawnBy, "withdrawn_by_known"),
    seat_known(),
)
"""Where an answer was shared and is gone. The row goes when the place has an answer again."""

changed_answers = clustered(
    "changed_answers",
    "clinic_id case_code session_number seat",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    belongs_to("case_code session_number seat", "responses"),
    seat_known(),
)
"""Shared answers that their client replaced after somebody may have read the first one. It goes with the answer."""

unmarked_changes = clustered(
    "unmarked_changes",
    "clinic_id case_code session_number seat",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    belongs_to("case_code session_number seat", "changed_answers"),
    seat_known(),
)
"""Changed answers that nobody has marked since: a mark of a flag made before the change does not cover it."""

taken_back = clustered(
    "taken_back",
    "clinic_id receipt_hash",
    clinic_key(),
    Column("receipt_hash", LargeBinary, nullable=False),
    text("month"),
)
"""Receipts whose answer was withdrawn, with the month (`2026-03`): the same form sent again brings nothing back. They
go when the journal forgets them as well.
"""

erasures = clustered("erasures", "clinic_id id", clinic_key(), text("id"))
"""One row for each answer that was deleted and whose bytes may still lie in the files; gone once they are erased."""

sealed_submissions = clustered(
    "sealed_submissions",
    "id",
    Column("id", LargeBinary, nullable=False),
    clinic_key(),
    text("key_id"),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "clinic_id"),
)
"""What clients sent without the therapist seeing it. Case, session, seat and day are in `sealed` alone; `id` is the
keyed hash of the sender's own receipt, by which a row is found before the clinic is known.
"""

submission_keys = clustered(
    "submission_keys",
    "id",
    text("id"),
    Column("public_key", LargeBinary, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("rewritten_on", Date, nullable=False),
)
"""Public keys, one for each quarter. `rewritten_on` is the day of the last nightly rewrite (`rewrite_submissions`)."""
