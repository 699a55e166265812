"""The guidance is fitted to what fell and to what the client asked for."""

import json
from importlib import resources

import pytest

from feedback import instruments
from feedback.domain.rupture import Evidence, EvidenceKind
from feedback.services.repair_guidance import guide_repair
from tests.support.builders import a_finding

FORM = instruments.load("rapport-session")


def focus(*evidence):
    return guide_repair(a_finding(evidence=evidence), FORM, None).focus


def fell(item):
    return Evidence(EvidenceKind.ITEM_FELL, item=item, value=4.0, usual=8.0)


@pytest.mark.parametrize(
    ("item", "group"),
    [
        ("heard", "bond"),
        ("safe", "safety"),
        ("goals", "aims"),
        ("approach", "aims"),
        ("pace", "aims"),
        ("respect", "identity"),
    ],
)
def test_what_fell_chooses_the_words(item, group):
    assert focus(fell(item)) == group


def test_the_clients_own_word_comes_before_what_fell():
    assert focus(fell("heard"), Evidence(EvidenceKind.CLOSEST, item="closest", option="slipped")) == "frame"


def test_without_anything_to_go_by_the_words_are_general():
    assert focus(Evidence(EvidenceKind.BELOW_RANGE, value=5.0)) == "general"
    assert focus(Evidence(EvidenceKind.CLOSEST, item="closest", option="something_else")) == "general"


@pytest.mark.parametrize("wish", ["bring_up", "i_will", "just_know", None])
def test_each_wish_is_met_in_its_own_way(wish):
    others = {"bring_up", "i_will", "just_know", None} - {wish}
    said = guide_repair(a_finding(), FORM, wish).wish
    assert all(guide_repair(a_finding(), FORM, other).wish != said for other in others)


def test_every_option_of_the_form_leads_to_words_that_are_there():
    text = (resources.files("feedback.services") / "repair_guidance.en.json").read_text(encoding="utf-8")
    words = json.loads(text)
    chips = {option.value for option in FORM.by_id["closest"].options}
    assert chips - set(words["chips"]) == {"something_else"}
    assert {option.value for option in FORM.by_id["wish"].options} < set(words["wishes"])
    for step in words["steps"][1:]:
        fitted = step.get("say") or step.get("do")
        assert {*words["chips"].values(), *words["items"].values(), "general"} <= set(fitted)


def test_only_somebody_who_told_is_thanked_for_telling():
    told = a_finding(evidence=(Evidence(EvidenceKind.DIRECT, item="off", value=2.0, option="a_little"),))
    assert "telling me" in guide_repair(told, FORM, None).steps[0].say
    assert "telling me" not in guide_repair(a_finding(), FORM, None).steps[0].say


def test_the_words_say_that_clinicians_have_not_read_them_yet():
    assert "awaiting review by clinicians" in guide_repair(a_finding(), FORM, None).review
