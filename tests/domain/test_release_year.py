"""A year: the sum of what was published, and how much of it was not."""

from dataclasses import replace

from feedback.domain.figures.period import Period
from feedback.domain.figures.release import FigureStatus, LatticeLevel
from feedback.domain.figures.rule import STRICT
from feedback.domain.figures.year import sum_year
from tests.support.builders import GARDEN, HARBOUR, QUAY, a_figure, a_release

YEAR = Period.read("2026")


def of(figures, level, measure, unit=HARBOUR):
    (found,) = [each for each in figures if (each.level, each.measure, each.unit.id) == (level, measure, unit.id)]
    return found


def test_a_year_adds_up_what_its_months_and_quarters_published_and_no_means():
    months = [a_release(f"2026-{month:02}") for month in range(1, 13)]
    quarters = [a_release(f"2026-Q{number}") for number in range(1, 5)]
    figures = sum_year(YEAR, [*quarters, *months, a_release("2025-12")])
    flagged = of(figures, LatticeLevel.L1, "flagged")
    assert (flagged.value, flagged.released, flagged.floored, flagged.missing) == (12 * 25, 12, 0, 0)
    assert of(figures, LatticeLevel.L2, "not_flagged", QUAY).value == 4 * 430
    assert of(figures, LatticeLevel.L4, "codes").value == 12 * 412
    assert not [each for each in figures if "mean" in each.measure]


def test_the_bar_of_a_sum_is_narrower_than_the_sum_of_bars_and_wider_than_one():
    figures = sum_year(YEAR, [a_release(f"2026-{month:02}") for month in range(1, 13)])
    flagged = of(figures, LatticeLevel.L1, "flagged")
    assert 14 < flagged.upper95 - flagged.value < 12 * 14
    assert 14 < flagged.value - flagged.lower95 < 12 * 14
    codes = of(figures, LatticeLevel.L4, "codes")
    assert codes.lower95 == codes.value


def test_floors_and_what_is_not_closed_are_said_and_widen_the_bar():
    few = replace(a_figure(status=FigureStatus.FLOOR), measure="flagged")
    january = a_release("2026-01", figures=(few,))
    figures = sum_year(YEAR, [january, a_release("2026-02")])
    flagged = of(figures, LatticeLevel.L1, "flagged")
    assert (flagged.value, flagged.released, flagged.floored, flagged.missing) == (25, 1, 1, 10)
    assert flagged.upper95 >= 39 + 9
    merged = of(sum_year(YEAR, [a_release("2026-Q1")]), LatticeLevel.L2, "flagged", GARDEN)
    assert (merged.value, merged.lower95, merged.missing) == (None, None, 4)


def test_under_the_strict_rule_a_year_is_four_quarters():
    strict = [a_release(f"2026-Q{number}", rule=STRICT, figures=(a_figure(),)) for number in (1, 2)]
    assert of(sum_year(YEAR, strict), LatticeLevel.L1, "flagged").missing == 2
