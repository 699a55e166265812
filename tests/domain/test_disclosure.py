"""The parts of a published figure: gates, noise, floor, rounding, error bars; and which figures a period has."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.figures import measures
from feedback.domain.figures.draw import Drawing, Tally, draw_figures
from feedback.domain.figures.gate import OpenCases, judge_gate
from feedback.domain.figures.noise import Draws, draw_noise, reach95
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import Answered, Place, publish_count, publish_exactly, publish_mean
from feedback.domain.figures.release import FigureStatus, GateReason, LatticeLevel, UnitKind
from feedback.domain.figures.rule import STRICT, USUAL
from tests.support.builders import GARDEN, HARBOUR, QUAY
from tests.support.chance import SeededChance

PLACE = Place(LatticeLevel.L1, HARBOUR, measures.FLAGGED)
TRIES = 400


def draws(seed=1):
    return Draws(SeededChance(seed))


def register(**cases):
    """`register(quay=(7, 7, 6))`: open cases by therapist, team by team."""
    return [
        OpenCases(f"{team}{place}", team, count) for team, counts in cases.items() for place, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("cases", "reason"),
    [
        ((7, 7, 6), None),
        ((10, 5, 5), None),
        ((7, 6, 6), GateReason.FEW_CASES),
        ((10, 10), GateReason.FEW_THERAPISTS),
        ((20, 20, 0), GateReason.FEW_THERAPISTS),
        ((11, 5, 5), GateReason.ONE_THERAPIST),
        ((), GateReason.FEW_CASES),
    ],
)
def test_a_unit_needs_twenty_cases_three_therapists_and_none_with_more_than_half(cases, reason):
    assert judge_gate(register(quay=cases)) is reason


@given(st.integers(1, 1000), st.integers(0, 10_000))
def test_whole_numbers_are_drawn_below_a_limit(limit, seed):
    drawn = [draws(seed).below(limit) for _ in range(3)]
    assert all(0 <= each < limit for each in drawn)


def test_every_value_below_a_limit_is_drawn_and_equally_often():
    one = draws()
    found = [one.below(6) for _ in range(6000)]
    assert all(abs(found.count(value) - 1000) < 150 for value in range(6))


@given(st.fractions(Fraction(1, 3), 100))
def test_the_reach_holds_95_of_100_draws_and_not_one_less_does(scale):
    shrink = math.exp(-1 / float(scale))

    def inside(reach):
        return 1 - 2 * shrink ** (reach + 1) / (1 + shrink)

    reach = reach95(scale)
    assert inside(reach) >= 0.95 - 1e-9
    assert reach == 0 or inside(reach - 1) < 0.95


def test_noise_is_whole_symmetric_and_as_wide_as_its_scale():
    one = draws()
    found = [draw_noise(Fraction(4), one) for _ in range(8000)]
    assert all(isinstance(each, int) for each in found)
    assert abs(sum(found) / len(found)) < 0.25
    assert sum(map(abs, found)) / len(found) == pytest.approx(3.96, rel=0.05)
    assert sum(abs(each) <= 12 for each in found) / len(found) >= 0.945


def test_a_count_is_blurred_floored_and_rounded_to_fives_within_its_bar():
    one = draws()
    published = [publish_count(PLACE, 60, USUAL, one) for _ in range(TRIES)]
    assert {figure.value % 5 for figure in published} == {0}
    assert len({figure.value for figure in published}) > 5
    assert sum(figure.lower95 <= 60 <= figure.upper95 for figure in published) / TRIES >= 0.95
    assert all(figure.upper95 - figure.value == 14 for figure in published)


def test_below_ten_there_is_no_value_and_a_true_nine_can_be_published_and_a_true_eleven_not():
    one = draws()
    found = {count: [publish_count(PLACE, count, USUAL, one) for _ in range(TRIES)] for count in (0, 9, 11)}
    for figures in found.values():
        assert all((figure.value is None) == (figure.status is FigureStatus.FLOOR) for figure in figures)
        assert all(figure.value is None or figure.value >= 10 for figure in figures)
        assert {figure.status for figure in figures} == {FigureStatus.FLOOR, FigureStatus.RELEASED}


def test_a_mean_has_one_decimal_and_its_bar_holds_the_true_one():
    one = draws()
    answered = Answered(900, 900 * 78)
    published = [publish_mean(PLACE, answered, USUAL, one, share=Fraction(1, 4)) for _ in range(TRIES)]
    assert all(round(figure.value, 1) == figure.value for figure in published)
    assert len({figure.value for figure in published}) > 2
    assert sum(figure.lower95 <= 7.8 <= figure.upper95 for figure in published) / TRIES >= 0.93
    assert max(figure.upper95 - figure.lower95 for figure in published) < 0.9


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_mean_of_very_few_is_mostly_not_given_and_never_leaves_the_scale(count):
    one = draws()
    published = [publish_mean(PLACE, Answered(count, 100 * count), USUAL, one, share=Fraction(1)) for _ in range(TRIES)]
    given = [figure for figure in published if figure.value is not None]
    assert len(given) < TRIES / 4
    assert all(0 <= figure.lower95 <= figure.value <= figure.upper95 <= 10 for figure in given)


def test_what_staff_did_is_given_as_it_is():
    assert publish_exactly(PLACE, 412).value == 412


TALLY = Tally(
    flags={"quay": (30, 300), "garden": (20, 200), None: (5, 50)},
    codes=77,
    score=Answered(600, 600 * 78),
    items={"mean:rapport-session:heard": Answered(600, 600 * 80)},
    off={"off:no": 500, "off:yes": 100},
)
LARGE = register(quay=(10, 10, 10), garden=(10, 10, 10))


def drawn(period, rule=USUAL, cases=LARGE, seed=1):
    drawing = Drawing(Period.read(period), HARBOUR, [QUAY, GARDEN], cases, rule)
    return drawing, draw_figures(drawing, TALLY, draws(seed))


def by_level(figures):
    found = {}
    for figure in figures:
        found.setdefault(figure.level, []).append((figure.unit.id, figure.measure))
    return found


def test_a_month_has_flags_and_codes_of_the_clinic_and_nothing_else():
    _, figures = drawn("2026-09")
    assert by_level(figures) == {
        LatticeLevel.L1: [("harbour1", "flagged"), ("harbour1", "not_flagged")],
        LatticeLevel.L4: [("harbour1", "codes")],
    }
    assert figures[-1].value == 77


def test_a_quarter_has_flags_by_team_and_the_rest_by_clinic():
    _, figures = drawn("2026-Q3")
    found = by_level(figures)
    assert set(found) == {LatticeLevel.L2, LatticeLevel.L3}
    assert {unit for unit, _ in found[LatticeLevel.L2]} == {"quay", "garden"}
    assert {unit for unit, _ in found[LatticeLevel.L3]} == {"harbour1"}
    assert [measure for _, measure in found[LatticeLevel.L3]] == [
        "mean_score", "mean:rapport-session:heard", "off:no", "off:yes",
        *(f"repair:{state}" for state in measures.RepairState),
    ]  # fmt: skip


def test_the_strict_rule_has_no_months_and_no_teams():
    assert drawn("2026-09", STRICT)[1] == ()
    _, figures = drawn("2026-Q3", STRICT)
    assert {figure.unit.kind for figure in figures} == {UnitKind.CLINIC}
    assert {figure.level for figure in figures} == {LatticeLevel.L1, LatticeLevel.L3, LatticeLevel.L4}


def test_a_team_under_the_gate_counts_with_the_clinic_and_a_clinic_under_it_gets_nothing():
    drawing, figures = drawn("2026-Q3", cases=register(quay=(10, 10, 10), garden=(9, 5)))
    assert drawing.gated == ((GARDEN, GateReason.FEW_CASES),)
    of_team = [figure.status for figure in figures if figure.unit == GARDEN]
    assert of_team == [FigureStatus.MERGED, FigureStatus.MERGED]
    drawing, figures = drawn("2026-Q3", cases=register(quay=(12, 3, 3)))
    assert drawing.gated == ((HARBOUR, GateReason.FEW_CASES),)
    assert {figure.status for figure in figures} == {FigureStatus.GATED}


def test_what_may_be_published_does_not_depend_on_what_was_answered():
    empty = Tally(flags={}, items=dict.fromkeys(TALLY.items, Answered(0, 0)), off=dict.fromkeys(TALLY.off, 0))
    drawing, figures = drawn("2026-Q3")
    nothing = draw_figures(drawing, empty, draws())
    assert [(each.level, each.unit, each.measure) for each in nothing] == [
        (each.level, each.unit, each.measure) for each in figures
    ]


def test_the_items_of_an_instrument_share_what_they_may_spend_whatever_their_number():
    six = Tally(
        flags={}, items={f"mean:a:{place}": Answered(1, 50) for place in range(6)} | {"mean:b:x": Answered(1, 50)}
    )
    assert six.item_share() == Fraction(1, 4)
    assert 2 * 6 * six.item_share() == 3
