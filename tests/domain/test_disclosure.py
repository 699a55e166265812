"""The parts of a published figure: gates, noise, floor, rounding, error bars; and which figures a period has."""

import math
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.figures import measures, protect
from feedback.domain.figures.contribution import FINE, Answer, Questionnaire, Sums, of_client, rank_options
from feedback.domain.figures.draw import Drawing, Tally, draw_figures
from feedback.domain.figures.gate import OpenCases, judge_gate
from feedback.domain.figures.noise import Draws, draw_noise, reach95
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import (
    Place,
    blur_item,
    blur_score,
    publish_count,
    publish_exactly,
    publish_item,
    publish_score,
)
from feedback.domain.figures.release import FigureStatus, GateReason, LatticeLevel, Part, UnitKind
from feedback.domain.figures.rule import ITEM_MOST, SENSITIVITY, STRICT, USUAL
from tests.support.builders import GARDEN, HARBOUR, QUAY
from tests.support.chance import SeededChance

PLACE = Place(LatticeLevel.L1, HARBOUR, measures.CLIENTS_FLAGGED)
MEAN = Place(LatticeLevel.L3, HARBOUR, measures.CLIENTS_MEAN_SCORE)
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


def test_a_count_is_blurred_within_its_bar():
    one = draws()
    published = [publish_count(PLACE, 60, Part.MONTH, USUAL, one) for _ in range(TRIES)]
    assert len({figure.value for figure in published}) > 5
    assert sum(figure.lower95 <= 60 <= figure.upper95 for figure in published) / TRIES >= 0.93
    assert all(figure.upper95 - figure.value == 4 for figure in published)


def test_below_ten_there_is_an_interval_and_no_value_and_a_true_nine_can_be_published_and_a_true_eleven_not():
    one = draws()
    found = {count: [publish_count(PLACE, count, Part.OFF, USUAL, one) for _ in range(TRIES)] for count in (5, 9, 11)}
    for figures in found.values():
        assert all((figure.value is None) == (figure.status is FigureStatus.FLOOR) for figure in figures)
        assert all(figure.value is None or figure.value >= 10 for figure in figures)
        assert {figure.status for figure in figures} == {FigureStatus.FLOOR, FigureStatus.RELEASED}


@pytest.mark.parametrize("count", [0, 4, 9, 12, 15, 22])
def test_no_word_stands_where_the_interval_says_otherwise(count):
    """A true 22 was once *fewer than 10*: the interval that stands there now holds the true count, 95 times of 100."""
    one = draws()
    published = [publish_count(PLACE, count, Part.CONTESTED, USUAL, one) for _ in range(4 * TRIES)]
    assert sum(figure.lower95 <= count <= figure.upper95 for figure in published) / len(published) >= 0.94
    for figure in published:
        if figure.value is None:
            assert (figure.lower95, figure.upper95) == (0, 9 + reach95(Fraction(4)))
            assert figure.words == "0 to about 21"


def scored(clients, tenths):
    return clients * tenths * FINE, clients * (100 - tenths) * FINE


@pytest.mark.parametrize("clients", [58, 300])
def test_a_mean_has_one_decimal_and_its_bar_holds_the_true_one(clients):
    one = draws()
    scores = [blur_score(*scored(clients, 78), USUAL, one) for _ in range(TRIES)]
    published = [publish_score(MEAN, each, USUAL) for each in scores]
    blurred = [blur_item(clients * 12 * FINE, 6, USUAL, one) for _ in scores]
    items = [publish_item(MEAN, each, score, USUAL) for each, score in zip(blurred, scores, strict=True)]
    for true, figures, widest in ((7.8, published, 0.5), (6.2, items, 1.4)):
        assert all(round(figure.value, 1) == figure.value for figure in figures)
        assert sum(figure.lower95 <= true <= figure.upper95 for figure in figures) / TRIES >= 0.94
        assert max(figure.upper95 - figure.lower95 for figure in figures) < widest * 58 / clients + 0.2


@pytest.mark.parametrize("clients", [0, 1, 5])
def test_a_mean_of_very_few_is_not_given_and_never_leaves_the_scale(clients):
    one = draws()
    scores = [blur_score(*scored(clients, 100), USUAL, one) for _ in range(TRIES)]
    items = [publish_item(MEAN, blur_item(clients * 50 * FINE, 6, USUAL, one), each, USUAL) for each in scores]
    for figure in (*items, *(publish_score(MEAN, each, USUAL) for each in scores)):
        assert (figure.value, figure.lower95, figure.upper95, figure.words) == (None, 0, 10, "too few clients to say")
    whole = [publish_score(MEAN, blur_score(*scored(20, 100), USUAL, one), USUAL) for _ in range(TRIES)]
    assert all(0 <= figure.lower95 <= figure.value <= figure.upper95 <= 10 for figure in whole)


def test_what_staff_did_is_given_as_it_is():
    assert publish_exactly(PLACE, 412).value == 412


HEARD = "clients_mean:rapport-session:heard"
TALLY = Tally(
    flags={"quay": (30, 300), "garden": (20, 200), None: (5, 50)},
    codes=77,
    sums=Sums(
        up=Counter({"rapport-session": 600 * 78 * FINE}),
        down=Counter({"rapport-session": 600 * 22 * FINE}),
        items=Counter({HEARD: 600 * 30 * FINE}),
        off=Counter({"clients_off:no": 500, "clients_off:yes": 100}),
    ),
    items={"rapport-session": (HEARD,)},
    off=("clients_off:no", "clients_off:yes"),
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
        LatticeLevel.L1: [("harbour1", "clients_flagged"), ("harbour1", "clients_not_flagged")],
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
        "clients_mean_score", HEARD, "clients_off:no", "clients_off:yes",
        *(f"clients_repair:{state}" for state in measures.RepairState), "clients_contested",
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
    empty = Tally(flags={}, items=TALLY.items, off=TALLY.off)
    drawing, figures = drawn("2026-Q3")
    nothing = draw_figures(drawing, empty, draws())
    assert [(each.level, each.unit, each.measure) for each in nothing] == [
        (each.level, each.unit, each.measure) for each in figures
    ]


def test_the_items_of_an_instrument_share_what_they_may_spend_whatever_their_number(monkeypatch):
    scales = []
    monkeypatch.setattr(protect, "draw_noise", lambda scale, _draws: scales.append(scale) or 0)
    for items in (1, 6):
        blur_item(0, items, USUAL, draws())
    assert [Fraction(50 * items * FINE) / scale for items, scale in zip((1, 6), scales, strict=True)] == [
        USUAL.epsilon(Part.ITEMS)
    ] * 2
    six = Tally(
        flags={}, items={"a": tuple(f"clients_mean:a:{place}" for place in range(6)), "b": ("clients_mean:b:x",)}
    )
    assert six.most_items == 6


answers_of_a_client = st.lists(
    st.builds(
        Answer,
        st.sampled_from(
            [
                Questionnaire("a", {"p": "clients_mean:a:p", "q": "clients_mean:a:q"}, frozenset("q"), ("no", "yes")),
                Questionnaire("b", {"r": "clients_mean:b:r"}),
            ]
        ),
        st.one_of(st.none(), st.integers(0, 100)),
        st.dictionaries(st.sampled_from("pqr"), st.integers(0, 100)),
        st.sampled_from([None, "no", "yes", "unheard of"]),
    ),
    max_size=40,
)


@given(answers_of_a_client)
def test_no_client_adds_more_than_the_sensitivity_of_each_part_whatever_they_answer(answers):
    added = of_client(answers, ("clients_off:no", "clients_off:yes"))
    assert min((*added.up.values(), *added.down.values(), *added.off.values()), default=0) >= 0
    assert sum(added.up.values()) + sum(added.down.values()) <= SENSITIVITY[Part.SCORE] * FINE
    assert sum(map(abs, added.items.values())) <= 2 * ITEM_MOST * FINE, "two items at most"
    assert sum(added.off.values()) <= SENSITIVITY[Part.OFF]


def test_a_clients_mean_is_exact_up_to_ten_answers_and_never_more_than_whole():
    form = Questionnaire("a", {"p": "clients_mean:a:p"})
    for count in range(1, 60):
        added = of_client([Answer(form, 80, {"p": 90})] * count, ())
        whole = added.up["a"] + added.down["a"]
        assert whole == 100 * FINE if count <= 10 else 0.98 * 100 * FINE < whole <= 100 * FINE
        assert added.up["a"] * 10 == whole * 8


def test_of_several_answers_the_clearest_counts_and_silence_counts_as_such():
    form = Questionnaire("a", {}, options=("no", "a_little", "yes"))
    ranking = rank_options([form])

    def off(*said):
        return dict(of_client([Answer(form, None, {}, each) for each in said], ranking).off)

    assert off("no", "yes", None) == {"clients_off:yes": 1}
    assert off(None, None) == {"clients_off:unanswered": 1}
    assert off() == {}
