"""A clinic's own questionnaire: added once its right is stated, never changed, out of use without loss."""

import json

import pytest

from feedback.domain.errors import InstrumentRefused, NotFound, Refused
from feedback.persistence.audit import list_records
from feedback.services.clinic.add_instrument import add_instrument, offer_instrument, retire_instrument
from feedback.services.clinic.find_instrument import find_instrument, list_offered
from tests.support.questionnaires import SAID, a_questionnaire, an_instrument_file


def adds(world, content=None, *, holds_right=True, **said):
    it = world.installation
    with world.writing() as uow:
        return add_instrument(
            uow,
            it.clock,
            it.keyring,
            content=content or an_instrument_file(),
            file="our.json",
            holds_right=holds_right,
            by="anna",
            **said,
        )


def offered(world):
    with world.reading() as uow:
        return [each.id for each in list_offered(uow)]


def found(world, *name):
    with world.reading() as uow:
        return find_instrument(uow, *name)


def audited(world):
    with world.reading() as uow:
        return [(record.actor, record.action, record.subject) for record in list_records(uow)]


def test_without_the_statement_nothing_is_added(world):
    with pytest.raises(Refused, match="We hold the right"):
        adds(world, holds_right=False)
    assert offered(world) == ["rapport-session"]
    assert audited(world) == []


def test_with_it_the_form_is_on_offer_and_the_log_says_who_stated_it(world):
    adds(world)
    assert offered(world) == ["rapport-session", "our-form"]
    assert found(world, "our-form").title == "Our two questions"
    assert audited(world) == [("anna", "instrument.added", "our-form version 1 en, right to use stated")]


def test_a_fhir_questionnaire_is_kept_as_an_instrument_file(world):
    adds(world, a_questionnaire(), **SAID)
    assert found(world, "ward7-form").total.items == ("item_1", "grp_2")


def test_the_same_file_again_is_nothing(world):
    adds(world)
    adds(world)
    assert len(audited(world)) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (an_instrument_file(title="Other words"), "raise the version"),
        (an_instrument_file(id="rapport-session"), "comes with the product"),
        (an_instrument_file(easier_of="rapport-session"), "take it out"),
        (an_instrument_file(version=2, items=json.loads(an_instrument_file())["items"][:2]), "another id"),
    ],
)
def test_what_would_change_old_answers_is_refused(world, content, why):
    adds(world)
    with pytest.raises(InstrumentRefused, match=why):
        adds(world, content)


def test_a_new_version_may_say_the_same_in_other_words_and_the_old_one_stays(world):
    adds(world)
    adds(world, an_instrument_file(version=2, title="Two questions of ours"))
    assert (found(world, "our-form").version, found(world, "our-form").title) == (2, "Two questions of ours")
    adds(world, an_instrument_file(version=2, language="es", title="Dos preguntas"))
    assert found(world, "our-form", "es").title == "Dos preguntas"
    assert found(world, "our-form", "fr").title == "Two questions of ours"


def test_retired_means_no_new_case_and_offered_means_again(world):
    it = world.installation
    adds(world)
    with world.writing() as uow:
        retire_instrument(uow, it.clock, it.keyring, instrument_id="our-form", by="anna")
        retire_instrument(uow, it.clock, it.keyring, instrument_id="our-form", by="anna")
    assert offered(world) == ["rapport-session"]
    assert found(world, "our-form").id == "our-form"
    with world.writing() as uow:
        offer_instrument(uow, it.clock, it.keyring, instrument_id="our-form", by="anna")
    assert offered(world) == ["rapport-session", "our-form"]
    assert [action for _, action, _ in audited(world)] == [
        "instrument.added",
        "instrument.retired",
        "instrument.offered",
    ]


@pytest.mark.parametrize("act", [retire_instrument, offer_instrument])
def test_what_was_never_added_is_not_there(world, act):
    it = world.installation
    with world.writing() as uow, pytest.raises(NotFound):
        act(uow, it.clock, it.keyring, instrument_id="our-form", by="anna")


def test_another_clinic_sees_nothing_of_it(world):
    adds(world)
    with world.installation.database.reading("elsewhere") as uow:
        assert [each.id for each in list_offered(uow)] == ["rapport-session"]
        with pytest.raises(NotFound):
            find_instrument(uow, "our-form")
