"""A clinic's own parameters: fitted from 60 cases up, kept only if they foretell answers set aside no worse."""

import json
from dataclasses import replace

import numpy as np
import pytest

from feedback import detection, instruments
from feedback.detection.calibration import calibration_of
from feedback.detection.evaluation.worlds import draw
from feedback.detection.simulation import WORLDS
from feedback.detection.switching import fitting
from feedback.detection.switching.tuned import BOUNDS, frozen, read_tuned, tuned
from feedback.detection.table import judge
from feedback.domain.errors import DetectorParametersWrong, DetectorStateUnreadable, Refused
from feedback.domain.trajectory import ScoredForm
from tests.detection.made import an_instrument, forms_of

FORM = instruments.load("rapport-session")
LOW = replace(WORLDS["base"], name="low", level=6.0, length=0.6)
"""A clinic where people mark three points lower than in the worlds the frozen parameters were made from."""


def small(world, cases):
    """The first so many cases of a world."""
    table = draw(FORM, world, seed=5, cases=2).answers
    keys = list(dict.fromkeys(row.case for row in table.rows if row.form))[:cases]
    return replace(table, rows=tuple(row for row in table.rows if row.case in keys))


@pytest.fixture(scope="module")
def low():
    return small(LOW, 66)


@pytest.fixture(scope="module")
def found(low):
    return fitting.fit(low, FORM)


def test_where_people_mark_lower_the_usual_start_comes_out_lower(found):
    assert found.tuned.numbers.start_mean < frozen(FORM).numbers.start_mean - 1.0
    assert found.gain > 0.05
    assert (found.cases, found.forms > 150) == (66, True)


def test_what_a_rupture_does_is_never_fitted(found):
    numbers, shipped = found.tuned.numbers, frozen(FORM).numbers
    assert replace(numbers, **{name: getattr(shipped, name) for name in BOUNDS}) == shipped


def test_the_limits_are_drawn_towards_the_budget(low, found):
    """Of these forms the frozen parameters at 8 % flag far more than that, the fitted ones fewer."""

    def over(method):
        given = [finding.probability for _, _, finding in judge(low, method)]
        return np.mean(np.array(given) >= method.threshold)

    own = over(detection.build("switching", FORM, 0.08, tuned=found.tuned))
    shipped = over(detection.build("switching", FORM, 0.08))
    assert abs(own - 0.08) < abs(shipped - 0.08)
    limits = [found.tuned.calibration.limits[at] for at in range(5, 13)]
    assert limits == sorted(limits, reverse=True)


def test_fewer_than_60_cases_are_refused(low):
    keys = list(dict.fromkeys(row.case for row in low.rows))[:59]
    few = replace(low, rows=tuple(row for row in low.rows if row.case in keys))
    with pytest.raises(DetectorParametersWrong, match=r"needs 60 cases .* there are 59"):
        fitting.fit(few, FORM)


def test_parameters_that_foretell_the_answers_set_aside_worse_are_refused(low, monkeypatch):
    """A search that returned something bad, as a fit to chance would be."""
    start = frozen(FORM)
    bad = replace(start, numbers=replace(start.numbers, item_sd=2.4, wobble_sd=1.9, start_mean=11.0))
    monkeypatch.setattr(fitting, "_searched", lambda *_: bad)
    with pytest.raises(DetectorParametersWrong, match="worse than the frozen ones"):
        fitting.fit(low, FORM)


def test_a_state_made_with_other_parameters_is_refused(found):
    own = detection.build("switching", FORM, tuned=found.tuned)
    form = ScoredForm(1, {"heard": 8.0})
    state, _ = own.observe(None, form)
    assert own.version.startswith(detection.build("switching", FORM).version + "+")
    with pytest.raises(DetectorStateUnreadable):
        detection.build("switching", FORM).observe(state, replace(form, session=2))


def test_what_was_written_is_read_back_and_judges_alike(found):
    again = read_tuned(found.tuned.as_text(cases=66), FORM, "own.json")
    form = forms_of(8)[0]
    form = replace(form, ratings=dict.fromkeys(("heard", "safe", "goals"), 5.0))
    probabilities = [
        detection.build("switching", FORM, tuned=each).observe(None, form)[1].probability
        for each in (found.tuned, again)
    ]
    assert probabilities[0] == pytest.approx(probabilities[1], abs=1e-4)


def test_only_switching_takes_parameters(found):
    with pytest.raises(Refused, match="switching alone"):
        detection.build("pooled", FORM, tuned=found.tuned)


def a_file(**changes):
    numbers = {name: getattr(frozen(FORM).numbers, name) for name in BOUNDS}
    plain = json.loads(tuned(FORM, numbers, calibration_of("switching").limits).as_text())
    return json.dumps(plain | changes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "own.json is not JSON"),
        ("[]", "own.json holds no detector parameters"),
        (a_file(instrument="other"), "was fitted to “other”, not to “rapport-session”"),
        (a_file(numbers={}), "own.json, numbers, start_mean: this must be a number from 4 to 12"),
        (a_file(numbers=dict.fromkeys(BOUNDS, True)), "numbers, start_mean: this must be"),
        (a_file(limits={str(at): at / 100 for at in range(5, 13)}), "must not rise with the budget"),
    ],
)
def test_a_wrong_file_names_the_place_and_the_remedy(text, says):
    with pytest.raises(DetectorParametersWrong, match=says):
        read_tuned(text, FORM, "own.json")


def test_foretelling_is_by_answers_alone_and_sums_to_one():
    """With one item of five steps and no direct answer, the likelihoods of all its answers add up to one."""
    made = an_instrument(scales=1, points=5, direct=())
    method = detection.build("switching", made)
    state, _ = method.foretell(None, ScoredForm(1, {"q0": 7.5}, steps=5))
    each = [method.foretell(state, ScoredForm(2, {"q0": at * 2.5}, steps=5))[1] for at in range(5)]
    assert np.exp(each).sum() == pytest.approx(1.0, abs=0.01)
