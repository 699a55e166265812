"""The guidance is fitted to what fell, to what the client says it was closest to, and to what they asked for."""

import json
from importlib import resources

import pytest

from feedback import instruments
from feedback.domain.rupture import Evidence, EvidenceKind
from feedback.services.flags.repair_guidance import guide_repair
from tests.support.builders import a_finding

FORM = instruments.load("rapport-session")
WORDS = json.loads((resources.files("feedback.services.flags") / "repair_guidance.en.json").read_text(encoding="utf-8"))
FOCUSES = {"pulled_back", "pushed_against", "aims", "pace", "identity", "frame", "connect", "general"}


def guide(*evidence, wish=None):
    return guide_repair(a_finding(evidence=evidence), FORM, wish)


def fell(item):
    return Evidence(EvidenceKind.ITEM_FELL, item=item, value=4.0, usual=8.0)


def closest(option):
    return Evidence(EvidenceKind.CLOSEST, item="closest", option=option)


@pytest.mark.parametrize(
    ("item", "focus"),
    [
        ("heard", "connect"),
        ("safe", "pulled_back"),
        ("goals", "aims"),
        ("approach", "aims"),
        ("pace", "pace"),
        ("respect", "identity"),
    ],
)
def test_what_fell_chooses_the_words(item, focus):
    assert guide(fell(item)).focus == focus


@pytest.mark.parametrize(
    ("option", "focus"),
    [
        ("misunderstood", "connect"),
        ("held_back", "pulled_back"),
        ("judged", "pulled_back"),
        ("pushed", "pace"),
        ("other_topic", "aims"),
        ("disagreed", "pushed_against"),
        ("background", "identity"),
        ("slipped", "frame"),
    ],
)
def test_the_clients_own_word_comes_before_what_fell(option, focus):
    assert guide(fell("heard"), closest(option)).focus == focus


def test_several_words_of_the_client_are_all_named():
    said = guide(closest("pushed"), closest("disagreed"), closest("judged"))
    assert said.focus == "pace"
    assert said.also == ("They may have pushed against something", "They may have pulled back")


def test_without_anything_to_go_by_the_words_are_general():
    assert guide(Evidence(EvidenceKind.BELOW_RANGE, value=5.0)).focus == "general"
    assert guide(closest("something_else")).focus == "general"


@pytest.mark.parametrize("wish", ["bring_up", "i_will", "just_know", None])
def test_each_wish_is_met_in_its_own_way(wish):
    others = {"bring_up", "i_will", "just_know", None} - {wish}
    said = guide(fell("pace"), wish=wish)
    for other in others:
        met = guide(fell("pace"), wish=other)
        assert met.wish != said.wish
        assert met.steps[1].say != said.steps[1].say


def test_it_is_named_first_only_for_who_asked_for_that():
    asked, silent = guide(fell("pace"), wish="bring_up"), guide(fell("pace"))
    assert "too fast" in asked.steps[1].say[0]
    assert asked.once_open == ()
    assert "too fast" not in " ".join(silent.steps[1].say)
    assert "too fast" in silent.once_open[0]


def test_every_option_of_the_form_leads_to_words_that_are_there():
    chips = {option.value for option in FORM.by_id["closest"].options}
    assert chips - set(WORDS["chips"]) == {"something_else"}
    assert {option.value for option in FORM.by_id["wish"].options} < set(WORDS["wishes"])
    assert set(WORDS["focuses"]) == FOCUSES
    assert {*WORDS["chips"].values(), *WORDS["items"].values(), *WORDS["groups"].values()} <= FOCUSES
    assert {item.id for item in FORM.scales} == set(WORDS["items"])


@pytest.mark.parametrize("focus", sorted(FOCUSES))
def test_each_focus_has_words_to_say_what_to_avoid_and_three_ways_of_working(focus):
    fitted = WORDS["focuses"][focus]
    assert fitted["say"]
    assert len(fitted["avoid"]) >= 3
    assert all(fitted[way] for way in ("title", "may_be", "listen", "own", "change", "cbt", "depth", "body"))


def test_no_two_focuses_say_the_same():
    for part in ("title", "may_be", "cbt", "depth", "body", "change", "listen"):
        said = [fitted[part] for fitted in WORDS["focuses"].values()]
        assert len(set(said)) == len(said), part


def test_only_somebody_who_told_is_thanked_for_telling():
    told = Evidence(EvidenceKind.DIRECT, item="off", value=2.0, option="a_little")
    assert "telling me" in guide(told).steps[0].say[0]
    assert "telling me" not in guide().steps[0].say[0]


def test_the_words_say_that_clinicians_have_not_read_them_yet():
    assert "awaiting review by clinicians" in guide().review
