"""Who may mark that something was talked about: a therapist of the case whom the answer named, and nobody else."""

import pytest

from feedback.domain.care import Part, Role
from feedback.domain.errors import NotFound
from feedback.persistence.dashboard.told import list_marks
from feedback.services.cases.share_case import share_case
from feedback.services.flags.answer_told import answer_told, take_back_told
from tests.support.answering import meets_and_sends
from tests.support.builders import a_therapist

TENS = (10, 10, 10, 10, 10, 10)


@pytest.mark.parametrize(
    ("part", "sentence", "may"),
    [
        (Part.CO_THERAPIST, 3, True),
        (Part.CO_THERAPIST, 2, False),
        (Part.SUPERVISOR, 3, False),
        (None, 3, False),
    ],
)
def test_who_may_mark_and_take_back(world, part, sentence, may):
    it, role = world.installation, Role.SUPERVISOR if part is Part.SUPERVISOR else Role.THERAPIST
    iris = world.hire(a_therapist(id="iris", email="iris@example.org", role=role))
    case = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-03-02", TENS, sentence=sentence, wish="bring_up")
    place = (case.code, 1, "A")
    if part:
        with world.writing() as uow:
            share_case(
                uow,
                it.clock,
                it.keyring,
                journal=it.journal,
                case=case,
                part=part,
                staff_id="iris",
                days=7,
                by=world.therapist,
            )
    for does in (answer_told, take_back_told):
        with world.writing() as uow:
            if may:
                does(uow, it.clock, it.keyring, place=place, by=iris)
            else:
                with pytest.raises(NotFound):
                    does(uow, it.clock, it.keyring, place=place, by=iris)
        with world.reading() as uow:
            assert bool(list_marks(uow, case.code)) == (may and does is answer_told)
