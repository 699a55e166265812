"""Reasons are sentences a client could read over the therapist's shoulder."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.detection import build, explain
from feedback.domain.errors import Refused
from feedback.domain.rupture import Evidence, EvidenceKind, Level, of_this_answer
from feedback.domain.trajectory import ScoredForm
from tests.detection.made import an_instrument, findings, forms_of
from tests.support.builders import a_finding

DOCUMENT = Path(__file__).parents[2] / "docs" / "detection.md"
MADE = an_instrument()
HARSH = re.compile(r"risk|alert|fail|poor|alarm|danger|warning|%", re.IGNORECASE)


def worded(forms, name="switching"):
    return explain.reasons(findings(build(name, MADE), forms)[-1], MADE)


def test_a_low_score_stands_beside_the_persons_own_usual_range():
    first = worded(forms_of(9, 9, 9, 9, 6))[0]
    assert re.fullmatch(r"6\.0, below this person’s usual \d\.\d to \d+\.\d", first)
    assert first.strong == "6.0"


def test_two_numbers_that_read_alike_are_told_apart_in_words():
    found = replace(a_finding(), value=9.16, expected_low=9.24, expected_high=10.0)
    told = explain.reasons(replace(found, evidence=(Evidence(EvidenceKind.BELOW_RANGE, value=9.16, usual=9.7),)), MADE)
    assert told == ("9.2, just below this person’s usual 9.2 to 10.0",)


def test_in_the_first_two_forms_it_stands_beside_what_is_usual_at_the_start():
    assert worded(forms_of(4))[0] == "4.0, below what is usual at the start"
    assert worded(forms_of(9, 4))[0] == "4.0, below what is usual at the start"


def test_the_lowest_answer_is_named_as_the_client_marked_it():
    ratings = {f"q{n}": 9.0 for n in range(6)} | {"q1": 4.0}
    assert "Lowest answer: thing 1, 4" in worded([ScoredForm(1, ratings)])


def test_an_answer_that_fell_is_named_with_its_usual_value():
    ratings = {f"q{n}": 9.0 for n in range(6)} | {"q4": 3.0}
    assert "Lower than usual: thing 4, 3 (usually 9.0)" in worded([*forms_of(9, 9, 9), ScoredForm(4, ratings)])


def test_the_direct_answer_and_what_it_was_closest_to_are_told_in_the_clients_words():
    ratings = {f"q{n}": 9.0 for n in range(6)}
    told = worded([*forms_of(9, 9), ScoredForm(3, ratings, direct=2, closest=frozenset({"pushed"}))])
    assert told == ("Scores look as usual (9.0)", "Something felt off: a_little.", "Closest to: pushed.")
    assert told[0].strong == "9.0"


@pytest.mark.parametrize("method", ["switching", "control_chart", "ewma", "cusum"])
def test_nothing_is_called_usual_before_it_is_known_what_is(method):
    for forms, known in [(1, False), (2, False), (3, True)]:
        found = findings(build(method, MADE), forms_of(*[9.0] * forms))[-1]
        told = [str(reason) for reason in explain.reasons(found, MADE)]
        assert any("as usual" in each for each in told) is known, forms


def test_a_slow_slide_is_counted():
    told = worded(forms_of(9, 8.5, 8, 7.5, 7))
    assert "Slow slide: lower in each of the last 4 sessions (9.0 to 7.0)" in told


def test_a_fall_since_last_time_is_told_by_the_drop():
    assert "Fell to 6.0 from 9.0 last time" in worded(forms_of(9, 6), "drop")


def test_the_part_to_embolden_is_cut_out_of_the_sentence():
    reason = explain.Reason("Lowest answer: pace, 4", "4")
    assert reason.parts == ("Lowest answer: pace, ", "4", "")
    assert explain.Reason("Nothing to mark").parts == ("Nothing to mark", "", "")


@pytest.mark.parametrize(("forms", "says"), [(1, "first"), (2, "from the third"), (7, "7 answered forms")])
def test_it_says_how_many_forms_it_rests_on(forms, says):
    finding = findings(build("switching", MADE), forms_of(*[9.0] * forms))[-1]
    assert says in explain.rests_on(finding)


def test_a_reader_who_may_not_read_all_is_told_how_many_they_may():
    one, two = findings(build("switching", MADE), forms_of(9.0, 9.0))
    assert explain.rests_on(one, reads_all=False) == "This is the first answered form you may read."
    assert explain.rests_on(two, reads_all=False).startswith("This rests on 2 answered forms you may read;")
    assert explain.rests_on(of_this_answer(two)) == ""


def test_the_levels_are_words():
    assert [explain.in_words(level) for level in Level] == ["nothing stands out", "worth asking", "likely"]


def test_it_says_how_often_such_a_flag_is_wrong():
    assert re.match(r"About \d in 10 such flags turn out to be nothing", explain.how_often_wrong("switching", 0.08))
    assert "not been measured" in explain.how_often_wrong("somebody_elses", 0.08)
    with pytest.raises(Refused):
        explain.how_often_wrong("switching", 0.5)


def test_the_documents_name_the_same_share():
    said = explain.how_often_wrong("switching", 0.08).partition(" such flags")[0].lower()
    assert f"{said} such flags" in " ".join(DOCUMENT.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", ["switching", "pooled", "cutoff", "drop", "control_chart", "direct"])
def test_no_harsh_word_and_no_percentage(name):
    forms = [*forms_of(9, 8, 7, 6, 2), ScoredForm(6, {"q0": 1.0, "q1": 8.0}, direct=3, closest=frozenset({"judged"}))]
    for finding in findings(build(name, MADE), forms):
        sentences = (*explain.reasons(finding, MADE), explain.rests_on(finding), explain.in_words(finding.level))
        assert not HARSH.search(" ".join(sentences))
