"""The easier version asks the same in plainer words, so that its answers stand in one series with the usual ones."""

import pytest

from feedback.domain.instrument import ItemKind
from feedback.instruments import easier, known, load

USUAL = load("rapport-session")
EASY = load("rapport-session-easy")


def test_it_is_the_easier_version_of_the_usual_form_and_has_none_itself():
    assert easier(USUAL) is EASY
    assert easier(EASY) is None


@pytest.mark.parametrize("name", known(), ids=".".join)
def test_every_easier_version_has_the_items_answers_scores_and_hints_of_its_usual_form(name):
    plain = load(*name)
    usual = load(plain.easier_of or plain.id, plain.language)
    for part in ("id", "kind", "group", "short", "shown_when", "max_length"):
        assert [getattr(item, part) for item in plain.items] == [getattr(item, part) for item in usual.items], part
    values = [[[option.value for option in item.options] for item in form.items] for form in (plain, usual)]
    assert values[0] == values[1]
    assert (plain.scores, plain.detector) == (usual.scores, usual.detector)


def test_five_worded_answers_with_faces_stand_for_0_to_10():
    for item in EASY.scales:
        assert dict(zip(item.labels, item.values, strict=True)) == {
            "Not at all": 0,
            "A little": 2.5,
            "Half-way": 5,
            "Mostly": 7.5,
            "Very much": 10,
        }
        assert item.faces


def test_every_question_is_shorter_than_the_usual_one_or_as_short():
    usual = USUAL.by_id
    for item in EASY.items:
        assert len(item.text) <= len(usual[item.id].text), item.id
        assert item.kind is ItemKind.TEXT or len(item.text.split()) <= 10
