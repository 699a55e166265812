"""A1–A4, A6, A8 and A9: adversaries against what the product's own code publishes, and each control switched off."""

import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.domain.figures import draw, protect
from feedback.domain.figures.contribution import FINE
from feedback.domain.figures.noise import Draws, draw_noise
from feedback.domain.figures.protect import blur_score
from feedback.domain.figures.rule import STRICT, USUAL
from feedback.exporters import Format, export
from feedback.security.access_codes import SystemChance
from tests.attacks import checks
from tests.attacks.adversary import Extent, extents, flag_extents
from tests.attacks.checks import CHECKS, CLINIC, FLAGS, check_rule_is_kept
from tests.attacks.files import read_files, written
from tests.attacks.made_clinics import Client, MadeClinic, clinics, some_client
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
    one, other = CLINIC.releases(1)[0], CLINIC.with_changed(0, tenths=0, said="yes").releases(1)[0]
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
            for measure in FLAGS:
                assert not [cell for cell in flag_extents(figures, measure).values() if cell.is_exact]


@settings(max_examples=scaled(2, 40), suppress_health_check=[HealthCheck.too_slow])
@given(clinics(), st.sampled_from(Format), st.data())
def test_no_file_of_any_clinic_makes_one_client_or_one_unseen_client_certain(clinic, wanted, data):
    place = data.draw(st.integers(0, len(clinic.clients) - 1))
    more = replace(clinic, clients=(*clinic.clients, Client(None, came=(), more=2)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(MadeClinic, "publishes", lambda world, seed: from_files(world, seed, wanted))
        mine, theirs, unseen = map(checks.seen_over_draws, (clinic, clinic.without(place), more))
    assert not checks.are_told_apart(mine, theirs)
    assert not checks.are_told_apart(mine, unseen)


def test_cells_are_bounded_as_tightly_as_by_trying_every_table():
    teams, months = [Extent(1, 2), Extent(0, 3)], [Extent(3, 3), Extent(1, 2)]
    tables = [
        (a, b, c, d)
        for a in range(4) for b in range(4) for c in range(4) for d in range(4)
        if max(a, b) <= teams[0].high and a + b >= teams[0].low
        and max(c, d) <= teams[1].high and c + d >= teams[1].low
        and months[0].low <= a + c <= months[0].high and months[1].low <= b + d <= months[1].high
    ]  # fmt: skip
    for place, cell in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
        tried = [table[place] for table in tables]
        assert extents(teams, months)[cell] == Extent(min(tried), max(tried))


def test_margins_as_they_are_would_give_cells_away():
    found = extents([Extent(4, 4), Extent(0, 0)], [Extent(4, 4), Extent(3, 3)])
    assert found[0, 0] == Extent(4, 4)


@pytest.mark.parametrize("scale", [Fraction(3, 2), Fraction(2), Fraction(4), Fraction(100, 3)])
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


class Accountant:
    """Takes down everything that noise is added to, and at which scale: one line for each number that is drawn."""

    def __init__(self, monkeypatch):
        self.lines = []
        self._true = []
        monkeypatch.setattr(protect, "draw_noise", self._noise)
        for name in ("publish_count", "blur_score", "blur_item"):
            monkeypatch.setattr(draw, name, self._noting(getattr(draw, name)))

    def of(self, clinic):
        """Give the true numbers behind everything a clinic publishes in a quarter, each with its scale."""
        self.lines = []
        clinic.releases(1)
        assert not self._true
        return list(self.lines)

    def _noting(self, publish):
        def noting(*given):
            self._true = [each for each in given if isinstance(each, int)][: 2 if publish is blur_score else 1]
            return publish(*given)

        return noting

    def _noise(self, scale, _draws):
        self.lines.append((self._true.pop(0), scale))
        return 0


def loss(mine, theirs):
    """Give the privacy loss between two worlds at most: for Laplace noise the sum of shift over scale."""
    assert [scale for _, scale in mine] == [scale for _, scale in theirs]
    return sum(abs(one - other) / scale for (one, scale), (other, _) in zip(mine, theirs, strict=True))


@pytest.mark.checklist(40)
@settings(max_examples=scaled(60, 2000), suppress_health_check=[HealthCheck.too_slow])
@given(clinics(), st.data())
def test_no_clients_quarter_spends_more_than_the_rule_says_over_everything_that_is_published(clinic, data):
    """Add or remove one client's whole quarter: shared, only counted, contested; under both rules."""
    place = data.draw(st.integers(0, len(clinic.clients) - 1))
    replaced = data.draw(some_client(clinic.clients[place].team))
    whole = replace(clinic, cases=dict.fromkeys(clinic.cases, (9, 9, 9)))
    with pytest.MonkeyPatch.context() as patched:
        accountant = Accountant(patched)
        for rule in (USUAL, STRICT):
            world = replace(whole, rule=rule)
            mine = accountant.of(world)
            assert loss(mine, accountant.of(world.without(place))) <= rule.epsilon_client_quarter
            other = replace(world, clients=(*world.clients[:place], replaced, *world.clients[place + 1 :]))
            assert loss(mine, accountant.of(other)) <= 2 * rule.epsilon_client_quarter


@pytest.mark.parametrize("rule", [USUAL, STRICT])
def test_a_client_who_adds_to_everything_spends_just_what_the_rule_says(rule, monkeypatch):
    most = Client("quay", flagged=(2,), tenths=0, said="yes", more=40, is_contested=True)
    world = replace(CLINIC, rule=rule, clients=(*CLINIC.clients, most))
    accountant = Accountant(monkeypatch)
    spent = loss(accountant.of(world), accountant.of(world.without(len(CLINIC.clients))))
    short = 1 - Fraction(46 * (FINE // 46), FINE)
    assert rule.epsilon_client_quarter - 7 * short <= spent <= rule.epsilon_client_quarter


def without_noise(monkeypatch):
    monkeypatch.setattr(protect, "draw_noise", lambda _scale, _draws: 0)


def without_floor(monkeypatch):
    bare = replace(USUAL, floor=-1000)
    monkeypatch.setattr(checks, "CLINIC", replace(CLINIC, rule=bare))


def without_gate(monkeypatch):
    monkeypatch.setattr(draw, "judge_gate", lambda _register: None)


@pytest.mark.parametrize(
    ("off", "red"),
    [
        (without_noise, checks.nothing_is_certain_of_one_client),
        (without_floor, checks.no_small_cell_is_recovered),
        (without_gate, checks.no_small_cell_is_recovered),
        (without_noise, checks.nothing_is_certain_of_what_is_only_counted),
    ],
)
def test_the_suite_turns_red_when_a_control_is_switched_off(off, red, monkeypatch, record_property):
    off(monkeypatch)
    with pytest.raises(AssertionError):
        red()
    record_property("figure", f"A9: {off.__name__.replace('_', ' ')}: red")
