"""The words for who reads an answer, made from the one list that also gives the permission."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.domain.care import Clinic
from feedback.domain.who_reads import READERS, Reader
from feedback.web.i18n import gettext, gettext_noop, isolated, ngettext

SENTENCES: Mapping[frozenset[Reader], str] = {
    frozenset({Reader.THERAPIST, Reader.SUCCESSOR}): gettext_noop(
        "%(therapist)s can read what you send and knows it is yours. Whoever takes over your care can read it too."
    ),
    frozenset({Reader.THERAPIST, Reader.SUCCESSOR, Reader.SUPERVISOR}): gettext_noop(
        "%(therapist)s can read what you send and knows it is yours. If %(therapist)s asks a supervisor for advice, "
        "that supervisor can read it too. So can whoever takes over your care."
    ),
    frozenset(Reader): gettext_noop(
        "%(therapist)s and the therapists who work with %(therapist)s can read what you send and know it is yours. "
        "If they ask a supervisor for advice, that supervisor can read it too. So can whoever takes over your care."
    ),
}
"""By who may read it: whole sentences each, since no other language joins its parts as English does.

Clearer words for the same readers need no version of their own: a version is a promise on who may read, no wording.
"""


@dataclass(frozen=True, slots=True)
class WhoReads:
    """`lead` stands in bold before the first question, `rest` beside it, `more` one tap away."""

    lead: str
    rest: str
    more: tuple[str, ...]


def who_reads(clinic: Clinic, therapist: str, version: int) -> WhoReads:
    """Say who may read an answer sent under a version of the sentence, and what else people ask about it."""
    name = isolated(therapist)
    rest = gettext("No one else can.")
    if clinic.totals_enabled:
        rest += " " + gettext("At the end you can also choose that nobody reads it.")
    return WhoReads(gettext(SENTENCES[READERS[version]], therapist=name), rest, _more(clinic, name))


def _more(clinic: Clinic, name: str) -> tuple[str, ...]:
    return (
        gettext("Your name is not on this form, but %(therapist)s knows whose code this is.", therapist=name),
        gettext("The clinic sees only group totals, rounded and slightly blurred."),
        _ways(clinic, name),
        ngettext(
            "What you send to %(therapist)s is kept for %(num)s month, then deleted.",
            "What you send to %(therapist)s is kept for %(num)s months, then deleted.",
            clinic.retention_months,
            therapist=name,
        ),
        gettext("You can take it back sooner, with the receipt you get."),
        gettext("If someone is in danger, %(therapist)s may have to tell others.", therapist=name),
        gettext("You do not have to answer. It will not change your care."),
    )


def _ways(clinic: Clinic, name: str) -> str:
    if not clinic.totals_enabled:
        return gettext("At this clinic, what you send goes to %(therapist)s.", therapist=name)
    return gettext(
        "There are two ways to send. With the second, neither %(therapist)s nor the clinic can see your answers, "
        "or that you answered. The computer that receives them could technically read them until the figures of the "
        "quarter are made. Then they are deleted.",
        therapist=name,
    )
