"""The built-in instrument says what the design settled, word for word, and scores as promised."""

import pytest

from feedback.domain.errors import NotFound
from feedback.domain.instrument import ItemKind
from feedback.domain.repair import ClientWord
from feedback.domain.scoring import in_range, score
from feedback.instruments import known, load

RAPPORT = load("rapport-session")

RATINGS = {
    "heard": "How well did you feel understood today?",
    "safe": "How free did you feel to say what was on your mind?",
    "goals": "How much did we work on what matters to you?",
    "approach": "How well did our way of working suit you?",
    "pace": "How right was the pace for you?",
    "respect": "How accepted did you feel for who you are?",
}


def test_it_ships_in_english():
    assert ("rapport-session", "en") in known()
    assert RAPPORT is load("rapport-session", "en")


def test_an_unknown_instrument_or_language_is_refused_by_name():
    with pytest.raises(NotFound, match="working-alliance"):
        load("working-alliance")
    with pytest.raises(NotFound, match="tlh"):
        load("rapport-session", "tlh")


def test_six_ratings_from_0_to_10_ask_how_well_or_how_much_about_today():
    assert {item.id: item.text for item in RAPPORT.scales} == RATINGS
    assert all(item.values == tuple(range(11)) for item in RAPPORT.scales)
    assert {(item.low, item.high) for item in RAPPORT.scales} == {("not at all", "completely")}


def test_no_item_must_be_answered_and_every_one_has_a_name_for_the_therapist():
    assert all(item.optional and item.short for item in RAPPORT.items)


def test_the_direct_question_has_four_answers_in_order():
    assert [option.value for option in RAPPORT.by_id["off"].options] == ["no", "not_sure", "a_little", "yes"]
    assert RAPPORT.detector.direct_item == "off"
    assert RAPPORT.detector.closest_item == "closest"


@pytest.mark.parametrize("follow_up", ["closest", "wish"])
def test_a_follow_up_is_shown_after_any_answer_but_no(follow_up):
    shown_when = RAPPORT.by_id[follow_up].shown_when
    assert shown_when is not None
    assert (shown_when.item, shown_when.values) == ("off", {"not_sure", "a_little", "yes"})


def test_the_repair_answers_are_the_clients_words_of_the_domain():
    assert [option.value for option in RAPPORT.by_id["repair"].options] == [word.value for word in ClientWord]


def test_the_comment_holds_500_characters():
    assert (RAPPORT.by_id["comment"].kind, RAPPORT.by_id["comment"].max_length) == (ItemKind.TEXT, 500)


def test_the_only_name_in_it_is_the_therapists():
    words = [text for item in RAPPORT.items for text in (item.text, item.hint, *(o.label for o in item.options))]
    assert sum("{therapist}" in text for text in words) == 2
    assert not any("{" in text.replace("{therapist}", "") for text in words)


def test_words_that_must_not_be_said_are_not_said():
    words = " ".join(f"{item.text} {item.hint} {item.low} {item.high}" for item in RAPPORT.items).lower()
    assert not [word for word in ("agree with", "alliance", "rupture", "session", "submit", "token") if word in words]


def test_the_total_is_the_mean_of_six_on_0_to_100_from_four_answers():
    four = dict.fromkeys(("heard", "safe", "goals", "approach"), 7.0)
    assert in_range(RAPPORT.total, score(RAPPORT.total, four)) == 70
    assert score(RAPPORT.total, dict(list(four.items())[:3])) is None


def test_its_licence_lets_anyone_use_it_and_its_citation_claims_no_validation():
    assert RAPPORT.licence.name == "CC BY 4.0"
    assert RAPPORT.licence.may_ship
    assert not RAPPORT.licence.needs_permission
    assert "not yet validated" in RAPPORT.citation


def test_whatever_ships_may_ship():
    assert all(load(*name).licence.may_ship for name in known())
