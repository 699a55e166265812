"""Changing what a clinic has chosen for itself."""

from dataclasses import replace
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from feedback.domain.care import Clinic
from feedback.domain.clock import Clock
from feedback.domain.colour import palette_for
from feedback.domain.errors import Refused
from feedback.domain.help_numbers import preset_for
from feedback.domain.languages import LANGUAGES
from feedback.persistence.clinic.clinics import save_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit

LOWEST_BUDGET, HIGHEST_BUDGET = 0.05, 0.12
"""Share of answered forms that may be flagged beside a clear "Yes"."""

MOST_CODE_DAYS = 14
DIALS = frozenset("0123456789+*#")


def change_clinic(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, changed: Clinic, by: str) -> None:
    """Keep a clinic's new choices. Raises `Refused` for a choice the product cannot honour."""
    if changed.timezone not in available_timezones():
        raise Refused("A time zone is an IANA name such as Europe/London.")
    if not LOWEST_BUDGET <= changed.alert_budget <= HIGHEST_BUDGET:
        raise Refused("Between 5 and 12 of 100 forms may be flagged.")
    if not 1 <= changed.code_days <= MOST_CODE_DAYS:
        raise Refused(f"A code works for 1 to {MOST_CODE_DAYS} days.")
    if any(not number.dialled or set(number.dialled) - DIALS for number in changed.help_numbers):
        raise Refused("What is dialled has digits, and +, * or # where needed, without blanks.")
    if not changed.languages or len(set(changed.languages)) < len(changed.languages):
        raise Refused("Choose at least one language for clients.")
    if not LANGUAGES.keys() >= set(changed.languages):
        raise Refused("Choose among the languages that there are.")
    if changed.accent:
        palette_for(changed.accent)
    if changed.quick_exit and not _is_open_address(changed.quick_exit):
        raise Refused(
            "The way out is an open https address without a name or password in it, such as https://www.bbc.com."
        )
    save_clinic(uow, changed)
    record_audit(uow, clock, keyring, actor=by, action="clinic.changed", subject=changed.id)


def _is_open_address(address: str) -> bool:
    """Return whether a link may lead there from every client page: https, a named host, and no secret in it."""
    try:
        parts = urlsplit(address)
        named = "." in (parts.hostname or "") and parts.port is None
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    return (
        parts.scheme == "https" and named and plain and "@" not in parts.netloc and not (parts.query or parts.fragment)
    )


def use_preset(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, clinic: Clinic, country: str, by: str) -> None:
    """Put a country's help numbers and complaints body in place of the clinic's. Raises `Refused` for one unknown."""
    preset = preset_for(country)
    if preset is None:
        raise Refused("There is no list for this country. Please enter the numbers yourself.")
    changed = replace(clinic, country=preset.country, help_numbers=preset.help_numbers, complaints=preset.complaints)
    change_clinic(uow, clock, keyring, changed=changed, by=by)
