"""Opening a quarter's sealed submissions: once, when its figures are made, and nothing of them is left."""

import pytest

from feedback.domain.audience import Audience
from feedback.domain.errors import KeysWrong
from feedback.domain.figures.period import Period
from feedback.persistence import tables
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.answers.sealed_submissions import SealedSubmission
from feedback.security.receipts import receipt_hash
from feedback.security.sealed_box import seal_to
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.figures.close_due import close_due
from feedback.services.figures.open_submissions import open_submissions
from tests.support.answering import GOOD, LOW, sends
from tests.support.builders import SIX

QUARTER = Period.read("2026-Q1")


def opened(world, period=QUARTER):
    it = world.installation
    with world.reading() as uow:
        return open_submissions(uow, it.keyring, it.journal, period)


def unseen(world, code, ratings=GOOD, **more):
    return sends(world, code, ratings, audience=Audience.TOTALS, **more)


def withdraws(world, receipt):
    it = world.installation
    with it.database.writing(None) as uow:
        return withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)


@pytest.fixture
def code(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


def test_what_was_sent_is_what_is_counted(world, code):
    unseen(world, code, LOW, off="yes")
    (answer,) = opened(world).unseen.answers
    assert (answer.case_code, answer.month, answer.direct) == (code.code.case_code, "2026-03", "yes")
    assert [answer.ratings[item] for item in SIX] == list(LOW)


def test_a_month_opens_nothing_and_another_quarter_only_its_own(world, code):
    unseen(world, code)
    assert opened(world, Period.read("2026-03")).ids == ()
    assert opened(world, Period.read("2025-Q4")).ids == ()
    late = opened(world, Period.read("2026-Q2"))
    assert (late.unseen.answers, len(late.ids)) == ((), 1), "too late to count, and deleted with that quarter"


def test_two_forms_that_contradict_each_other_count_neither_until_one_is_taken_back(world, code):
    first, second = unseen(world, code, GOOD), unseen(world, code, LOW)
    found = opened(world).unseen
    assert (found.answers, found.contested) == ((), 1)
    assert withdraws(world, second)
    found = opened(world).unseen
    assert ([[answer.ratings[item] for item in SIX] for answer in found.answers], found.contested) == ([list(GOOD)], 0)
    assert withdraws(world, first)
    assert opened(world).unseen.answers == ()


def test_nothing_is_counted_where_the_therapist_has_an_answer(world, code):
    unseen(world, code)
    sends(world, code)
    found = opened(world)
    assert (found.unseen.answers, found.unseen.contested, len(found.ids)) == ((), 1, 1)


def test_closing_deletes_what_it_counted_in_the_same_transaction(world, code):
    receipt = unseen(world, code)
    there = world.on("2026-04-08").installation
    close_due(there.database, there.clock, there.keyring, there.chance, journal=there.journal, rule=there.rule)
    with world.reading() as uow:
        assert uow.connection.execute(tables.sealed_submissions.select()).all() == []
    assert not withdraws(world, receipt)


def test_what_the_journal_knows_as_withdrawn_does_not_come_back_with_a_copy(world, code):
    receipt = unseen(world, code)
    with world.reading() as uow:
        (row,) = sealed_submissions.list_submissions(uow)
    withdraws(world, receipt)
    with world.writing() as uow:
        uow.connection.execute(tables.sealed_submissions.delete())
        sealed_submissions.put_submission(uow, row)
    assert (opened(world).unseen.answers, len(opened(world).ids)) == ((), 1)


def test_a_receipt_of_version_0_1_takes_back_what_was_sealed_with_it(world):
    it, receipt = world.installation, "R4KM92TX7K4K"
    former = {"month": "2026-03", "instrument": "rapport-session", "version": 1, "ratings": {}, "direct": "no"}
    former |= {"receipt": receipt_hash(it.keyring, receipt).hex()}
    with world.writing() as uow:
        key_id, public = sealed_submissions.newest_submission_key(uow)
        for number, content in enumerate((former, former | {"receipt": "aa"})):
            row = SealedSubmission(bytes([number]) * 32, world.clinic.id, key_id, seal_to(public, content))
            sealed_submissions.put_submission(uow, row)
    assert len(opened(world).unseen.answers) == 2
    withdraws(world, receipt)
    assert len(opened(world).unseen.answers) == 1
    assert receipt_hash(it.keyring, receipt).hex() not in "".join(
        path.read_text() for path in (it.settings.data_dir / "journal").iterdir()
    )


def test_what_is_sealed_to_a_key_that_is_not_here_stays(world, code):
    unseen(world, code)
    path = world.installation.keyring.folder / "pool/first.key"
    kept = path.read_bytes()
    path.unlink()
    assert opened(world).ids == ()
    path.write_bytes(kept[:10])
    path.chmod(0o400)
    with pytest.raises(KeysWrong, match="damaged"):
        opened(world)
