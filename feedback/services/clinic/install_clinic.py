"""Founding a clinic: its row, its country's help numbers to start from, and the first submission key."""

from feedback.domain.care import Chance, Clinic
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import Refused
from feedback.domain.help_numbers import preset_for
from feedback.domain.languages import languages_to_start_with
from feedback.domain.plain_text import plain_text
from feedback.persistence.answers.sealed_submissions import add_submission_key, newest_submission_key
from feedback.persistence.clinic.clinics import add_clinic, only_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.security.sealed_box import make_submission_key
from feedback.services.audit.record_audit import record_audit

NAME_LENGTH = 80


def install_clinic(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, name: str, country: str, timezone: str, by: str
) -> tuple[UnitOfWork, Clinic]:
    """Found the installation's clinic and give it, with the unit of work scoped to it.

    Raises `Refused` when there is a clinic already, or name or country will not do.
    """
    present = only_clinic(uow)
    if present is not None:
        raise Refused(f"This installation already holds a clinic, {present.name}. Invite people with: feedback staff.")
    clean, letters = plain_text(name), country.upper()
    if not clean or len(clean) > NAME_LENGTH or "\n" in clean:
        raise Refused(f"A clinic's name is one line of 1 to {NAME_LENGTH} characters.")
    if len(letters) != 2 or not letters.isascii() or not letters.isalpha():
        raise Refused("A country is two letters, such as GB or DE.")
    preset = preset_for(letters)
    clinic = Clinic(
        id=chance.text(8),
        name=clean,
        country=letters,
        timezone=timezone,
        help_numbers=preset.help_numbers if preset else (),
        complaints=preset.complaints if preset else "",
        languages=languages_to_start_with(letters),
    )
    add_clinic(uow, clinic)
    inside = uow.within(clinic.id)
    if newest_submission_key(uow) is None:
        key_id = chance.text(12)
        add_submission_key(uow, key_id, make_submission_key(keyring.folder, key_id), local_day(clock, timezone))
    record_audit(inside, clock, keyring, actor=by, action="clinic.installed", subject=clinic.id)
    return inside, clinic
