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
    audit,
    audit_ends,
    clinic_instruments,
    clinics,
    doors,
    invitations,
    staff,
    staff_sessions,
    tablet_visits,
    teams,
    tries,
)
from feedback.persistence.tables.desk import case_staff, guesses, looks, notice_choices, reads, told_marks, weekly_days
from feedback.persistence.tables.identities import identities
from feedback.persistence.tables.judging import (
    detector_states,
    findings,
    flag_reviews,
    repairs,
    rupture_flags,
)
from feedback.persistence.tables.passkeys import passkeys
from feedback.persistence.tables.releases import ledger
from feedback.persistence.tables.second_step import recovery_codes, totp_seeds

__all__ = [
    "access_codes",
    "answers",
    "audit",
    "audit_ends",
    "case_staff",
    "cases",
    "changed_answers",
    "clinic_instruments",
    "clinics",
    "detector_states",
    "doors",
    "erasures",
    "findings",
    "flag_reviews",
    "guesses",
    "identities",
    "instruments",
    "invitations",
    "ledger",
    "looks",
    "notice_choices",
    "passkeys",
    "reads",
    "recovery_codes",
    "repairs",
    "responses",
    "rupture_flags",
    "sealed_submissions",
    "staff",
    "staff_sessions",
    "submission_keys",
    "tablet_visits",
    "taken_back",
    "teams",
    "therapy_sessions",
    "told_marks",
    "totp_seeds",
    "tries",
    "unmarked_changes",
    "weekly_days",
    "withdrawals",
]
