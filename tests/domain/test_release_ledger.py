"""The ledger: what is written is what is read, and nothing in it can be changed, dropped or swapped unseen."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from feedback.domain.errors import LedgerBroken
from feedback.domain.figures.ledger import LedgerEntry, check_chain, next_entry
from feedback.domain.figures.release import FigureStatus, GateReason, LatticeLevel, UnitKind
from feedback.domain.figures.rule import STRICT, USUAL, including_months_by_answers
from tests.support.builders import GARDEN, HARBOUR, QUAY, a_release
from tests.support.folders import ROOT

KEPT = ROOT / "tests/exporters/fln_10_5.json"


def a_ledger(*periods):
    entries = []
    for period in periods:
        entries.append(next_entry(entries[-1] if entries else None, a_release(period)))
    return entries


@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_a_release_is_read_from_its_line_as_it_was_written(period):
    release = a_release(period, is_demo=True)
    entry = next_entry(None, release)
    assert LedgerEntry.read(entry.line) == entry
    assert LedgerEntry.read(entry.line).release == replace(release, number=1, chain=entry.chain)
    assert next_entry(None, entry.release) == entry, "the same release is the same text"


def test_lines_are_numbered_and_the_head_is_the_last_link():
    entries = a_ledger("2026-07", "2026-08", "2026-09", "2026-Q3")
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert check_chain(entries) == entries[-1].chain == entries[-1].release.chain
    assert check_chain([]) == ""


def test_a_changed_dropped_swapped_or_renamed_line_is_found():
    one, two, three = a_ledger("2026-07", "2026-08", "2026-09")
    forged = replace(two, content=two.content.replace("25", "30", 1))
    renamed = replace(two, period=three.period)
    for entries, wrong in [
        ([one, forged, three], 2),
        ([one, three], 2),
        ([two, one, three], 1),
        ([one, renamed, three], 2),
        ([one, replace(two, clinic_id="other"), three], 2),
    ]:
        with pytest.raises(LedgerBroken, match=f"Line {wrong} "):
            check_chain(entries)


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"clinic":"a","number":"x"}', "nothing of the kind"])
def test_what_is_no_line_is_said_to_be_none(line):
    with pytest.raises(LedgerBroken):
        LedgerEntry.read(line)


def test_content_that_is_no_release_is_said_with_its_place():
    entry = replace(a_ledger("2026-07")[0], content="{}")
    with pytest.raises(LedgerBroken, match="Line 1"):
        _ = entry.release


def test_a_release_gives_its_figures_by_level_and_unit():
    release = a_release()
    assert release.teams == (QUAY, GARDEN)
    assert {figure.unit for figure in release.of(LatticeLevel.L3)} == {HARBOUR}
    assert [figure.value for figure in release.of(LatticeLevel.L2, QUAY)] == [40, 430]
    assert not release.is_gated
    gated = a_release(figures=tuple(replace(f, status=FigureStatus.GATED, value=None) for f in release.figures))
    assert gated.is_gated


def test_each_status_without_a_value_and_each_reason_has_words():
    assert all(bool(status.words) == (status is not FigureStatus.RELEASED) for status in FigureStatus)
    assert len({reason.words for reason in GateReason}) == 3
    assert {unit.kind for unit in (HARBOUR, QUAY)} == set(UnitKind)


def test_epsilon_is_composed_over_everything_one_client_adds_to_a_quarter():
    months, rest = 3 * Fraction(2, 3), [Fraction(each) for each in ("1/2", "1/2", "1/2", "1/4", "16/5", "59/20")]
    assert USUAL.epsilon_client_quarter == months + sum(rest) == Fraction(99, 10) <= 10
    assert STRICT.epsilon_client_quarter == sum(each for _, each in STRICT.spent) == Fraction(1991, 600)


def test_a_month_that_was_published_by_answers_is_in_the_epsilon_of_its_quarter():
    old = LedgerEntry.read(json.loads(KEPT.read_text(encoding="utf-8"))[0]["line"]).release.rule
    mixed = including_months_by_answers(USUAL, (old, old))
    assert mixed.epsilon_client_quarter == USUAL.epsilon_client_quarter + 2 * (Fraction(5, 4) - Fraction(2, 3))
    assert including_months_by_answers(USUAL, ()) == USUAL
    assert (mixed.name, mixed.spent) == (USUAL.name, USUAL.spent)
