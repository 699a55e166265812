"""What each key is for: the list that keys are drawn from, checked by, and that `docs/keys.md` is written from."""

from dataclasses import dataclass
from typing import Final

_HMAC = "HMAC-SHA-256"


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key. `lost` says what its loss means; `may_be_replaced` when the clinic can go on with a new one."""

    protects: str
    algorithm: str
    used_by: str
    lost: str
    may_be_replaced: bool = False


USES: Final[dict[str, KeyUse]] = {
    "codes": KeyUse(
        "look-ups: links and typed codes, receipts, sealed submissions, digests of changed answers and ended access, "
        "e-mail addresses, invitations, sign-ins, recovery codes; the salt that accounts of one address share; "
        "counters of guesses",
        _HMAC,
        "pages for clients and staff, commands",
        "no link opens and nobody signs in: restore it",
    ),
    "nonces": KeyUse(
        "the one-time key of each form, and the receipt derived from it; which visit goes on at a shared tablet",
        _HMAC,
        "pages for clients",
        "forms that are open somewhere come back once with everything in them; receipts still work",
        may_be_replaced=True,
    ),
    "data": KeyUse(
        "comments, notes on repairs, labels of cases, codes while they live, seeds of authenticator apps",
        "AES-256-GCM, bound to table, column, clinic and row",
        "pages for clients and staff, `keys rotate`",
        "what was sealed cannot be read by anybody: restore it",
    ),
    "audit": KeyUse(
        "the chain and the end mark of the audit log",
        _HMAC,
        "pages for staff, commands",
        "the log so far can no longer be checked: restore it",
    ),
    "staff-pages": KeyUse(
        "the token of each staff form, tickets between the two steps of a sign-in, challenges of passkeys, marks of "
        "known devices, links that end notices",
        _HMAC,
        "pages for staff, mail",
        "pages that are open ask to be loaded again; links in mails sent before end nothing",
        may_be_replaced=True,
    ),
    "backups": KeyUse(
        "backups",
        "XChaCha20-Poly1305 (libsodium's secret stream), each piece bound to its place",
        "`db backup`, `db restore`",
        "backups made before cannot be read; make a new one at once",
        may_be_replaced=True,
    ),
}
"""By purpose, in the order in which they are drawn. Each is 32 random bytes in a file of its own."""

PURPOSES: Final = tuple(USES)
REPLACEABLE: Final = tuple(purpose for purpose, use in USES.items() if use.may_be_replaced)
