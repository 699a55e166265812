"""The page of faults claims nothing: every fault has tests, and every figure comes from one of them."""

from tests.support.faults import read_figures
from tests.support.reliability_page import FAULTS, KEPT, proofs


def test_every_fault_has_tests():
    assert proofs().keys() == FAULTS.keys()


def test_every_figure_is_of_a_test_that_is_there():
    there = {test for tests in proofs().values() for test in tests}
    figures = read_figures(KEPT)
    assert {key.partition("[")[0].partition(" ")[0] for key in figures} <= there
    assert {one["form"] for one in figures.values()} <= {"short", "full"}
