"""Founding the demo clinic: its settings, its teams, its people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedback.bootstrap import Installation
from feedback.demo import people
from feedback.domain.care import Chance, Clinic, Role, Staff, Team
from feedback.domain.clock import Clock
from feedback.domain.languages import LANGUAGES
from feedback.persistence.clinic import clinics
from feedback.persistence.database import UnitOfWork
from feedback.services.accounts.accept_invitation import accept_invitation
from feedback.services.accounts.invite_staff import invite_staff
from feedback.services.clinic.install_clinic import install_clinic


@dataclass(frozen=True, slots=True)
class Founded:
    """The clinic and who works there."""

    clinic: Clinic
    admin: Staff
    therapists: tuple[Staff, ...]
    supervisor: Staff


def found_clinic(outside: UnitOfWork, it: Installation, clock: Clock, chance: Chance) -> tuple[UnitOfWork, Founded]:
    """Found the clinic on its first day, and give it with the unit of work scoped to it.

    Every account has a password that nobody knows; `set_password` gives the ones that are printed.
    """
    uow, clinic = install_clinic(
        outside,
        clock,
        it.keyring,
        chance,
        name=people.CLINIC,
        country=people.COUNTRY,
        timezone=people.TIMEZONE,
        by="demo",
    )
    clinic = replace(
        clinic,
        contact=people.CONTACT,
        phone=people.PHONE,
        retention_months=people.RETENTION_MONTHS,
        languages=tuple(LANGUAGES),
    )
    clinics.save_clinic(uow, clinic)
    unknown = it.passwords.hash(it.chance.text(40))
    hired = tuple(_hire(uow, it, clock, chance, unknown))
    return uow, Founded(clinic, hired[0], hired[1:-1], hired[-1])


def _hire(uow: UnitOfWork, it: Installation, clock: Clock, chance: Chance, unknown: str) -> Iterator[Staff]:
    """Hire the admin first, then the therapists, team by team, and last the supervisor."""
    posts: list[tuple[str, Role, str | None]] = [(people.ADMIN, Role.CLINIC_ADMIN, None)]
    for team_name, names in people.TEAMS:
        team = Team(chance.text(8), team_name)
        clinics.add_team(uow, team)
        posts += [(name, Role.THERAPIST, team.id) for name in names]
    posts.append((people.SUPERVISOR, Role.SUPERVISOR, None))
    for name, role, team_id in posts:
        invitation = invite_staff(
            uow,
            clock,
            it.keyring,
            chance,
            email=people.email_of(name),
            display_name=name,
            role=role,
            by="demo",
            team_id=team_id,
        )
        yield accept_invitation(
            uow, clock, it.keyring, journal=it.journal, staff=invitation.staff, password_hash=unknown
        )
