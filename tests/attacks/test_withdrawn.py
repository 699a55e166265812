"""A thief takes the files after a shared answer is gone and the night's filing has run, and looks for it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from feedback.domain.response import WithdrawnBy
from feedback.instruments import load
from feedback.persistence.tables import erasures, findings, responses, rupture_flags
from feedback.security.access_codes import SystemChance
from feedback.security.receipts import make_nonce
from feedback.services.answers.erase_response import erase_response
from feedback.services.answers.submit_response import Sending, submit_response
from tests.support.answering import LOW, found_to_send, sends
from tests.support.builders import SIX, a_response
from tests.support.nightly import rewrites
from tests.support.written import everything_written


@pytest.fixture(autouse=True)
def real_chance(world):
    """Ids and codes as in production: seeded ones would lie in the files of earlier tests."""
    world.installation = replace(world.installation, chance=SystemChance())


def marks(world):
    """Give what can be told apart of the only answer there is: its hashes, its sealed note, its flag and reasons."""
    with world.reading() as uow:
        answer = uow.connection.execute(select(responses)).one()
        flag = uow.connection.execute(select(rupture_flags)).one()
        found = uow.connection.execute(select(findings)).one()
    words = (flag.id.encode(), flag.finding.encode(), found.evidence.encode())
    return (answer.nonce_hash, answer.receipt_hash, answer.sealed_comment, *words)


@pytest.mark.fault("R19")
@pytest.mark.own_server
def test_no_file_holds_a_withdrawn_answer_after_the_next_filing(world):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    sends(world, code, LOW, off="yes", comment="Too fast.")
    sought = marks(world)
    written = everything_written(world.installation)
    assert all(written.holding(mark) for mark in sought)
    with world.writing() as uow:
        erase_response(uow, world.installation.chance, place=(case.code, 1, "A"), by=WithdrawnBy.CLIENT)
    rewrites(world)
    with world.reading() as uow:
        assert uow.connection.execute(select(erasures)).all() == []
    written = everything_written(world.installation).outside_the_log()
    assert [mark for mark in sought if written.holding(mark)] == []


@pytest.mark.fault("R19")
@pytest.mark.own_server
def test_no_file_holds_what_a_client_replaced_after_the_next_filing(world):
    it, case = world.installation, world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    nonce = make_nonce(it.keyring, it.chance, code.token)

    def send(ratings, comment, **choices):
        response = a_response(ratings=dict.fromkeys(SIX, ratings), comment=comment, choices=choices)
        sending = Sending(code.token, nonce, response)
        with world.writing() as uow:
            submit_response(
                uow, it.keyring, it.chance,
                form=found_to_send(uow, world, sending),
                sending=sending,
                instrument=load("rapport-session"),
                journal=it.journal,
            )  # fmt: skip

    send(1.0, "Too fast.", off=("yes",))
    _, _, *of_the_answer = marks(world)
    send(9.0, "Fine.", off=("no",))
    rewrites(world)
    written = everything_written(world.installation).outside_the_log()
    assert [mark for mark in of_the_answer if written.holding(mark)] == []
