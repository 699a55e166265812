"""Every table. What is *not* here is the point: no name, address, agent or exact time of a client.

Keys begin with the clinic, so that a large installation can be distributed or partitioned by it. Responses are keyed
by case, therapy session and seat: they have no id, no counter and no time of their own, and tables that hold them
have no hidden row number either.
"""

from feedback.persistence.tables.answers import (
    anonymous_responses,
    answers,
    erasures,
    pool,
    pool_keys,
    responses,
    withdrawals,
)
from feedback.persistence.tables.care import access_codes, cases, instruments, therapy_sessions
from feedback.persistence.tables.clinic import (
    audit,
    audit_ends,
    clinic_instruments,
    clinics,
    doors,
    ended_visits,
    invitations,
    staff,
    staff_sessions,
    teams,
    tries,
)
from feedback.persistence.tables.desk import case_staff, guesses, looks, notice_choices, weekly_days
from feedback.persistence.tables.identities import identities
from feedback.persistence.tables.judging import (
    detector_states,
    findings,
    flag_reviews,
    rating_sums,
    repairs,
    rupture_flags,
)
from feedback.persistence.tables.passkeys import passkeys
from feedback.persistence.tables.releases import ledger
from feedback.persistence.tables.second_step import recovery_codes, totp_seeds

__all__ = [
    "access_codes",
    "anonymous_responses",
    "answers",
    "audit",
    "audit_ends",
    "case_staff",
    "cases",
    "clinic_instruments",
    "clinics",
    "detector_states",
    "doors",
    "ended_visits",
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
    "pool",
    "pool_keys",
    "rating_sums",
    "recovery_codes",
    "repairs",
    "responses",
    "rupture_flags",
    "staff",
    "staff_sessions",
    "teams",
    "therapy_sessions",
    "totp_seeds",
    "tries",
    "weekly_days",
    "withdrawals",
]
