"""A backup made while the clinic works, put back elsewhere: the same clinic. One that is not in order: refused."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest

from feedback import instruments, paths
from feedback.domain.audience import Audience
from feedback.domain.copying import differing
from feedback.domain.errors import BackupWrong, DatabaseWrong
from feedback.persistence.audit import list_records
from feedback.persistence.figures import ledger
from feedback.persistence.upkeep import migrate
from feedback.security.access_codes import SystemChance
from feedback.security.backup_seal import seal_lines, unseal_lines
from feedback.security.keyring import Keyring
from feedback.services.audit.verify_audit import verify_audit
from feedback.services.cases.case_authorisation import open_to
from feedback.services.cases.show_case import show_case
from feedback.services.figures.ledger_recovery import check_ledger
from feedback.services.upkeep.fill_database import sums_in
from feedback.services.upkeep.move_database import move_database
from feedback.services.upkeep.restore_backup import restore_backup
from feedback.services.upkeep.write_backup import write_backup
from tests.support.answering import a_case_that_fell, meets_and_sends, sends
from tests.support.figures import a_clinic_of, answered, closes
from tests.support.world import World

SETTLED_ANEW = {
    "staff_sessions",
    "audit_log",
    "audit_log_heads",
    "submission_keys",
    "tenant_lookup",
    "instruments",
    "access_codes",
}
"""What a restore changes on purpose: sign-ins, its own line in the log, what nobody can read any more, codes whose
time is over, this version's instruments."""


@contextmanager
def another_place(shelf, folder):
    """Lend a database without tables in a folder of its own, as a new server has it."""
    folder.mkdir()
    with shelf.empty(folder) as database:
        yield database


def backed_up(world, folder):
    it = world.installation
    file = folder / "clinic.backup"
    write_backup(it.database, it.keyring, file)
    return file


def restored(world, database, file):
    it = world.installation
    told = restore_backup(database, it.clock, it.keyring, SystemChance(), journal=it.journal, file=file, by="operator")
    return World(replace(it, database=database), world.clinic, world.therapist), told


def everything_shown(world, case):
    with world.reading() as uow:
        instrument = instruments.load(case.instrument_id)
        access = open_to(uow, world.installation.clock, code=case.code, by=world.therapist)
        return show_case(uow, world.installation.keyring, access=access, instrument=instrument, session=None)


@pytest.mark.fault("R9")
def test_the_restored_clinic_shows_what_the_old_one_showed(world, shelf, tmp_path, engine_name, measured):
    case = a_case_that_fell(world, off="yes", comment="It felt rushed.")
    before = sums_in(world.installation.database)
    file = backed_up(world, tmp_path)
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert set(differing(before, sums_in(database))) <= SETTLED_ANEW
        assert told.tables == before
        assert everything_shown(there, case) == everything_shown(world, case)
        with there.reading() as uow:
            assert [record.action for record in list_records(uow)][-1] == "database.restored"
        meets_and_sends(there, case, "2026-03-09", comment="And on it goes.")
    measured(
        "R9", f"{engine_name}: {len(before)} tables restored elsewhere: rows, flags, charts and audit log the same"
    )


@pytest.mark.fault("R9")
def test_a_backup_made_while_answers_come_in_is_of_one_moment(world, shelf, tmp_path, engine_name, measured):
    cases = [world.on("2026-03-01").opens_a_case() for _ in range(3)]

    def answers(case):
        for day in range(2, 8):
            meets_and_sends(world, case, f"2026-03-{day:02}")

    with ThreadPoolExecutor(3) as clients:
        under_way = [clients.submit(answers, case) for case in cases]
        files_made = [backed_up(world, folder) for folder in map(tmp_path.joinpath, "ab") if not folder.mkdir()]
        for each in under_way:
            each.result()
    for number, file in enumerate(files_made):
        with another_place(shelf, tmp_path / f"new-{number}") as database:
            there, _ = restored(world, database, file)
            for case in cases:
                shown = everything_shown(there, case)
                assert shown.shared in {len(shown.meetings), len(shown.meetings) - 1}
    measured("R9", f"{engine_name}: {len(files_made)} backups while 18 answers came in: each of one moment")


@pytest.mark.fault("R9")
def test_what_was_sealed_to_a_lost_key_is_given_up_and_counted(world, shelf, tmp_path):
    case = world.opens_a_case()
    sends(world, world.shows_a_code(case, world.meets(case)), audience=Audience.TOTALS)
    file = backed_up(world, tmp_path)
    (world.installation.keyring.folder / "pool/first.key").unlink()
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert told.dropped == 1
        assert {table.name: table.rows for table in sums_in(database)}["sealed_submissions"] == 0
        sends(there, there.shows_a_code(case), audience=Audience.TOTALS)


@pytest.mark.fault("R9")
def test_an_older_backup_is_upgraded_on_the_way(bare_database, shelf, world, tmp_path):
    it = world.installation
    first = migrate.revisions(paths.migrations())[1]
    migrate.upgrade(bare_database, paths.migrations(), first)
    file = tmp_path / "old.backup"
    write_backup(bare_database, it.keyring, file)
    with another_place(shelf, tmp_path / "new") as database:
        restored(world, database, file)
        migrate.check_current(database, paths.migrations())


def test_a_backup_never_replaces_a_file_and_is_readable_by_its_owner_alone(world, tmp_path):
    file = backed_up(world, tmp_path)
    content = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupWrong, match="there already"):
        backed_up(world, tmp_path)
    assert file.read_bytes() == content
    assert not list(tmp_path.glob("*.unfinished"))


def published(world):
    """Every line of the ledger and every record of the audit log, both found whole."""
    with world.reading() as uow:
        check_ledger(uow, world.installation.journal)
        assert verify_audit(uow, world.installation.keyring).is_whole
        return [entry.line for entry in ledger.list_entries(uow)], list_records(uow)


@pytest.mark.fault("R9")
def test_published_figures_and_the_audit_log_come_back_and_move_as_they_were(world, shelf, tmp_path):
    codes = a_clinic_of(world, cases_each=10)
    answered(world, date(2026, 3, 10), codes, flagged=codes[:30])
    a_case_that_fell(world)
    closes(world, "2026-03")
    lines, records = published(world)
    assert (len(lines), len(records) > 3) == (1, True)
    file = backed_up(world, tmp_path)
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert published(there)[0] == lines
        assert published(there)[1][: len(records)] == records
    with another_place(shelf, tmp_path / "moved") as database:
        move_database(world.installation.database, database)
        moved = World(replace(world.installation, database=database), world.clinic, world.therapist)
        assert published(moved) == (lines, records)


def lines_of(world, content):
    with content.open("rb") as file:
        return list(unseal_lines(world.installation.keyring.keys["backups"], file))


def made_by_a_newer_version(world, content):
    lines = lines_of(world, content)
    head = json.loads(lines[0]) | {"revision": "9999"}
    with content.open("wb") as file:
        seal_lines(world.installation.keyring.keys["backups"], [json.dumps(head), *lines[1:]], file)


def with_a_row_less(world, content):
    lines = lines_of(world, content)
    at = next(number for number, line in enumerate(lines) if line.startswith("["))
    with content.open("wb") as file:
        seal_lines(world.installation.keyring.keys["backups"], lines[:at] + lines[at + 1 :], file)


WRONG = {
    "cut short": (lambda _world, file: file.write_bytes(file.read_bytes()[:-5]), "cut short"),
    "altered": (lambda _world, file: file.write_bytes(file.read_bytes()[:-9] + bytes(9)), "altered"),
    "newer": (made_by_a_newer_version, "newer version"),
    "a row less": (with_a_row_less, "do not add up"),
}


@pytest.mark.fault("R9")
@pytest.mark.parametrize(("spoil", "said"), WRONG.values(), ids=WRONG)
def test_a_backup_that_is_not_in_order_is_refused_before_anything_is_touched(world, shelf, tmp_path, spoil, said):
    file = backed_up(world, tmp_path)
    spoil(world, file)
    with another_place(shelf, tmp_path / "new") as database:
        with pytest.raises(BackupWrong, match=said):
            restored(world, database, file)
        assert migrate.current(database) == "base" if database.file is None else not database.file.exists()


@pytest.mark.fault("R9")
def test_another_installations_backup_is_refused(world, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    other = World(
        replace(world.installation, keyring=Keyring.create(tmp_path / "other")), world.clinic, world.therapist
    )
    with another_place(shelf, tmp_path / "new") as database, pytest.raises(BackupWrong, match="another key"):
        restored(other, database, file)


@pytest.mark.fault("R9")
def test_nothing_is_restored_over_a_clinic(world, tmp_path):
    file = backed_up(world, tmp_path)
    before = sums_in(world.installation.database)
    with pytest.raises(BackupWrong, match="something in"):
        restored(world, world.installation.database, file)
    assert sums_in(world.installation.database) == before


def test_no_word_of_the_clinic_can_be_read_in_a_backup(world, tmp_path):
    case = a_case_that_fell(world, comment="A planted comment.")
    content = backed_up(world, tmp_path).read_bytes()
    for word in (case.code, world.clinic.name, world.therapist.email, "planted"):
        assert word.encode() not in content


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_clinic_moves_to_another_database_and_shows_the_same(world, target, request, tmp_path):
    case = a_case_that_fell(world, off="a_little", comment="Too fast.")
    with another_place(request.getfixturevalue(f"{target}_shelf"), tmp_path / "new") as database:
        held = move_database(world.installation.database, database)
        assert held == sums_in(world.installation.database)
        there = World(replace(world.installation, database=database), world.clinic, world.therapist)
        assert everything_shown(there, case) == everything_shown(world, case)
        meets_and_sends(there, case, "2026-03-09")


class Killed(BaseException):
    """The process ends here, as with `kill -9`: nothing after it runs, and no handler for mistakes."""


@pytest.mark.fault("R9")
@pytest.mark.parametrize("fatal", ["revoked", "taken back", "purged", "rewritten"])
def test_a_restore_that_is_killed_leaves_no_clinic_in_which_withdrawn_answers_are_back(world, shelf, tmp_path, fatal):
    case = a_case_that_fell(world)
    file = backed_up(world, tmp_path)
    it = world.installation
    again = {"journal": it.journal, "file": file, "by": "operator"}

    def step(name):
        if name == fatal:
            raise Killed

    with another_place(shelf, tmp_path / "new") as database:
        with pytest.raises(Killed):
            restore_backup(database, it.clock, it.keyring, SystemChance(), step=step, **again)
        with pytest.raises(DatabaseWrong):
            migrate.check_current(database, paths.migrations())
        there, _ = restored(world, database, file)
        migrate.check_current(database, paths.migrations())
        assert everything_shown(there, case) == everything_shown(world, case)
