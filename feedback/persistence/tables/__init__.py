"""Every table. What is *not* here is the point: no name, address, agent or exact time of a client.

The one instant is when a visit to a shared tablet began, for its minutes; it says neither whose, nor what became of it.

Keys begin with the clinic, so that a large installation can be distributed or partitioned by it. Responses are keyed
by case, therapy session and seat: they have no id, no counter and no time of their own, and tables that hold them
have no hidden row number either.
"""

from feedback.persistence.tables.answers import (
    answers,
    changed_answers,
    erasures,
    responses,
    sealed_submissions,
    submission_keys,
    taken_back,
    unmarked_changes,
    withdrawals,
)
from feedback.persistence.tables.care import access_codes, cases, instruments, therapy_sessions
from feedback.persistence.tables.clinic import (
    audit_log,
    audit_log_heads,
    clinic_instruments,
    clinics,
    failed_attempts,
    invitations,
    staff,
    staff_sessions,
    tablet_visits,
    teams,
    tenant_lookup,
)
from feedback.persistence.tables.desk import (
    case_staff,
    notice_choices,
    read_receipts,
    reads,
    therapist_predictions,
    told_marks,
    weekly_days,
)
from feedback.persistence.tables.identities import identities
from feedback.persistence.tables.judging import (
    detector_states,
    findings,
    flag_reviews,
    repair_notes,
    rupture_flags,
)
from feedback.persistence.tables.passkeys import passkeys
from feedback.persistence.tables.releases import ledger
from feedback.persistence.tables.second_step import recovery_codes, totp_seeds

__all__ = [
    "access_codes",
    "answers",
    "audit_log",
    "audit_log_heads",
    "case_staff",
    "cases",
    "changed_answers",
    "clinic_instruments",
    "clinics",
    "detector_states",
    "erasures",
    "failed_attempts",
    "findings",
    "flag_reviews",
    "identities",
    "instruments",
    "invitations",
    "ledger",
    "notice_choices",
    "passkeys",
    "read_receipts",
    "reads",
    "recovery_codes",
    "repair_notes",
    "responses",
    "rupture_flags",
    "sealed_submissions",
    "staff",
    "staff_sessions",
    "submission_keys",
    "tablet_visits",
    "taken_back",
    "teams",
    "tenant_lookup",
    "therapist_predictions",
    "therapy_sessions",
    "told_marks",
    "totp_seeds",
    "unmarked_changes",
    "weekly_days",
    "withdrawals",
]
