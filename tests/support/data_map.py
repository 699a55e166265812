"""`docs/data-map.md`: every table and file, what it holds, who may read it, and how long it stays.

The columns come from the tables themselves. A table that nobody describes here fails the house tests, and so does a
description whose table is gone.
"""

from typing import NamedTuple

from feedback.persistence import tables as _tables  # noqa: F401  fills the metadata
from feedback.persistence.base import metadata
from feedback.security.key_uses import PURPOSES


class Kept(NamedTuple):
    """What one table holds, who may read it in the product, and how long a row stays."""

    holds: str
    readers: str
    stays: str


CLIENTS = {
    "responses": Kept(
        "What a client sent to the therapist: mean on 0–10, language, version of the sentence on who reads it, the "
        "comment sealed, hashes of form key and receipt. No time, no device, no name.",
        "the therapists of the case, a supervisor asked, as far as its sentence named them",
        "as long as the clinic has set, 3–24 months; until withdrawn; the comment 90 days",
    ),
    "answers": Kept(
        "One answer each: item, place on its scale, value on 0–10.",
        "whom the sentence it was sent under names",
        "as above",
    ),
    "sealed_submissions": Kept(
        "What a client sent for nobody to read, sealed to the public key of its quarter, case and day with it. The "
        "row's key is a hash of the receipt. Of one that was withdrawn only that hash.",
        "nobody; it is opened when its quarter's figures are made, without being shown",
        "until its quarter's figures are made, seven days after the quarter; until withdrawn",
    ),
    "withdrawals": Kept(
        "That an answer of a therapy session was taken back, or removed as not from the client.",
        "whom the sentence it was sent under names",
        "until the session is answered again; with the case",
    ),
    "changed_answers": Kept(
        "That a client replaced an answer of a therapy session after it may have been read. Not what it said before.",
        "whom the sentence it was sent under names",
        "with the answer",
    ),
    "unmarked_changes": Kept(
        "That nobody has marked such a changed answer since.",
        "whom the sentence it was sent under names",
        "until it is marked; with the answer",
    ),
    "taken_back": Kept(
        "Hash of a receipt whose answer was withdrawn, and the month: the same form sent again brings nothing back.",
        "nobody",
        "as long as the journal knows it, 35 days after the month, and the next purge that deletes anything",
    ),
    "erasures": Kept(
        "That something was deleted whose bytes the night has yet to erase from the files.", "nobody", "a day"
    ),
}

JUDGEMENTS = {
    "findings": Kept("What the detection method says of one answer, and why.", "the therapist", "with the answer"),
    "rupture_flags": Kept(
        "A possible rupture: session, status, finding, and what the finding weighs in the order of a caseload.",
        "the therapist",
        "with the answer or case",
    ),
    "flag_reviews": Kept("Each step of a review, with its day.", "the therapist", "with the flag"),
    "repair_notes": Kept(
        "When it was talked about, and the therapist's note, sealed.", "the therapist", "with the flag"
    ),
    "detector_states": Kept("What a method remembers of a case's answers, as numbers.", "nobody", "with the answers"),
}

CARE = {
    "cases": Kept(
        "An opaque code drawn by the system, its therapist, its days, the language its forms come in if "
        "one was set, the therapist's label, sealed.",
        "the therapist",
        "with the clinic",
    ),
    "therapy_sessions": Kept("The date the therapist set.", "the therapist", "with the case"),
    "case_staff": Kept(
        "Who works on a case besides its therapist, or advises on it, and until which day.",
        "the therapists of the case",
        "until ended; with the case",
    ),
    "weekly_days": Kept("The day of the week on which a case meets.", "the therapists of the case", "with the case"),
    "therapist_predictions": Kept(
        "How a therapist guessed a session had been, on 0–10, before opening the answer.",
        "oneself",
        "with the session",
    ),
    "read_receipts": Kept(
        "Which shared answers somebody has opened, seen a part of, or was told of by mail.",
        "oneself",
        "with the answer",
    ),
    "told_marks": Kept(
        "That a therapist has talked about what a client told outright where no flag was raised, and the day.",
        "the therapists of the case",
        "with the answer",
    ),
    "access_codes": Kept(
        "Hashes of link and typed code; both sealed while they live; the day they end.",
        "the therapist; the front desk for one it hands out",
        "seven days after they end",
    ),
}

STAFF = {
    "staff": Kept("Name, e-mail, role, team, hash of the password.", "clinic admin", "with the clinic"),
    "invitations": Kept("Hash of a link and when it ends.", "nobody", "72 hours, or until used"),
    "staff_sessions": Kept("Hash of a cookie; when signed in and last seen.", "oneself", "12 hours at most"),
    "totp_seeds": Kept("The second step's seed, sealed, and the last step used.", "nobody", "with the account"),
    "identities": Kept(
        "Hash of who somebody is at the organisation’s sign-in, since which day; if a password works beside it.",
        "oneself",
        "until the operator ends it",
    ),
    "passkeys": Kept(
        "The public half of a passkey, its owner's name for it, the day it was added.", "oneself", "until removed"
    ),
    "recovery_codes": Kept("Hashes of unused recovery codes.", "nobody", "until used"),
    "notice_choices": Kept(
        "How often at most somebody wants mail, and the day of the last.", "oneself", "until they stop it"
    ),
    "audit_log": Kept(
        "What staff did and, once a day and case, read: when, who, what, which case or account.",
        "auditor; own entries oneself",
        "with the clinic",
    ),
    "reads": Kept(
        "On which day a therapist last read a case of theirs or their first page, so that the log says it once a day.",
        "nobody",
        "with the account",
    ),
    "audit_log_heads": Kept("How far that log reaches, marked under a key.", "nobody", "with the clinic"),
}

CLINIC = {
    "clinics": Kept("The clinic's name and choices.", "its staff", "with the clinic"),
    "teams": Kept("Names of teams, and the day one was archived.", "clinic admin", "with the clinic"),
    "instruments": Kept("Questionnaires that come with the product, by version.", "everybody", "for good"),
    "clinic_instruments": Kept("Questionnaires a clinic brought.", "its staff and clients", "with the clinic"),
    "ledger": Kept("Published figures, chained.", "all staff but the front desk", "with the clinic"),
    "tenant_lookup": Kept("Hashes that lead to a clinic before it is known which.", "nobody", "with what they lead to"),
    "failed_attempts": Kept(
        "How often an account failed a second step or a case code, and what was used once, by window of time.",
        "nobody",
        "until the window is over",
    ),
    "tablet_visits": Kept(
        "Which visit goes on at a shared tablet: keyed hashes of two random ids, and the hour.",
        "nobody",
        "until the visit ends, two hours at most",
    ),
    "submission_keys": Kept(
        "Public keys of sealed submissions, and days.", "nobody", "until nothing is sealed to them"
    ),
}

GROUPS = {
    "What clients send": CLIENTS,
    "What is made of it": JUDGEMENTS,
    "Care": CARE,
    "Staff": STAFF,
    "The clinic and the product": CLINIC,
}

HEAD = """\
# Data map

Every table of the database with its columns: what it holds, who may read it through the product, how long a row stays.
*Sealed* means AES-256-GCM under a key outside the data folder. No column holds a client's name, birth date, e-mail,
phone number, network address, device or the time of an answer. This page is written by `make docs`; a table that is
not described fails the tests. Not legal advice.
"""

FILES = f"""
## Files

| where | what | who reads it |
|---|---|---|
| `FEEDBACK_DATA_DIR` | the database, its log and locks; `journal/` with published figures and hashes of withdrawn receipts, digests of changed answers, keyed hashes of access that was taken away and links of its records in the audit log | the product's account |
| `FEEDBACK_KEYS_DIR` | {len(PURPOSES)} keys, one for each purpose: {", ".join(PURPOSES)}; `pool/` with what opens the pool, in no backup; more in [keys](keys.md) | the product's account |
| backups | everything the database holds at one moment, sealed with the key `backups` | who has both file and key |
| logs | what staff pages were asked for and how it ended; daily counts for client pages, in tens; no address, no code | the operator |
"""  # noqa: E501  a table of Markdown has long lines


def data_map() -> str:
    """Write the page."""
    parts = [HEAD]
    for title, group in GROUPS.items():
        parts.append(f"\n## {title}\n\n| table | holds | may be read by | stays | columns |\n|---|---|---|---|---|\n")
        for name, kept in group.items():
            columns = ", ".join(f"`{column.name}`" for column in metadata.tables[name].c)
            parts.append(f"| `{name}` | {kept.holds} | {kept.readers} | {kept.stays} | {columns} |\n")
    return "".join(parts) + FILES
