"""What every registered detection method has to keep, a clinic's own included."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import detection
from feedback.detection import judge_ratings
from feedback.domain.errors import DetectionMethodUnknown, DetectorStateUnreadable, Refused
from feedback.domain.rupture import EvidenceKind, Level
from feedback.domain.trajectory import ScoredForm
from tests.detection.made import INSTRUMENTS, an_instrument, findings, forms_of, trajectories

DOCUMENT = Path(__file__).parents[2] / "docs" / "detection.md"
SLACK = 0.01

every_method = pytest.mark.parametrize("name", detection.names())
some = settings(max_examples=25, deadline=None)

BUILT = {(name, at): detection.build(name, made) for name in detection.names() for at, made in enumerate(INSTRUMENTS)}


@st.composite
def cases(draw):
    at = draw(st.integers(0, len(INSTRUMENTS) - 1))
    return at, draw(trajectories(INSTRUMENTS[at]))


@every_method
@some
@given(case=cases())
def test_the_same_forms_give_the_same_findings_in_a_method_built_anew(name, case):
    at, forms = case
    assert findings(BUILT[name, at], forms) == findings(detection.build(name, INSTRUMENTS[at]), forms)


@every_method
@some
@given(case=cases())
def test_step_by_step_equals_from_scratch_and_the_past_never_changes(name, case):
    at, forms = case
    whole = findings(BUILT[name, at], forms)
    for length in range(1, len(forms) + 1):
        assert findings(BUILT[name, at], forms[:length]) == whole[:length]


@every_method
@some
@given(case=cases())
def test_findings_are_sound(name, case):
    at, forms = case
    items = {item.id for item in INSTRUMENTS[at].items}
    for number, finding in enumerate(findings(BUILT[name, at], forms), start=1):
        assert 0.0 <= finding.probability <= 1.0
        assert finding.flag == (finding.level is not Level.NONE)
        assert finding.forms == number
        assert (finding.method, finding.version) == (name, BUILT[name, at].version)
        bounds = (finding.expected_low, finding.expected_high)
        if number < 3:
            assert bounds == (None, None)
        else:
            assert 0.0 <= finding.expected_low <= finding.expected_high <= 10.0
        for entry in finding.evidence:
            assert entry.item is None or entry.item in items
            numbers = [value for value in (entry.value, entry.usual) if value is not None]
            assert all(math.isfinite(value) and 0.0 <= value <= 10.0 for value in numbers)


@every_method
@some
@given(case=cases(), raised=st.integers(1, 3))
def test_a_lower_newest_form_never_withdraws_a_finding(name, case, raised):
    at, forms = case
    method = BUILT[name, at]
    newest = forms[-1]
    step = 10 / (newest.steps - 1)
    lowered = replace(newest, ratings={item: max(0.0, rating - step) for item, rating in newest.ratings.items()})
    told = None if newest.direct is None else min(newest.direct + raised, method.reader.last_place)
    before = findings(method, forms)[-1]
    for worse in (lowered, replace(newest, direct=told), replace(lowered, direct=told)):
        after = findings(method, [*forms[:-1], worse])[-1]
        assert after.probability >= before.probability - SLACK
        assert after.flag or not before.flag


@every_method
@pytest.mark.parametrize("made", [made for made in INSTRUMENTS if made.detector.direct_item])
def test_a_clear_yes_is_always_listed(name, made):
    top = {item.id: 10.0 for item in made.scales}
    yes = len(made.by_id["off"].options) - 1
    forms = [*[ScoredForm(n, top, direct=0) for n in range(1, 6)], ScoredForm(6, top, direct=yes)]
    finding = findings(detection.build(name, made, 0.05), forms)[-1]
    assert finding.flag
    assert EvidenceKind.DIRECT in {entry.kind for entry in finding.evidence}


@every_method
def test_a_form_that_says_nothing_is_never_flagged(name):
    made = an_instrument()
    falling = [*forms_of(9, 9, 9, 2), ScoredForm(5, {})]
    assert not findings(detection.build(name, made), falling)[-1].flag


@every_method
@some
@given(at=st.integers(0, len(INSTRUMENTS) - 1), before=st.integers(0, 6), silent=st.integers(1, 60))
def test_silence_is_never_flagged_nor_the_first_usual_form_after_it(name, at, before, silent):
    made = INSTRUMENTS[at]
    top = {item.id: 10.0 for item in made.scales}
    said = 0 if made.detector.direct_item else None
    answered = [*range(before), before + silent]
    ratings = [top if number in answered else None for number in range(before + silent + 1)]
    direct = [said if number in answered else None for number in range(before + silent + 1)]
    judged = judge_ratings(BUILT[name, at], made, ratings, direct=direct)
    assert [each.session for each in judged] == [number + 1 for number in answered]
    assert not any(each.finding.flag for each in judged)


@every_method
def test_kept_state_is_small(name):
    state = None
    method = detection.build(name, an_instrument(scales=12))
    for form in forms_of(9, 8, 9, 3, 9, 9, scales=12):
        state, _ = method.observe(state, form)
    assert len(state) < 6000


@every_method
@pytest.mark.parametrize("damaged", [b"", b"other/1\n[]", b"\xff\xfe", b"{name}/1\n[]", b"{name}/1\nno json"])
def test_a_state_of_another_version_or_damaged_is_refused(name, damaged):
    kept = damaged.replace(b"{name}", name.encode())
    with pytest.raises(DetectorStateUnreadable):
        detection.build(name, an_instrument()).observe(kept, forms_of(8)[0])


@every_method
def test_the_documents_have_a_heading_for_it(name):
    assert f"\n### `{name}`" in DOCUMENT.read_text(encoding="utf-8")


def test_an_unknown_method_is_refused_with_the_names_there_are():
    with pytest.raises(DetectionMethodUnknown, match="switching"):
        detection.build("crystal_ball", an_instrument())


@pytest.mark.parametrize("budget", [0.0, 0.049, 0.121, 1.0])
def test_a_budget_outside_its_limits_is_refused(budget):
    with pytest.raises(Refused, match="between"):
        detection.build("switching", an_instrument(), budget)


def test_the_default_is_among_the_names():
    assert detection.DEFAULT in detection.names()
