"""Which end is good, and what it is about: said, or not added; and not about the session means never judged."""

import json

import pytest

from feedback import instruments
from feedback.domain.errors import InstrumentRefused
from feedback.domain.instrument import About, HigherIs
from feedback.domain.scoring import score
from tests.support.questionnaires import a_questionnaire, an_instrument_file


def without(*names):
    return json.dumps({k: v for k, v in json.loads(an_instrument_file()).items() if k not in names}).encode()


def checked(content, **said):
    found, written = instruments.read_any(content, "ours.json", **said)
    instruments.check_stated(found, "ours.json")
    return found, written


def refusal(content, **said):
    with pytest.raises(InstrumentRefused) as refused:
        checked(content, **said)
    return str(refused.value)


def test_a_file_that_says_both_is_taken():
    found, _ = checked(an_instrument_file())
    assert (found.about, found.higher_is, found.is_judged) == (About.SESSION, HigherIs.BETTER, True)


def test_a_file_that_does_not_is_refused_with_what_to_write():
    assert 'write "about": "session"' in refusal(without("about", "higher_is"))
    assert 'write "higher_is": "better" or' in refusal(without("higher_is"))
    assert "is not a field known here" in refusal(an_instrument_file(higher="better"))
    for field, wrong in (("about", "mood"), ("higher_is", "good"), ("higher_is", True), ("about", "")):
        with pytest.raises(InstrumentRefused, match=field):
            checked(an_instrument_file(**{field: wrong}))


def test_about_the_session_a_high_score_must_be_a_good_one():
    assert 'name the items whose high end is bad in "reverse"' in refusal(an_instrument_file(higher_is="worse"))
    assert checked(an_instrument_file(about="symptoms", higher_is="worse"))[0].is_judged is False


def test_what_is_said_beside_an_instrument_file_must_be_what_it_says():
    assert 'write "higher_is": "worse" into it' in refusal(an_instrument_file(), higher_is=HigherIs.WORSE)
    assert checked(an_instrument_file(), about=About.SESSION, higher_is=HigherIs.BETTER)[0].is_judged


def test_of_a_fhir_questionnaire_it_is_said_beside_it():
    assert "--about" in refusal(a_questionnaire())
    assert "--higher-is" in refusal(a_questionnaire(), about=About.SYMPTOMS)
    followed, written = checked(a_questionnaire(), about=About.SYMPTOMS, higher_is=HigherIs.WORSE)
    assert (followed.is_judged, followed.total.reverse) == (False, frozenset())
    assert instruments.read_instrument(written, "kept.json") == followed


def test_ratings_about_the_session_whose_high_end_is_bad_are_turned():
    turned, _ = checked(a_questionnaire(), about=About.SESSION, higher_is=HigherIs.WORSE)
    assert turned.is_judged
    assert score(turned.total, dict.fromkeys(turned.total.items, 9.0)) == 1.0
    plain, _ = checked(a_questionnaire(), about=About.SESSION, higher_is=HigherIs.BETTER)
    assert score(plain.total, dict.fromkeys(plain.total.items, 9.0)) == 9.0


def test_what_this_product_wrote_says_it_itself():
    symptoms = checked(an_instrument_file(about="symptoms", higher_is="worse"))[0]
    resource = instruments.as_questionnaire(symptoms, instruments.FhirRelease.R5)
    assert checked(resource)[0] == symptoms
    assert "leave it at that" in refusal(resource, higher_is=HigherIs.BETTER)


@pytest.mark.parametrize("name", instruments.known(), ids="-".join)
def test_what_ships_is_about_the_session(name):
    assert instruments.load(*name).is_judged


def test_a_file_kept_from_before_is_read_and_not_judged():
    assert instruments.read_instrument(without("about", "higher_is"), "the kept file").is_judged is False
