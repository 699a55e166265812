"""A1–A4, A6, A8 and A9: adversaries against what the product's own code publishes, and each control switched off."""

import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.domain.figures import draw, protect
from feedback.domain.figures.measures import FLAGGED, NOT_FLAGGED
from feedback.domain.figures.noise import Draws, draw_noise
from feedback.domain.figures.rule import STRICT, USUAL
from feedback.exporters import Format, export
from feedback.security.access_codes import SystemChance
from tests.attacks import checks
from tests.attacks.adversary import Extent, extents, flag_extents
from tests.attacks.checks import CHECKS, CLINIC, REACH95, check_rule_is_kept
from tests.attacks.files import read_files, written
from tests.attacks.made_clinics import MadeClinic, clinics
from tests.support.chance import SeededChance
from tests.support.soak import IS_SOAK, scaled

READ = [*Format] if IS_SOAK else [Format.CSV]
"""What the whole of A1–A6 is run over; every format says the same, as the test below shows."""


@pytest.mark.checklist(40)
@pytest.mark.parametrize("wanted", READ)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_adversary_does_not_get_through(check, wanted, monkeypatch, record_property):
    monkeypatch.setattr(MadeClinic, "publishes", lambda clinic, seed: from_files(clinic, seed, wanted))
    said = check()
    if wanted is Format.CSV:
        record_property("figure", f"{said}, read from files")


def from_files(clinic, seed, wanted):
    """What an adversary reads in the files of a quarter and its months, in the order of their release."""
    return tuple(figure for release in clinic.releases(seed) for figure in read_files(release, wanted))


@pytest.mark.parametrize("wanted", Format)
def test_every_format_tells_the_adversary_the_same_and_nothing_else(wanted):
    for seed in (1, 2):
        figures = from_files(CLINIC, seed, wanted)
        assert sorted(figures, key=repr) == sorted(CLINIC.publishes(seed), key=repr)
        assert all(written(each, wanted) == export(each, wanted)[0].content for each in CLINIC.releases(seed))
    one, other = CLINIC.releases(1)[0], CLINIC.with_changed(0, tenths=0).releases(1)[0]
    assert export(one, wanted) == export(other, wanted), "what changes no figure changes no byte"


@pytest.mark.checklist(40)
@settings(max_examples=scaled(25, 400), suppress_health_check=[HealthCheck.too_slow])
@given(clinics(), st.integers(0, 10**6))
def test_no_file_of_any_clinic_has_a_figure_it_must_not_have_or_gives_a_cell_away(clinic, seed):
    for rule in (USUAL, STRICT):
        releases = replace(clinic, rule=rule).releases(seed)
        told = [tuple(fig for each in releases for fig in read_files(each, wanted)) for wanted in READ]
        for figures in told:
            check_rule_is_kept(clinic, figures)
            for measure in (FLAGGED, NOT_FLAGGED):
                assert not [cell for cell in flag_extents(figures, measure, REACH95).values() if cell.is_exact]


@settings(max_examples=scaled(2, 40), suppress_health_check=[HealthCheck.too_slow])
@given(clinics(), st.sampled_from(Format), st.data())
def test_no_file_of_any_clinic_makes_one_answer_or_one_unseen_answer_certain(clinic, wanted, data):
    place = data.draw(st.integers(0, len(clinic.said) - 1))
    other = clinic.with_changed(place, flagged=not clinic.said[place].flagged)
    more = replace(clinic, unseen=clinic.unseen + 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(MadeClinic, "publishes", lambda world, seed: from_files(world, seed, wanted))
        mine, theirs, unseen = map(checks.seen_over_draws, (clinic, other, more))
    assert not checks.are_told_apart(mine, theirs)
    assert not checks.are_told_apart(mine, unseen)


def test_cells_are_bounded_as_tightly_as_by_trying_every_table():
    rows, columns = [Extent(1, 2), Extent(0, 3)], [Extent(2, 2), Extent(1, 2)]
    tables = [
        (a, b, c, d)
        for a in range(4) for b in range(4) for c in range(4) for d in range(4)
        if rows[0].low <= a + b <= rows[0].high and rows[1].low <= c + d <= rows[1].high
        and columns[0].low <= a + c <= columns[0].high and columns[1].low <= b + d <= columns[1].high
    ]  # fmt: skip
    for place, cell in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
        tried = [table[place] for table in tables]
        assert extents(rows, columns)[cell] == Extent(min(tried), max(tried))


def test_margins_as_they_are_would_give_cells_away():
    found = extents([Extent(7, 7), Extent(0, 0)], [Extent(4, 4), Extent(3, 3)])
    assert found[0, 0] == Extent(4, 4)


@pytest.mark.parametrize("scale", [Fraction(4), Fraction(10), Fraction(16)])
def test_noise_is_distributed_exactly_as_written(scale, record_property):
    draws = scaled(30_000, 1_000_000)
    p_value = chance_of_being_so_far_off(
        scale, draws, draw_noise, Draws(SystemChance() if IS_SOAK else SeededChance(8))
    )
    assert p_value > 0.001
    record_property("figure", f"A8: sampler of scale {scale}, {draws:,} draws: p = {p_value:.3f}")


def chance_of_being_so_far_off(scale, draws, draw, source):
    """Give the p-value of Pearson's test against the exact distribution, both tails pooled."""
    found = Counter(draw(scale, source) for _ in range(draws))
    shrink = math.exp(-1 / scale)
    widest = int(4 * scale)
    expected = {k: (1 - shrink) / (1 + shrink) * shrink ** abs(k) * draws for k in range(-widest, widest + 1)}
    tail = shrink ** (widest + 1) / (1 + shrink) * draws
    cells = [(found[k], expected[k]) for k in expected]
    cells += [
        (sum(n for k, n in found.items() if k > widest), tail),
        (sum(n for k, n in found.items() if k < -widest), tail),
    ]
    distance = sum((seen - wanted) ** 2 / wanted for seen, wanted in cells)
    freedom = len(cells) - 1
    normal = ((distance / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    return math.erfc(normal / math.sqrt(2)) / 2  # Wilson & Hilferty 1931


def test_what_is_spent_on_one_response_is_what_the_rule_says(monkeypatch):
    spent = Counter()

    def counted(scale, _draws):
        spent[scale] += 1
        return 1000

    monkeypatch.setattr(protect, "draw_noise", counted)
    one_item = MadeClinic(CLINIC.cases, CLINIC.said)
    one_item.publishes(1)
    counts = spent[Fraction(4)]
    assert counts == 3 * 2 + 2 * 2 + 2 + 4 + 1, "months, teams, two answers to off, repairs, and how many have a score"
    assert spent[Fraction(200)] == 1, "one sum of scores, which one response moves by 50 at most"
    share = Fraction(3, 2)
    assert (spent[4 / share], spent[200 / share]) == (1, 1), "the only item has the whole share of items"
    of_one = 4 * Fraction(1, 4) + Fraction(1, 4) + Fraction(50, 200) + 2 * share * Fraction(1, 4)
    assert of_one == USUAL.epsilon_response


def without_noise(monkeypatch):
    monkeypatch.setattr(protect, "draw_noise", lambda _scale, _draws: 0)


def without_floor(monkeypatch):
    bare = replace(USUAL, floor=-1000)
    monkeypatch.setattr(checks, "CLINIC", replace(CLINIC, rule=bare))


def without_gate(monkeypatch):
    monkeypatch.setattr(draw, "judge_gate", lambda _register: None)


def without_rounding_and_noise(monkeypatch):
    without_noise(monkeypatch)
    monkeypatch.setattr(protect, "_nearest", lambda number, _step: number)


@pytest.mark.parametrize(
    ("off", "red"),
    [
        (without_noise, checks.nothing_is_certain_of_one_response),
        (without_floor, checks.no_small_cell_is_recovered),
        (without_gate, checks.no_small_cell_is_recovered),
        (without_rounding_and_noise, checks.nothing_is_certain_of_what_is_only_counted),
    ],
)
def test_the_suite_turns_red_when_a_control_is_switched_off(off, red, monkeypatch, record_property):
    off(monkeypatch)
    with pytest.raises(AssertionError):
        red()
    record_property("figure", f"A9: {off.__name__.replace('_', ' ')}: red")
