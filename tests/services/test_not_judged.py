"""A symptom questionnaire is followed and never judged; one kept from before it was asked neither."""

import json

import pytest
from sqlalchemy import update

from feedback.domain.who_reads import WHO_READS_VERSION
from feedback.persistence.answers.responses import list_responses
from feedback.persistence.flags.findings import get_state
from feedback.persistence.flags.flags import list_flags
from feedback.persistence.tables import clinic_instruments
from feedback.security.receipts import make_nonce
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.cases.open_case import open_case
from feedback.services.clinic.add_instrument import add_instrument
from feedback.services.clinic.find_instrument import find_instrument
from tests.support.answering import found_to_send
from tests.support.builders import a_response
from tests.support.desk import a_desk
from tests.support.questionnaires import an_instrument_file

DAYS = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02")
FALLS = (9, 9, 9, 9, 0)


def a_case_with(world, content):
    it = world.installation
    with world.writing() as uow:
        add_instrument(uow, it.clock, it.keyring, content=content, file="f", holds_right=True, by="anna")
        return open_case(uow, it.clock, it.keyring, it.chance, by=world.therapist, instrument_id="our-form")


def answers(world, case):
    for day, rating in zip(DAYS, FALLS, strict=True):
        there = world.on(day)
        code, it = there.shows_a_code(case, there.meets(case)), there.installation
        response = a_response(instrument_id="our-form", ratings={"calm": rating, "clear": rating}, choices={})
        sending = Sending(code.token, make_nonce(it.keyring, it.chance, code.token, WHO_READS_VERSION), response)
        with it.database.writing(None) as uow:
            form = found_to_send(uow, there, sending)
            instrument = find_instrument(uow.within(there.clinic.id), "our-form")
            submit_response(
                uow, it.keyring, it.chance, form=form, sending=sending, instrument=instrument, journal=it.journal
            )


def found(world, case):
    with world.reading() as uow:
        forms, flags = list_responses(uow, case.code), list_flags(uow, case.code)
        return len(forms), len(flags), get_state(uow, case.code, "A") is not None


def test_what_is_about_the_session_is_judged(world):
    case = a_case_with(world.on(DAYS[0]), an_instrument_file())
    answers(world, case)
    forms, flags, state = found(world, case)
    assert (forms, state) == (5, True)
    assert flags >= 1


@pytest.mark.parametrize("end", ["better", "worse"])
@pytest.mark.parametrize("about", ["symptoms", "other"])
def test_what_is_not_is_kept_and_never_judged(world, about, end):
    case = a_case_with(world.on(DAYS[0]), an_instrument_file(about=about, higher_is=end))
    answers(world, case)
    assert found(world, case) == (5, 0, False)
    assert "never judged for possible ruptures" in a_desk(world).opens(f"/cases/{case.code}").text


def test_a_file_kept_from_before_works_on_and_is_not_judged(world):
    case = a_case_with(world.on(DAYS[0]), an_instrument_file())
    plain = {
        name: each for name, each in json.loads(an_instrument_file()).items() if name not in {"about", "higher_is"}
    }
    with world.writing() as uow:
        uow.connection.execute(update(clinic_instruments).values(content=json.dumps(plain), content_hash="of before"))
    answers(world, case)
    assert found(world, case) == (5, 0, False)
