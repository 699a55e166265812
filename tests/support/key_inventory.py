"""`docs/keys.md`: every key, every secret that is drawn, and how each column of bytes is protected.

Keys come from `feedback/security/key_uses.py`, lengths from the code that draws them, columns from the tables. A column
of bytes that nobody describes here fails the house tests, and so does a description whose column is gone.
"""

from sqlalchemy import LargeBinary

from feedback.domain import access
from feedback.persistence import tables as _tables  # noqa: F401  fills the metadata
from feedback.persistence.base import metadata
from feedback.persistence.upkeep.sealed_columns import SEALED
from feedback.security.key_files import KEY_BYTES, MARKS
from feedback.security.key_uses import USES
from feedback.services.accounts import invite_staff, keep_signed_in, set_up_second_step

_SEALED = "sealed with `data`"
_CODES = "HMAC under `codes`"

COLUMNS = {
    "responses.sealed_comment": _SEALED,
    "responses.nonce_hash": "HMAC under `nonces`",
    "responses.receipt_hash": _CODES,
    "taken_back.receipt_hash": _CODES,
    "sealed_submissions.id": _CODES,
    "sealed_submissions.sealed": "libsodium sealed box to the quarter's public key; the private one is in `pool/`",
    "submission_keys.public_key": "public",
    "cases.sealed_label": _SEALED,
    "access_codes.token_hash": _CODES,
    "access_codes.typed_hash": _CODES,
    "access_codes.sealed_token": _SEALED,
    "access_codes.sealed_typed": _SEALED,
    "tenant_lookup.hash": _CODES,
    "invitations.hash": _CODES,
    "staff_sessions.hash": _CODES,
    "failed_attempts.hash": "HMAC under `codes` or `staff-pages`",
    "tablet_visits.tablet": "HMAC under `nonces` over a random id",
    "tablet_visits.visit": "HMAC under `nonces` over a random id and how far the visit has come",
    "audit_log.chain": "HMAC under `audit` over the record and the one before",
    "audit_log_heads.mark": "HMAC under `audit`",
    "detector_states.state": "none: numbers about answers, as those are",
    "repair_notes.sealed_note": _SEALED,
    "passkeys.credential": "none: an identifier drawn by the authenticator",
    "passkeys.public_key": "public",
    "totp_seeds.sealed_seed": _SEALED,
    "identities.hash": f"{_CODES}, over issuer and subject",
    "recovery_codes.hash": _CODES,
    "staff.password_hash": "Argon2id, 64 MiB, 3 passes, 1 lane",
}
"""How the content of a column of bytes, or of a password, is protected from who has the database alone."""

HEAD = f"""\
# Keys

Every key is {KEY_BYTES} random bytes in a file of its own in `FEEDBACK_KEYS_DIR`, mode 0400 in a folder of mode 0700,
outside the data folder. All of them are read by the product's account and by nobody else; no backup holds one. A key
that is missing, damaged, an example, readable by others or another installation's stops the start with its name and
what to do: its mark stands in `{MARKS}` beside it, and `codes`, `data` and `audit` are held against what is in the
database. This page is written by `make docs` from the code.

| key | protects | by | used by | when it is turned over | when it is lost |
|---|---|---|---|---|---|
"""

POOL = (
    "| `pool/*.key` | what clients sent without the therapist seeing it, until figures are made of it | X25519, "
    "XSalsa20-Poly1305 (libsodium's sealed box) | due work alone; pages use the public half and need not be able to "
    "read this folder | every quarter; overwritten and deleted when nothing is sealed to it any more | those answers "
    "cannot be read by anybody: `file-pool` says how to give them up |\n"
)

LETTERS = 5
"""Bits in each letter of the alphabet that codes are drawn in."""


def key_page() -> str:
    """Write the page."""
    keys = "".join(
        f"| `{name}` | {use.protects} | {use.algorithm} | {use.used_by} | {_turned(name)} | {use.lost} |\n"
        for name, use in USES.items()
    )
    drawn = "".join(f"| {what} | {bits} | {lives} |\n" for what, bits, lives in _drawn())
    columns = "".join(f"| `{name}` | {how} |\n" for name, how in COLUMNS.items())
    parts = [HEAD, keys, POOL, "\n## What is drawn\n\nAll of it by the operating system's source (`secrets`).\n\n"]
    parts += ["| what | bits | lives |\n|---|---|---|\n", drawn, "\n## Columns of bytes\n\n"]
    parts += [
        "What somebody finds there who has the database alone. What else each table holds, for whom and how long, "
    ]
    parts += ["stands in the [data map](data-map.md).\n\n| column | protected by |\n|---|---|\n", columns]
    return "".join(parts)


def _turned(name: str) -> str:
    if name == "data":
        return f"`keys rotate`, while the clinic works; {len(SEALED)} columns are sealed anew"
    return (
        "`keys init --lost`, for a lost one" if USES[name].may_be_replaced else "never: its hashes cannot be made anew"
    )


def _drawn() -> tuple[tuple[str, int, str], ...]:
    return (
        ("link of a code", access.TOKEN_LENGTH * LETTERS, "to its last day"),
        ("typed code", access.TYPED_LENGTH * LETTERS, "to its last day; guesses are counted"),
        ("sign-in of staff", keep_signed_in.COOKIE_LENGTH * LETTERS, "30 minutes unused, 12 hours in all"),
        ("invitation", invite_staff._TOKEN_LENGTH * LETTERS, "72 hours, once"),
        ("recovery code", set_up_second_step.CODE_LENGTH * LETTERS, "once; guesses are counted"),
        ("seed of an authenticator app", 160, "until another takes its place"),
    )


def columns_of_bytes() -> set[str]:
    """Name every column that holds bytes, and that of passwords."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, LargeBinary) or column.name == "password_hash"
    }
