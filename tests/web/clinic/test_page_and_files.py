"""What a downloaded file says is what the page says: every figure, every error bar, every word in a number's place."""

import pytest

from feedback.domain.figures.release import UnitKind
from feedback.exporters import Format
from feedback.exporters.codebook import short_label
from feedback.web.clinic import release_wording as wording
from tests.attacks.files import figures_in
from tests.support.builders import a_release
from tests.support.html import soup
from tests.support.published import half_a_year, publish, too_small

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
SUFFIXES = {
    Format.CSV: "csv",
    Format.XLSX: "xlsx",
    Format.JSON: "json",
    Format.PARQUET: "parquet",
    Format.FHIR: "fhir.json",
}


def words(element):
    return " ".join(element.get_text(" ").split())


def rows_of(page):
    """Every row of every table of figures: its name and its cells; rows of the teams' table by themselves."""
    clinic, teams = [], {}
    for table in page.select("main table"):
        for row in table.select("tbody tr"):
            name, cells = words(row.select("th")[0]), [words(cell) for cell in row.select("td")]
            if "Teams" in words(table.caption):
                teams[name] = cells
            else:
                clinic.append((name, *cells))
    return clinic, teams


@pytest.mark.checklist(40)
@pytest.mark.parametrize("wanted", Format)
@pytest.mark.parametrize("period", ["2026-06", "2026-Q3"])
def test_a_file_says_what_the_page_says(world, admin, wanted, period):
    publish(world, too_small(), *half_a_year())
    clinic, teams = rows_of(soup(admin.opens(f"/clinic/releases/{period}").text))
    figures = figures_in(admin.opens(f"/clinic/export/{period}.{SUFFIXES[wanted]}").data, wanted)
    own = [each for each in figures if each.unit.kind is UnitKind.CLINIC]
    assert sorted(clinic) == sorted(
        (short_label(each.measure), wording.said(each), wording.between(each)) for each in own
    )
    by_team = {}
    for each in figures:
        if each.unit.kind is UnitKind.TEAM:
            by_team.setdefault(each.unit.name, {})[each.measure] = each
    assert teams.keys() == by_team.keys()
    for name, mine in by_team.items():
        flagged, rest = mine["clients_flagged"], mine["clients_not_flagged"]
        assert teams[name] == [wording.said(flagged), wording.said(rest), wording.share(flagged, rest) or "–"]
    assert bool(teams) == any(each.unit.kind is UnitKind.TEAM for each in a_release(period).figures)
