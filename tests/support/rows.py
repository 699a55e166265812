"""What a clinic has, for tests that look whether somebody else could touch it."""

from sqlalchemy import select

from feedback.persistence.accounts.accounts import list_sessions
from feedback.persistence.base import metadata
from feedback.persistence.cases.codes import list_codes
from feedback.persistence.clinic.clinics import list_teams
from feedback.persistence.flags import flags
from feedback.services.accounts.keep_signed_in import session_name, start_session
from feedback.services.clinic.manage_teams import make_team
from tests.support.answering import a_case_that_fell
from tests.support.world import World


def things_of(world: World, comment: str = "Nobody else may read this.") -> dict[str, str]:
    """A case with a flag and a code, an account and a browser of it: what the parts of addresses could name."""
    case = a_case_that_fell(world, off="yes", comment=comment)
    world.shows_a_code(case, world.meets(case))
    it = world.installation
    with world.writing() as uow:
        make_team(uow, it.clock, it.keyring, it.chance, name=f"Team of {world.therapist.id}", by="nobody")
        start_session(uow, it.clock, it.keyring, it.chance, staff=world.therapist)
    with world.reading() as uow:
        return {
            "code": case.code,
            "code_id": list_codes(uow, case.code)[0].id,
            "flag_id": flags.list_flags(uow, case.code)[0].id,
            "staff_id": world.therapist.id,
            "team_id": list_teams(uow)[0].id,
            "name": session_name(list_sessions(uow, world.therapist.id)[0]),
        }


def rows_of(world: World, clinic_id: str) -> dict[str, list[str]]:
    """Return every row of a clinic, in every table."""
    with world.installation.database.reading(None) as uow:
        return {
            table.name: sorted(map(repr, uow.connection.execute(select(table).where(table.c.clinic_id == clinic_id))))
            for table in metadata.sorted_tables
            if "clinic_id" in table.c
        }
