"""A small clinic to act in: one installation, and sentences for what people do in it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert

from feedback.bootstrap import Installation
from feedback.domain.care import Case, Clinic, Staff, TherapySession
from feedback.domain.clock import FixedClock
from feedback.persistence.answers.sealed_submissions import add_submission_key
from feedback.persistence.clinic import clinics
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import staff
from feedback.security.sealed_box import make_submission_key
from feedback.services.cases.add_therapy_session import add_therapy_session
from feedback.services.cases.open_case import open_case
from feedback.services.codes.issue_access_code import ShownCode, issue_access_code


@dataclass
class World:
    """One clinic with one therapist; more of both on request."""

    installation: Installation
    clinic: Clinic
    therapist: Staff

    @property
    def address(self) -> str:
        """The base address of its pages, on a real port when the test asked for `served`."""
        return self.installation.settings.base_url

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work in this clinic that may write."""
        return self.installation.database.writing(self.clinic.id)

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work in this clinic that only reads."""
        return self.installation.database.reading(self.clinic.id)

    def found(self) -> None:
        """Store the clinic and its therapist, and the first key that answers are sealed to."""
        it = self.installation
        key = make_submission_key(it.keyring.folder, "first")
        with it.database.writing(None) as uow:
            clinics.add_clinic(uow.within(self.clinic.id), self.clinic)
            add_submission_key(uow, "first", key, it.clock.now().date())
        self.hire(self.therapist)

    def hire(self, person: Staff) -> Staff:
        """Store one more account."""
        with self.writing() as uow:
            values = {column.name: getattr(person, column.name) for column in staff.c if column.name != "clinic_id"}
            uow.connection.execute(insert(staff).values(clinic_id=self.clinic.id, **values))
        return person

    def offers(self, *languages: str) -> None:
        """Let the clinic offer these languages, its own first."""
        with self.writing() as uow:
            clinics.save_clinic(uow, replace(self.clinic, languages=languages))

    def on(self, day: str | date, hour: int = 12) -> "World":
        """The same clinic on another day."""
        moved = replace(self.installation, clock=FixedClock.on(day, hour))
        return World(moved, self.clinic, self.therapist)

    def opens_a_case(self, by: Staff | None = None, label: str = "", seats: int = 1) -> Case:
        """A therapist opens a case today, for one person, a couple or a group."""
        it = self.installation
        with self.writing() as uow:
            return open_case(uow, it.clock, it.keyring, it.chance, by=by or self.therapist, label=label, seats=seats)

    def meets(self, case: Case, held_on: date | None = None) -> TherapySession:
        """A therapy session of the case takes place."""
        it = self.installation
        with self.writing() as uow:
            return add_therapy_session(uow, it.clock, it.keyring, case=case, by=self.therapist, held_on=held_on)

    def shows_a_code(self, case: Case, meeting: TherapySession | None = None, seat: str = "A") -> ShownCode:
        """The therapist shows a code for a meeting, or hands out the case's card."""
        it = self.installation
        with self.writing() as uow:
            return issue_access_code(
                uow, it.clock, it.keyring, it.chance, case=case, by=self.therapist.id, meeting=meeting, seat=seat
            )
