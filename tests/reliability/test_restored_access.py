"""A restore gives back what was taken away from staff since the backup, and says all of it."""

from dataclasses import replace

import pytest

from feedback.domain.care import Part
from feedback.persistence.upkeep.restored_access import RunningShare
from feedback.services.accounts.disable_staff import disable_staff
from feedback.services.cases.share_case import share_case, stop_sharing
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.services.upkeep.restore_backup import restore_backup
from feedback.services.upkeep.write_backup import write_backup

pytestmark = pytest.mark.fault("R9")


def test_accounts_shares_and_codes_that_are_back_are_all_named(world, shelf, tmp_path):
    it = world.installation
    iris = world.hire(replace(world.therapist, id="iris", email="iris@example.org"))
    gone = world.hire(replace(world.therapist, id="olu", email="olu@example.org"))
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    closed = world.shows_a_code(case, world.meets(case))
    with world.writing() as uow:
        share_case(
            uow, it.clock, it.keyring, case=case, part=Part.CO_THERAPIST, staff_id="iris", days=0, by=world.therapist
        )
        disable_staff(uow, it.clock, it.keyring, staff=gone, by="dana")
        revoke_access_code(uow, it.clock, it.keyring, case=case, code_id=closed.code.id, by="dana")
    write_backup(it.database, it.keyring, tmp_path / "backup")
    with world.writing() as uow:
        stop_sharing(uow, it.clock, it.keyring, case=case, staff_id="iris", by=world.therapist)
        disable_staff(uow, it.clock, it.keyring, staff=iris, by="dana")
        revoke_access_code(uow, it.clock, it.keyring, case=case, code_id=code.code.id, by="dana")
    (tmp_path / "new").mkdir()
    with shelf.empty(tmp_path / "new") as database:
        restored = restore_backup(
            database, it.clock, it.keyring, it.chance, journal=it.journal, file=tmp_path / "backup", by="operator"
        )
    (clinic,) = restored.access
    assert {person.id for person in clinic.accounts} == {"dana", "iris"}
    assert clinic.shares == (RunningShare(case.code, "iris@example.org"),)
    assert clinic.codes == 1
