"""What clients sent: shared answers by place, counted ones sealed in the pool."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Date, Float, Integer, LargeBinary, UniqueConstraint

from feedback.domain.response import WithdrawnBy
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

pool = clustered(
    "pool",
    "clinic_id id",
    clinic_key(),
    Column("id", LargeBinary, nullable=False),
    Column("receipt_hash", LargeBinary, nullable=False),
    text("key_id"),
    Column("sealed", LargeBinary, nullable=False),
)
"""Answers that nobody reads, sealed to a public key; the web process cannot open them again."""

pool_keys = clustered(
    "pool_keys", "id", text("id"), Column("public_key", LargeBinary, nullable=False), Column("made_on", Date)
)

anonymous_responses = clustered(
    "anonymous_responses",
    "clinic_id id",
    clinic_key(),
    text("id"),
    text("month"),
    text("instrument_id"),
    Column("instrument_version", Integer, nullable=False),
    Column("ratings", JSON, nullable=False),
    text("direct", null=True),
    Column("receipt_hash", LargeBinary, nullable=False),
    Column("withdrawn", Boolean(create_constraint=True, name="withdrawn_is_bool"), nullable=False),
    UniqueConstraint("clinic_id", "receipt_hash"),
)
"""Answers that are only counted. Every filing gives all of them fresh ids and writes them anew in that order."""
