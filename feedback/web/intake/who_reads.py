"""The words for who reads an answer, made from the one list that also gives the permission."""

from dataclasses import dataclass

from feedback.domain.care import Clinic
from feedback.domain.who_reads import READERS, WHO_READS_VERSION, Reader

_NAMED = {Reader.SUCCESSOR: "whoever takes over your care"}
_ORDER = (Reader.THERAPIST, Reader.SUCCESSOR)


@dataclass(frozen=True, slots=True)
class WhoReads:
    """`lead` stands in bold before the first question, `rest` beside it, `more` one tap away."""

    lead: str
    rest: str
    more: tuple[str, ...]


def who_reads(clinic: Clinic, therapist: str) -> WhoReads:
    """Say who may read an answer sent to the therapist of this clinic, and what else people ask about it."""
    named = {Reader.THERAPIST: f"{therapist}, your therapist", **_NAMED}
    readers = [named[reader] for reader in _ORDER if reader in READERS[WHO_READS_VERSION]]
    listed = f"{', '.join(readers[:-1])}, and {readers[-1]}" if len(readers) > 1 else readers[0]
    listed = listed[:1].upper() + listed[1:]
    choice = " At the end you can also choose that nobody reads it." if clinic.totals_enabled else ""
    return WhoReads(f"{listed} can read what you send.", f"No one else can.{choice}", _more(clinic, therapist))


def _more(clinic: Clinic, therapist: str) -> tuple[str, ...]:
    counted = (
        f"There are two ways to send. With the second, neither {therapist} nor the clinic can see your answers, "
        "or that you answered. The computer that receives them could technically read them until they are filed."
    )
    one_way = f"At this clinic, what you send goes to {therapist}."
    kept = f"What you send to {therapist} is kept for {clinic.retention_months} months, then deleted."
    return (
        "Your name is not on this form. The clinic sees only group totals, rounded and slightly blurred.",
        counted if clinic.totals_enabled else one_way,
        kept,
        "You can take it back sooner.",
        f"If someone is in danger, {therapist} may have to tell others.",
        "You do not have to answer. It will not change your care.",
    )
