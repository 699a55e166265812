"""A sealed value opens where it was put and nowhere else: no other row, no other column, no other clinic."""

from itertools import permutations

import pytest

from feedback.domain.errors import KeysWrong
from feedback.domain.rupture import FlagStatus
from feedback.persistence.clinic import clinics
from feedback.persistence.flags import flags
from feedback.persistence.upkeep.sealed_columns import SEALED
from feedback.security.sealing import unseal
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import a_case_that_fell
from tests.support.authenticator import hires_with_both_steps
from tests.support.builders import a_clinic, a_therapist
from tests.support.sealed import every_sealed
from tests.support.world import World


def in_use(world, **person):
    """A clinic with every kind of sealed value."""
    it, case = world.installation, a_case_that_fell(world, comment="Only for Dana.")
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        talked = {"outcome": FlagStatus.TALKED, "by": world.therapist, "note": "We spoke about pace."}
        review_flag(uow, it.clock, it.keyring, flag=flag, **talked)
    world.opens_a_case(label="the same label")
    world.opens_a_case(label="the same label")
    world.shows_a_code(case, world.meets(case))
    hires_with_both_steps(world, **person)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_put_in_place_of_another_no_value_opens(world):
    other = World(world.installation, a_clinic(id="harbour2", name="Elsewhere"), a_therapist(id="else", email="e@x.y"))
    with world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("harbour2"), other.clinic)
    other.hire(other.therapist)
    in_use(world)
    in_use(other, id="noor", email="noor@example.org")
    found, keyring = list(every_sealed(world)), world.installation.keyring
    assert len({value.place[:2] for value in found}) == len(SEALED)
    assert {value.place[2] for value in found} == {"harbour1", "harbour2"}
    tried = 0
    for moved, at in permutations(found, 2):
        tried += 1
        with pytest.raises(KeysWrong):
            unseal(keyring, moved.sealed, *at.place)
    assert tried > 300
    assert all(unseal(keyring, value.sealed, *value.place) for value in found), "at their own places they all open"
