"""A year: the sum of what was published, and how much of it was not."""

import json
from dataclasses import replace

from feedback.domain.figures.ledger import LedgerEntry
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import with_intervals
from feedback.domain.figures.release import FigureStatus, LatticeLevel
from feedback.domain.figures.rule import STRICT
from feedback.domain.figures.year import sum_year
from tests.support.builders import GARDEN, HARBOUR, QUAY, a_figure, a_release
from tests.support.folders import ROOT

KEPT = json.loads((ROOT / "tests/exporters/fln_10_5.json").read_text(encoding="utf-8"))

YEAR = Period.read("2026")


def of(figures, level, measure, unit=HARBOUR):
    (found,) = [each for each in figures if (each.level, each.measure, each.unit.id) == (level, measure, unit.id)]
    return found


def test_a_year_adds_up_what_its_months_and_quarters_published_and_no_means():
    months = [a_release(f"2026-{month:02}") for month in range(1, 13)]
    quarters = [a_release(f"2026-Q{number}") for number in range(1, 5)]
    figures = sum_year(YEAR, [*quarters, *months, a_release("2025-12")])
    flagged = of(figures, LatticeLevel.L1, "clients_flagged")
    assert (flagged.value, flagged.released, flagged.floored, flagged.missing) == (12 * 25, 12, 0, 0)
    assert of(figures, LatticeLevel.L2, "clients_not_flagged", QUAY).value == 4 * 430
    assert of(figures, LatticeLevel.L4, "codes").value == 12 * 412
    assert not [each for each in figures if "mean" in each.measure]


def test_the_bar_of_a_sum_is_narrower_than_the_sum_of_bars_and_wider_than_one():
    figures = sum_year(YEAR, [a_release(f"2026-{month:02}") for month in range(1, 13)])
    flagged = of(figures, LatticeLevel.L1, "clients_flagged")
    assert 3 < flagged.upper95 - flagged.value < 12 * 3
    assert 3 < flagged.value - flagged.lower95 < 12 * 3
    codes = of(figures, LatticeLevel.L4, "codes")
    assert codes.lower95 == codes.value


def test_nothing_is_summed_where_a_part_is_missing():
    figures = sum_year(YEAR, [a_release("2026-01"), a_release("2026-02")])
    flagged = of(figures, LatticeLevel.L1, "clients_flagged")
    assert (flagged.value, flagged.lower95, flagged.upper95) == (None, None, None)
    assert (flagged.released, flagged.floored, flagged.missing) == (2, 0, 10)
    merged = of(sum_year(YEAR, [a_release("2026-Q1")]), LatticeLevel.L2, "clients_flagged", GARDEN)
    assert (merged.value, merged.lower95, merged.missing) == (None, None, 4)


def test_with_a_part_below_ten_there_is_no_sum_but_an_interval():
    few = replace(a_figure(status=FigureStatus.FLOOR, lower95=0, upper95=12), measure="clients_flagged")
    months = [a_release(f"2026-{month:02}") for month in range(2, 13)]
    flagged = of(sum_year(YEAR, [a_release("2026-01", figures=(few,)), *months]), LatticeLevel.L1, "clients_flagged")
    assert (flagged.value, flagged.released, flagged.floored, flagged.missing) == (None, 11, 1, 0)
    assert 11 * 25 - 11 < flagged.lower95 < 11 * 25
    assert 11 * 25 + 12 < flagged.upper95 < 11 * 25 + 12 + 11


def test_what_was_published_by_answers_is_summed_apart_and_has_its_interval_too():
    by_answers = [LedgerEntry.read(each["line"]).release for each in KEPT]
    figures = sum_year(YEAR, [*by_answers, a_release("2026-10")])
    old, new = (of(figures, LatticeLevel.L1, name) for name in ("flagged", "clients_flagged"))
    assert (old.released, old.floored, old.missing) == (5, 1, 6)
    assert (new.released, new.missing) == (1, 11)
    june = next(each for each in by_answers if str(each.period) == "2026-06")
    (low,) = [each for each in with_intervals(june).figures if each.measure == "flagged"]
    assert (low.value, low.lower95, low.upper95) == (None, 0, 9 + 12)


def test_under_the_strict_rule_a_year_is_four_quarters():
    strict = [a_release(f"2026-Q{number}", rule=STRICT, figures=(a_figure(),)) for number in (1, 2)]
    assert of(sum_year(YEAR, strict), LatticeLevel.L1, "clients_flagged").missing == 2
