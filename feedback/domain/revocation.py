"""Access that was taken away, as the journal keeps it: what it was, and in which record of the audit log it stands.

A restored backup knows nothing of what was taken away after it was made. Its audit log holds the record of everything
taken away before, so the record tells the two apart, whatever was given back in between.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class RevocationKind(StrEnum):
    """What was taken away. The value stands in the journal and names the action in a restored clinic's audit log."""

    ACCOUNT = "account_disabled"
    PASSWORD = "password_replaced"  # noqa: S105  the name of what was replaced
    INVITATION = "invitation_replaced"
    SECOND_STEP = "second_step_replaced"
    RECOVERY_CODES = "recovery_codes_replaced"
    RECOVERY_CODE = "recovery_code_used"
    PASSKEY = "passkey_removed"
    PROVIDER_LINK = "provider_link_ended"
    LOCAL_SIGN_IN = "local_sign_in_ended"
    CASE_SHARE = "case_share_ended"
    CASE_GIVEN = "case_handed_over"
    CASE_LED = "case_lead_ended"
    ACCESS_CODE = "access_code_revoked"

    @property
    def action(self) -> str:
        """Return the action that the audit log of a restored clinic names."""
        return f"restore.{self}"


@dataclass(frozen=True, slots=True)
class Revocation:
    """One access that is taken away. `ids` name it within its clinic: an account, a case and an account, a code."""

    kind: RevocationKind
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotedRevocation:
    """A line of the journal: `digest` is a keyed hash of the ids, `chain` the link of the record in the audit log."""

    clinic_id: str
    kind: RevocationKind
    digest: bytes
    chain: bytes

    @property
    def line(self) -> str:
        """Return it as a line of text."""
        return f"{self.clinic_id} {self.kind} {self.digest.hex()} {self.chain.hex()}"

    @classmethod
    def read(cls, line: str) -> "NotedRevocation":
        """Return what a line says. Raises `ValueError` for one that is none."""
        clinic_id, kind, digest, chain = line.split(" ")
        return cls(clinic_id, RevocationKind(kind), bytes.fromhex(digest), bytes.fromhex(chain))


def revoked_since(
    noted: Iterable[NotedRevocation], clinic_id: str, recorded: Collection[bytes]
) -> tuple[NotedRevocation, ...]:
    """Return what was taken away in a clinic after its audit log ended, in the order of the journal.

    `recorded` holds the links of all records of that log. A removal that failed after its line was written is in no
    log and counts as done: somebody had asked for it.
    """
    return tuple(one for one in noted if one.clinic_id == clinic_id and one.chain not in recorded)
