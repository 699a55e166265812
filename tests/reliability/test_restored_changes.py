"""What clients took back or changed after a backup was made holds after it is put back, for seen and unseen answers."""

import pytest

from feedback.domain.errors import NotSaved
from feedback.domain.figures.period import Period
from feedback.domain.response import WithdrawnBy
from feedback.persistence.answers import responses, withdrawals
from feedback.persistence.cases import care
from feedback.services.answers.replace_response import stored_at
from feedback.services.figures.open_submissions import open_submissions
from feedback.web import create_app
from tests.reliability.test_backup import another_place, backed_up, everything_shown, restored
from tests.support.desk import Desk
from tests.support.nightly import rewrites
from tests.support.phone import NONCE, Phone, receipt_of

WORDS = "I wrote this in anger."


@pytest.fixture
def code(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


def phone_at(world):
    return Phone(create_app(world.installation))


def sends(world, code, audience, nonce="", **answers):
    """Send a form; gives its nonce and its receipt."""
    phone = phone_at(world)
    nonce = nonce or NONCE.search(phone.opens(code.token).text)[1]
    sent = phone.sends(code.token, audience, nonce=nonce, **answers)
    assert sent.status_code == 303
    return nonce, receipt_of(phone.http.get(sent.location))


def takes_back(world, receipt):
    assert phone_at(world).http.post("/withdraw", data={"receipt": receipt}).status_code == 200


def counted(world):
    it = world.installation
    with world.reading() as uow:
        return len(open_submissions(uow, it.keyring, it.journal, Period.read("2026-Q1")).unseen.answers)


def shared(world, code):
    with world.reading() as uow:
        return [each.response.ratings for each in responses.list_responses(uow, code.code.case_code)]


def gone(world, code):
    with world.reading() as uow:
        return list(withdrawals.list_withdrawals(uow, code.code.case_code).values())


@pytest.mark.fault("R9")
def test_what_a_client_replaced_does_not_come_back(world, code, shelf, tmp_path):
    nonce, _ = sends(world, code, "therapist", heard="1", comment=WORDS, off="yes")
    file = backed_up(world, tmp_path)
    sends(world, code, "therapist", nonce, heard="8", comment="Better.", off="no")
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert (shared(there, code), gone(there, code)) == ([], [WithdrawnBy.RESTORE])
        page = Desk(there, there.therapist).opens(f"/cases/{code.code.case_code}?session=1").text
        assert WORDS not in page
        assert "Your client changed this answer" in page
        first = Desk(there, there.therapist).opens("/dashboard").text
        assert WORDS not in first
        assert "changed by the client, and lost when a backup was put back" in first
        sends(there, code, "therapist", nonce, heard="8", comment="Better.")
        assert (len(shared(there, code)), gone(there, code)) == (1, []), "the same form may still be sent"


@pytest.mark.fault("R9")
@pytest.mark.parametrize("changes", [["8"], ["8", "3"], ["8", "1"]])
def test_a_backup_made_after_the_last_change_comes_back_as_it_is(world, code, shelf, tmp_path, changes):
    nonce, _ = sends(world, code, "therapist", heard="1")
    for heard in changes:
        sends(world, code, "therapist", nonce, heard=heard, comment=WORDS)
    file = backed_up(world, tmp_path)
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert everything_shown(there, world_case(there, code)) == everything_shown(world, world_case(world, code))


def world_case(world, code):
    with world.reading() as uow:
        return care.get_case(uow, code.code.case_code)


@pytest.mark.fault("R9")
def test_a_backup_made_between_two_changes_does_not_bring_the_first_of_them_back(world, code, shelf, tmp_path):
    nonce, _ = sends(world, code, "therapist", heard="1")
    sends(world, code, "therapist", nonce, heard="8", comment=WORDS)
    file = backed_up(world, tmp_path)
    sends(world, code, "therapist", nonce, heard="8", comment="")
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert (shared(there, code), gone(there, code)) == ([], [WithdrawnBy.RESTORE])


@pytest.mark.fault("R9")
def test_what_was_changed_and_then_taken_back_is_taken_back(world, code, shelf, tmp_path):
    nonce, receipt = sends(world, code, "therapist", heard="1")
    file = backed_up(world, tmp_path)
    sends(world, code, "therapist", nonce, heard="8")
    takes_back(world, receipt)
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert (shared(there, code), gone(there, code)) == ([], [WithdrawnBy.CLIENT])
        assert phone_at(there).sends(code.token, nonce=nonce).status_code == 409


@pytest.mark.fault("R9")
def test_a_change_that_was_not_kept_takes_nothing_away_while_the_clinic_runs(world, code, monkeypatch):
    nonce, _ = sends(world, code, "therapist", heard="1")
    with monkeypatch.context() as patch:
        patch.setattr("feedback.services.answers.replace_response.ask_for_erasing", not_saved)
        assert phone_at(world).sends(code.token, nonce=nonce, heard="8").status_code == 503
    assert [each["heard"] for each in shared(world, code)] == [1]


def not_saved(*_given):
    raise NotSaved("a full disk")


@pytest.mark.fault("R9")
@pytest.mark.parametrize("audience", ["totals", "therapist"])
def test_what_was_taken_back_stays_so_for_the_same_form(world, code, shelf, tmp_path, audience):
    nonce, receipt = sends(world, code, audience)
    file = backed_up(world, tmp_path)
    takes_back(world, receipt)
    before = [phone_at(world).sends(code.token, to, nonce=nonce).status_code for to in ("totals", "therapist")]
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert counted(there) == 0
        assert shared(there, code) == []
        after = [phone_at(there).sends(code.token, to, nonce=nonce).status_code for to in ("totals", "therapist")]
        assert (before, after) == ([409, 409], [409, 409])
        assert counted(there) == 0
    with another_place(shelf, tmp_path / "again") as database:
        there, _ = restored(world, database, file)
        assert counted(there) == 0


@pytest.mark.fault("R9")
def test_an_unseen_answer_taken_back_is_no_row_any_more_after_a_restore(world, code, shelf, tmp_path):
    _, receipt = sends(world, code, "totals")
    _, other = sends(world, code, "totals")
    file = backed_up(world, tmp_path)
    takes_back(world, receipt)
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert counted(there) == 1
        takes_back(there, other)
        assert counted(there) == 0


def files_of(world):
    folder = world.installation.settings.data_dir / "journal"
    return {path.name: [[len(part) for part in line.split()] for line in path.read_text().splitlines()]
            for path in sorted(folder.iterdir())}  # fmt: skip


@pytest.mark.parametrize("audience", ["in-totals", "therapist"])
def test_the_journal_does_not_tell_which_kind_of_answer_was_taken_back(world, code, audience):
    _, receipt = sends(world, code, audience)
    takes_back(world, receipt)
    rewrites(world)
    clinic, key = len(world.clinic.id), len("first")
    assert files_of(world) == {"withdrawn-2026-03.txt": [[clinic, 64]], "withdrawn-unseen-2026-03.txt": [[key, 1120]]}


def test_digests_in_the_journal_are_other_ones_for_each_receipt(world):
    for _ in range(2):
        case = world.opens_a_case()
        code = world.shows_a_code(case, world.meets(case))
        nonce, _ = sends(world, code, "therapist", heard="1")
        sends(world, code, "therapist", nonce, heard="8", comment=WORDS)
    digests = list(world.installation.journal.replaced().values())
    assert len(set(digests)) == len(digests) == 2
    with world.reading() as uow:
        assert stored_at(uow, (case.code, 1, "A")).response.ratings["heard"] == 8
