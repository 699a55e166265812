"""The checklist claims nothing: every point has tests, or says why not."""

from tests.support.checklist import BEYOND, NOT_CHECKED, POINTS, proofs

NUMBERS = [number for points in POINTS.values() for number in points]


def test_there_are_forty_two_points_in_order():
    assert list(range(1, 43)) == NUMBERS


def test_every_point_has_tests_or_says_why_it_has_none():
    proved = proofs()
    assert proved.keys() <= set(NUMBERS)
    assert set(NUMBERS) - proved.keys() == NOT_CHECKED.keys()
    assert BEYOND.keys() <= proved.keys()
