"""Writing down that therapists read what is their own: once a day and case, and nothing of what they read.

Reads by anybody else are written down one by one. Those of a case's own therapist are too many for that, and one a day
is enough to find that somebody else used the sign-in.
"""

from datetime import date

from feedback.domain.care import Staff
from feedback.domain.clock import Clock
from feedback.persistence.database import UnitOfWork
from feedback.persistence.read_log import last_read_on, move_last_read
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit

FIRST_PAGE = "first-page"
"""Stands for the page that shows what is new in all cases, where a case code stands for a case."""

OWN_FIGURES = "own-figures"
"""Stands for the page that shows what one guessed beside what was answered."""

_PAGES = {FIRST_PAGE: "first_page.read", OWN_FIGURES: "own_figures.read"}


def has_read(uow: UnitOfWork, *, subject: str, by: Staff, today: date) -> bool:
    """Return whether a read of this case or page is in the log for a local day."""
    return last_read_on(uow, by.id, subject) == today


def note_read(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, subject: str, by: Staff, today: date) -> None:
    """Write a read into the log unless it is there for that local day. `subject` is a case code or a page."""
    if not move_last_read(uow, by.id, subject, today):
        return
    page = _PAGES.get(subject)
    action, about = (page, by.id) if page else ("case.read", subject)
    record_audit(uow, clock, keyring, actor=by.id, action=action, subject=about)
