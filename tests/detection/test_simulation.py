"""The simulator keeps to the published figures, and to its seed."""

from itertools import pairwise

import numpy as np
import pytest

from feedback.detection.simulation import WORLDS, draw_therapist, simulate_case, simulate_clinics
from feedback.detection.simulation import published as pub
from feedback.detection.simulation.course import draw_course
from feedback.detection.simulation.words import CLOSEST
from feedback.detection.simulation.worlds import BUILT_IN

GROUPS = dict(BUILT_IN)


def drawn(name, seed=11, **sizes):
    return simulate_clinics(np.random.default_rng(seed), WORLDS[name], **({"cases": 25} | sizes))


def answered(cases):
    return [form for case in cases for form in case.forms if form.answered]


def share_at_top(cases):
    return np.mean([all(rating == 10.0 for rating in form.ratings.values()) for form in answered(cases)])


@pytest.fixture(scope="module")
def base():
    return drawn("base")


def test_the_same_seed_draws_the_same_clients_and_another_seed_others():
    assert drawn("base", 5, clinics=1) == drawn("base", 5, clinics=1)
    assert drawn("base", 5, clinics=1) != drawn("base", 6, clinics=1)


def test_ruptures_are_as_frequent_as_published(base):
    forms = [form for case in base for form in case.forms]
    assert np.mean([any(f.truth.onset for f in case.forms) for case in base]) == pytest.approx(
        pub.RUPTURE_CASES, abs=0.03
    )
    assert np.mean([form.truth.in_rupture for form in forms]) == pytest.approx(pub.RUPTURE_SESSIONS, abs=0.025)


def test_ruptures_are_repaired_as_often_as_published(base):
    begun = [form.truth for case in base for form in case.forms if form.truth.onset]
    expected = pub.REPAIRED / (pub.REPAIRED + pub.NOT_REPAIRED)
    assert np.mean([truth.repaired for truth in begun]) == pytest.approx(expected, abs=0.07)


def test_the_median_treatment_is_as_long_as_published(base):
    assert np.median([len(case.forms) for case in base]) == pytest.approx(pub.MEDIAN_SESSIONS, abs=1)


def test_one_form_depends_on_the_case_as_much_as_published(base):
    pairs = []
    for case in base:
        scores = [np.mean(list(f.ratings.values())) for f in case.forms if f.answered and not f.truth.depth]
        pairs += pairwise(scores)
    assert np.corrcoef(np.array(pairs).T)[0, 1] == pytest.approx(pub.DEPENDABILITY, abs=0.06)


@pytest.mark.parametrize(("name", "share"), [("base", pub.TOP_SHARE), ("mild-ceiling", 0.14), ("severe-ceiling", 0.45)])
def test_ceilings_are_as_the_worlds_say(name, share):
    assert share_at_top(drawn(name)) == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize(("name", "share"), [("base", pub.MISSING), ("half-missing", 0.5)])
def test_as_many_forms_are_missing_as_the_worlds_say(name, share):
    forms = [form for case in drawn(name) for form in case.forms]
    assert np.mean([not form.answered for form in forms]) == pytest.approx(share, abs=0.02)


def test_some_clients_say_nothing_but_the_top():
    cases = drawn("straight-liners")
    always = [share_at_top([case]) == 1.0 for case in cases if sum(f.answered for f in case.forms) >= 4]
    assert np.mean(always) == pytest.approx(0.34, abs=0.06)


@pytest.mark.parametrize(("name", "share"), [("base", pub.SAYS_SO), ("clients-hide-it", 0.15)])
def test_in_a_rupture_as_many_say_so_as_the_worlds_say(name, share):
    struck = [form.off > 0 for form in answered(drawn(name)) if form.truth.in_rupture]
    assert np.mean(struck) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("name", list(WORLDS))
def test_forms_are_what_the_form_could_have_sent(name):
    width = 10 / (WORLDS[name].steps - 1)
    for case in drawn(name, clinics=1, therapists=2):
        for number, form in enumerate(case.forms, start=1):
            assert form.session == number
            assert tuple(form.ratings) == (tuple(GROUPS) if form.answered else ())
            assert all(0 <= r <= 10 and abs(r / width - round(r / width)) < 1e-9 for r in form.ratings.values())
            assert bool(form.closest) == bool(form.wish) == bool(form.off)
            assert form.answered or (form.off, form.repair) == (None, None)


def test_a_rupture_begins_once_and_lowers_the_ratings():
    rng, fell = np.random.default_rng(2), []
    for _ in range(1200):
        forms = simulate_case(rng, WORLDS["mild-ceiling"], therapist=draw_therapist(rng), sessions=10)
        for before, after in pairwise(forms):
            if after.truth.in_rupture and not before.truth.in_rupture:
                assert after.truth.onset
                if before.answered and after.answered and not before.truth.depth:
                    fell.append(np.mean(list(before.ratings.values())) - np.mean(list(after.ratings.values())))
    assert 0.5 < np.mean(fell) < 1.2


def test_a_case_has_as_many_sessions_as_asked_for():
    rng = np.random.default_rng(1)
    assert all(len(draw_course(rng, WORLDS["base"], 30, may_leave=False)) == 30 for _ in range(50))
    assert all(len(simulate_case(rng, WORLDS["base"], sessions=30)) == 30 for _ in range(20))


def test_option_values_are_those_of_the_built_in_form():
    from feedback import instruments

    form = instruments.load("rapport-session").by_id
    known = {name: {option.value for option in form[name].options} for name in ("closest", "wish", "repair")}
    for entry in answered(drawn("base", clinics=2)):
        assert entry.closest <= known["closest"]
        assert entry.wish is None or entry.wish in known["wish"]
        assert entry.repair is None or entry.repair in known["repair"]
    assert set(GROUPS) == {item.id for item in instruments.load("rapport-session").scales}
    assert {item.id: item.group for item in instruments.load("rapport-session").scales} == GROUPS


def test_the_direct_answer_has_four_places():
    assert {form.off for form in answered(drawn("base"))} == {0, 1, 2, 3}


def test_therapists_clients_differ_in_openness_where_the_world_says_so():
    def spread(name):
        by_therapist = {}
        for case in drawn(name, cases=40):
            struck = [form.off > 0 for form in case.forms if form.answered and form.truth.in_rupture]
            by_therapist.setdefault(case.therapist, []).extend(struck)
        return np.std([np.mean(said) for said in by_therapist.values()])

    assert spread("openness-differs") > 1.5 * spread("base")


def test_what_it_was_closest_to_fits_the_rupture_but_for_some_who_tick_what_comes():
    def fits(name):
        told = [form for form in answered(drawn(name)) if form.truth.kind and form.closest]
        return np.mean([form.closest <= set(CLOSEST[form.truth.kind]) for form in told])

    assert 0.7 < fits("base") < 0.95
    assert fits("closest-astray") < 0.5


def rows_of(name, *, least=12):
    """The ratings of quiet sessions, one table for each case with enough of them."""
    cases = [[list(f.ratings.values()) for f in c.forms if f.answered and not f.truth.depth] for c in drawn(name)]
    return [np.array(rows) for rows in cases if len(rows) >= least]


def test_some_peoples_answers_vary_more_where_the_world_says_so():
    def between(name):
        spreads = [rows.mean(axis=1).std() for rows in rows_of(name) if np.mean(rows == 10) < 0.2]
        return np.std(np.log(spreads))

    assert between("people-differ") > 1.15 * between("base")


def test_a_mood_leaves_more_to_the_next_session():
    def kept(name):
        pairs = [pair for rows in rows_of(name) for pair in pairwise(rows.mean(axis=1) - rows.mean())]
        return np.corrcoef(np.array(pairs).T)[0, 1]

    assert kept("moods") > kept("base") + 0.2


def test_half_of_the_people_use_every_other_step_where_the_world_says_so():
    even = [not (rows % 2).any() for rows in rows_of("every-other-step", least=4)]
    assert np.mean(even) == pytest.approx(0.5, abs=0.1)
    assert np.mean([not (rows % 2).any() for rows in rows_of("base", least=4)]) < 0.2


def test_one_clinic_is_one_clinic():
    assert {case.clinic for case in drawn("one-clinic", cases=1)} == {"0"}
    assert len({case.therapist for case in drawn("one-clinic", cases=1)}) == 64


def test_deeper_ruptures_are_told_more_clearly(base):
    struck = [form for form in answered(base) if form.truth.in_rupture and form.off]
    clear = {
        deep: np.mean([f.off == 3 for f in struck if (f.truth.depth > pub.DEEP) == deep]) for deep in (True, False)
    }
    assert clear[True] > clear[False] + 0.2


def test_in_a_scrambled_world_items_of_one_group_do_not_fall_together():
    def apart(name):
        rng, found = np.random.default_rng(4), []
        for _ in range(600):
            forms = simulate_case(rng, WORLDS[name], sessions=8)
            struck = [f for f in forms if f.answered and f.truth.in_rupture and f.truth.kind == "task"]
            found.extend([form.ratings[item] for item in GROUPS] for form in struck)
        bond_minus_aims = np.mean(found, axis=0) @ np.array([1 / 2, 1 / 2, -1 / 3, -1 / 3, -1 / 3, 0])
        return float(bond_minus_aims)

    assert apart("base") > 0.5
    assert abs(apart("scrambled")) < 0.3
