"""Figures in words: always about, never more than was published."""

from dataclasses import replace

from feedback.domain.figures.period import Period
from feedback.domain.figures.release import FigureStatus
from feedback.web.clinic import release_wording as wording
from tests.support.builders import a_figure, a_release


def test_a_share_is_made_of_published_counts_alone():
    flagged, rest, _ = a_release("2026-09").figures
    assert wording.share(flagged, rest) == "about 8 % (7 to 9)"
    floor = replace(flagged, status=FigureStatus.FLOOR, value=None, lower95=None, upper95=None)
    assert wording.share(floor, rest) == wording.share(rest, floor) == ""


def test_periods_have_names():
    named = [wording.named(Period.read(each)) for each in ("2026-09", "2026-Q3", "2026")]
    assert named == ["September 2026", "July to September 2026", "2026"]
    assert [wording.short(Period.read(each)) for each in ("2026-12", "2027-01")] == ["Dec", "Jan 27"]


def test_counts_are_about_codes_exact_and_means_have_one_decimal():
    codes = a_figure(measure="codes", value=1412, lower95=1412, upper95=1412)
    mean = a_figure(measure="mean_score", value=7.8, lower95=7.5, upper95=8.1)
    said = [(wording.said(each), wording.between(each)) for each in (a_figure(), codes, mean)]
    assert said == [("about 25", "22 to 28"), ("1,412", "exact"), ("7.8", "7.5 to 8.1")]
