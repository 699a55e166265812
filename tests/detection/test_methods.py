"""Each method on examples worked out by hand or given in its source."""

import math

import pytest

from feedback import instruments
from feedback.detection import build, calibration
from feedback.detection.methods.drop import reliable_change
from feedback.domain.errors import Refused
from feedback.domain.rupture import EvidenceKind, Level
from feedback.domain.trajectory import ScoredForm
from tests.detection.made import an_instrument, below, findings, forms_of


def flags(name, *scores, made=None):
    return [finding.flag for finding in findings(build(name, made or an_instrument()), forms_of(*scores))]


def kinds(finding):
    return {entry.kind for entry in finding.evidence}


def logit(probability, name):
    """The statistic behind a probability."""
    frozen = build(name, an_instrument()).calibration
    return (math.log(probability / (1 - probability)) - frozen.offset) / frozen.slope


def test_duncan_2003_a_total_of_35_of_40_is_flagged_and_36_is_not():
    assert flags("cutoff", 36 / 4, 35 / 4) == [False, True]


def test_the_instruments_own_threshold_comes_first():
    made = an_instrument(cutoffs=below(70))
    assert flags("cutoff", 7.0, 6.9, made=made) == [False, True]


def test_a_flag_of_the_cutoff_names_the_threshold():
    finding = findings(build("cutoff", an_instrument(cutoffs=below(70))), forms_of(5))[0]
    entry = next(entry for entry in finding.evidence if entry.kind is EvidenceKind.BELOW_CUTOFF)
    assert (entry.value, entry.usual) == (5.0, 7.0)


def test_jacobson_truax_1991_the_change_of_their_worked_example_is_reliable():
    """From 32.5 to 47.5, SD 7.5, reliability .80: their index is 3.16, so 1.96 of it is 9.30 points."""
    limit = reliable_change(7.5, 0.80)
    assert limit == pytest.approx(9.30, abs=0.01)
    assert (47.5 - 32.5) / limit * 1.96 == pytest.approx(3.16, abs=0.01)


def test_a_fall_smaller_than_measurement_error_is_no_drop():
    assert flags("drop", 9.0, 7.2) == [False, False]
    assert flags("drop", 9.0, 7.0) == [False, True]


def test_a_drop_is_measured_from_the_last_answered_form():
    forms = [forms_of(9)[0], ScoredForm(4, {"q0": 2.0}), ScoredForm(6, {f"q{n}": 7.0 for n in range(6)})]
    assert [finding.flag for finding in findings(build("drop", an_instrument()), forms)] == [False, False, True]


def test_shewhart_limits_worked_out_by_hand():
    """Scores 8, 9, 8: centre 8.33, mean moving range 1, sigma 1 / 1.128; the lower limit is 6.56."""
    limit = 25 / 3 - 2 / 1.128
    assert flags("control_chart", 8, 9, 8, limit + 0.01)[-1] is False
    assert flags("control_chart", 8, 9, 8, limit - 0.01)[-1] is True


def test_the_control_chart_says_nothing_before_the_fourth_form():
    assert flags("control_chart", 9, 9, 0) == [False, False, False]


def test_ewma_worked_out_by_hand():
    """Scores 8, 9, 8, then 6: 7/3 below the centre in sigmas of 1 / 1.128. The first average is 0.4 of that, and so is
    its spread: 2.63 sigmas, within 3.054. One more at 6, from centre 7.75 and sigma 4 / 3 / 1.128: 1.48 sigmas;
    0.6 · 1.053 + 0.4 · 1.481 over a spread of 0.4 · √(1 + 0.36).
    """
    found = findings(build("ewma", an_instrument()), forms_of(8, 9, 8, 6, 6))
    standing = [logit(finding.probability, "ewma") for finding in found]
    assert standing[:3] == pytest.approx([0, 0, 0], abs=1e-9)
    assert standing[3] == pytest.approx(7 / 3 * 1.128)
    assert standing[4] == pytest.approx((0.6 * 0.4 * 7 / 3 * 1.128 + 0.4 * 1.75 * 1.128 * 3 / 4) / (0.4 * 1.36**0.5))
    assert [finding.flag for finding in found] == [False] * 5
    assert flags("ewma", 8, 9, 8, 5) == [False, False, False, True]


def test_cusum_worked_out_by_hand():
    """Scores 8, 9, 8, then 6: 7/3 · 1.128 less a half is 2.13; one more at 6 adds 1.48 less a half: 3.11, within 4.
    At 5, with 2.75 · 1.128 · 3/4 − 0.5, the sum is 3.96; at 4.9 it is over 4, and the next starts from nought.
    """
    found = findings(build("cusum", an_instrument()), forms_of(8, 9, 8, 6, 6))
    sums = [logit(finding.probability, "cusum") for finding in found]
    assert sums[3:] == pytest.approx([7 / 3 * 1.128 - 0.5, 7 / 3 * 1.128 + 1.75 * 1.128 * 0.75 - 1.0])
    assert flags("cusum", 8, 9, 8, 6, 5)[-1] is False
    assert flags("cusum", 8, 9, 8, 6, 4.9)[-1] is True
    after = findings(build("cusum", an_instrument()), forms_of(8, 9, 8, 6, 4.9, 9))[-1]
    assert logit(after.probability, "cusum") == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("name", ["ewma", "cusum"])
def test_charts_with_a_memory_say_nothing_before_the_fourth_form(name):
    assert flags(name, 9, 9, 0) == [False, False, False]


@pytest.mark.parametrize(("place", "flag"), [(None, False), (0, False), (1, False), (2, True), (3, True)])
def test_direct_flags_a_little_and_yes(place, flag):
    form = ScoredForm(1, {}, direct=place)
    assert findings(build("direct", an_instrument()), [form])[0].flag is flag


def test_pooled_compares_people_only_with_themselves():
    low, high = flags("pooled", 5, 5, 5, 5, 5, 5, 5)[-1], flags("pooled", 9.8, 9.8, 9.8, 9.8, 9.8, 9.8, 5)[-1]
    assert (low, high) == (False, True)


def test_switching_flags_a_dip_below_the_persons_own_level_and_not_the_level_itself():
    assert flags("switching", 9, 9, 9, 9, 9, 6)[-1] is True
    assert flags("switching", 6, 6, 6, 6, 6, 6)[-1] is False


def test_switching_takes_a_fall_of_everything_for_what_it_is():
    """The deeper the likelier, though hardly any rupture lowers every item alike."""
    told = [findings(build("switching", an_instrument()), forms_of(9, 9, 9, 9, last))[-1] for last in (9, 7, 6, 4)]
    assert [one.probability for one in told] == sorted(one.probability for one in told)
    assert told[-1].probability > 0.8


def test_switching_knows_all_tens_as_ten_or_more():
    steady = findings(build("switching", an_instrument()), forms_of(10, 10, 10, 10))
    assert steady[-1].probability < 0.1
    assert steady[-1].expected_high == pytest.approx(10.0)
    assert EvidenceKind.AS_USUAL in kinds(steady[-1])


def test_switching_finds_an_uneven_dip_more_telling_than_an_even_one_of_the_same_size():
    made = an_instrument()
    before = forms_of(9, 9, 9, 9)
    even = ScoredForm(5, {f"q{n}": 8.0 for n in range(6)})
    uneven = ScoredForm(5, {"q0": 6.0, "q4": 6.0, "q1": 9.0, "q2": 9.0, "q3": 9.0, "q5": 9.0})
    after_even, after_uneven = (findings(build("switching", made), [*before, newest])[-1] for newest in (even, uneven))
    assert after_even.value == after_uneven.value == 8.0
    assert after_uneven.probability > 2 * after_even.probability


def test_switching_weighs_the_direct_answer_in_order():
    method = build("switching", an_instrument())
    forms = forms_of(9, 9, 9)
    told = [
        findings(method, [*forms, ScoredForm(4, dict(forms[0].ratings), direct=place)])[-1].probability
        for place in (0, None, 1, 2, 3)
    ]
    assert told == sorted(told)
    assert told[0] < told[-1] / 5


def test_meetings_without_a_form_only_let_time_pass():
    method = build("switching", an_instrument())
    near, far = ([*forms_of(9, 9), ScoredForm(at, {f"q{n}": 7.0 for n in range(6)})] for at in (3, 12))
    soon, late = findings(method, near)[-1], findings(method, far)[-1]
    assert late.expected_high - late.expected_low > soon.expected_high - soon.expected_low


def test_a_skipped_item_is_not_a_low_one():
    method = build("switching", an_instrument())
    partly = ScoredForm(4, {"q0": 9.0, "q1": 9.0, "q2": 9.0, "q3": 9.0})
    assert findings(method, [*forms_of(9, 9, 9), partly])[-1].probability < 0.1


def test_with_five_answer_steps_one_step_down_is_less_of_a_fall_than_with_eleven():
    made = an_instrument()
    coarse = [
        ScoredForm(n, dict.fromkeys(("q0", "q1", "q2", "q3"), 10.0 if n < 4 else 7.5), steps=5) for n in (1, 2, 3, 4)
    ]
    fine = [ScoredForm(f.session, f.ratings, steps=101) for f in coarse]
    told = [findings(build("switching", made), forms)[-1].probability for forms in (coarse, fine)]
    assert told[0] < told[1]


def test_the_ceiling_can_be_taken_off():
    from dataclasses import replace

    made = an_instrument()
    flat = replace(made, detector=replace(made.detector, top_is_ceiling=False))
    forms = forms_of(10, 10, 10, 9)
    with_ceiling, without = (findings(build("switching", one), forms)[-1] for one in (made, flat))
    assert with_ceiling.probability != without.probability


def test_reversed_items_count_the_other_way_round():
    from dataclasses import replace

    made = an_instrument(scales=1)
    turned = replace(made, scores=(replace(made.scores[0], reverse=frozenset({"q0"})),))
    straight = findings(build("switching", made), forms_of(9, 9, 9, 4, scales=1))[-1]
    reversed_ = findings(build("switching", turned), forms_of(1, 1, 1, 6, scales=1))[-1]
    assert reversed_.probability == pytest.approx(straight.probability)


def test_a_larger_budget_flags_no_less():
    made, forms = an_instrument(), forms_of(9, 9, 8, 7.5, 7)
    limits = [calibration.calibration_of("switching").threshold(budget) for budget in (0.05, 0.065, 0.08, 0.12)]
    assert limits == sorted(limits, reverse=True)
    few, many = (sum(f.flag for f in findings(build("switching", made, budget), forms)) for budget in (0.05, 0.12))
    assert few <= many


def test_between_two_budgets_the_limit_lies_between_theirs():
    five, six = (calibration.calibration_of("pooled").threshold(budget) for budget in (0.05, 0.06))
    assert calibration.calibration_of("pooled").threshold(0.055) == pytest.approx((five + six) / 2)


def test_how_often_a_flag_is_wrong_is_known_for_the_built_in_methods_only():
    assert 0 < calibration.share_wrong("switching", 0.08) < 1
    assert calibration.share_wrong("somebody_elses", 0.08) is None
    with pytest.raises(Refused):
        calibration.share_wrong("switching", 0.2)


def test_likely_means_more_often_right_than_wrong():
    found = findings(build("switching", an_instrument()), [*forms_of(9.5, 9.5, 9.5, 9.5), *forms_of(3)])
    deep = findings(build("switching", an_instrument()), forms_of(9, 9, 9, 9, 4))[-1]
    assert deep.level is Level.LIKELY
    assert deep.probability >= 0.5
    assert math.isfinite(found[-1].probability)


def test_an_answer_to_what_it_was_closest_to_speaks_for_its_own_group():
    """Aims fell, and the client says so: likelier than the same fall with a word about the bond."""
    made = instruments.load("rapport-session")
    method = build("switching", made)
    usual = [ScoredForm(n, {item.id: 9.0 for item in made.scales}, direct=0) for n in (1, 2, 3)]
    fell = {item.id: 7.0 if item.group == "aims" else 9.0 for item in made.scales}
    told = {
        chosen: findings(method, [*usual, ScoredForm(4, fell, direct=1, closest=frozenset({chosen}))])[-1].probability
        for chosen in ("other_topic", "misunderstood", "something_else")
    }
    assert told["other_topic"] > told["misunderstood"] >= told["something_else"]


def saying(place, *closest):
    """The probability of a somewhat low form after three usual ones, with this said."""
    newest = ScoredForm(4, {f"q{n}": 8.0 for n in range(6)}, direct=place, closest=frozenset(closest))
    return findings(build("switching", an_instrument()), [*forms_of(9, 9, 9), newest])[-1].probability


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_strain_that_is_named_counts_more_and_none_of_them_less_but_never_less_than_a_no(place):
    assert saying(place, "pushed") > saying(place)
    assert saying(0) <= saying(place, "something_else") < saying(place)
    assert saying(place, "something_else", "pushed") == saying(place, "pushed")


def test_an_answer_of_a_clinics_own_to_what_it_was_closest_to_speaks_neither_way():
    assert saying(2, "of_our_own") == saying(2)
    assert saying(2, "of_our_own", "something_else") == saying(2)


def test_what_it_was_closest_to_is_passed_over_where_nothing_was_off():
    assert saying(0, "pushed") == saying(0)


def test_a_questionnaire_nobody_measured_gets_the_numbers_of_the_nearest_shape():
    near = calibration.calibration_of("switching", an_instrument(scales=5, points=10))
    assert near == calibration.calibration_of("switching", an_instrument(scales=6, points=11))
    assert near != calibration.calibration_of("switching", an_instrument(scales=6, points=11, direct=()))
    assert near != calibration.calibration_of("switching", an_instrument(scales=1, points=11))


def test_the_easier_version_has_the_numbers_of_the_form_it_makes_easier():
    plain, easier = (instruments.load(name) for name in ("rapport-session", "rapport-session-easy"))
    assert calibration.calibration_of("switching", easier) == calibration.calibration_of("switching", plain)


def test_where_items_have_no_groups_there_is_one_pattern():
    made = an_instrument(scales=1)
    assert set(build("switching", made).patterns.groups) == {"even"}
    assert set(build("switching", an_instrument()).patterns.groups) == {"even", "bond", "aims", "identity"}
