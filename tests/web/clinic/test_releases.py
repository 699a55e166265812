"""Released figures as pages: each figure in words and in a chart, nothing that is not in the ledger, nobody named."""

import json
from dataclasses import replace

import pytest

from feedback.domain.care import Role, Team
from feedback.domain.figures.ledger import LedgerEntry
from feedback.domain.figures.release import LatticeLevel
from feedback.domain.figures.rule import STRICT
from feedback.persistence.clinic.clinics import add_team
from feedback.persistence.figures.ledger import list_entries
from feedback.web.clinic import release_wording as wording
from tests.support.builders import a_release, a_therapist
from tests.support.desk import Desk
from tests.support.folders import ROOT
from tests.support.html import soup
from tests.support.published import half_a_year, publish, too_small

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

KEPT = ROOT / "tests/exporters/fln_10_5.json"


@pytest.fixture
def published(world):
    publish(world, too_small(), *half_a_year())
    return world


def page(desk, path):
    answer = desk.opens(path)
    assert answer.status_code == 200
    return soup(answer.text)


def words(element):
    return " ".join(element.get_text(" ").split())


def table(html, caption):
    (found,) = [each for each in html.select("table") if caption in words(each.caption)]
    return {words(row.select("th")[0]): [words(cell) for cell in row.select("td")] for row in found.select("tbody tr")}


def test_before_the_first_release_the_page_says_when_there_will_be_one(admin):
    assert "Nothing is closed yet." in words(page(admin, "/clinic/releases").main)


@pytest.mark.checklist(40)
def test_every_figure_of_a_quarter_stands_on_its_page_in_words_and_in_a_chart(published, admin):
    html, release = page(admin, "/clinic/releases/2026-Q3"), a_release("2026-Q3")
    drawn = " ".join(each.text for each in html.select("svg desc"))
    tabled = [cell for row in html.select("tbody tr") for cell in row.select("td")]
    for figure in release.of(LatticeLevel.L3):
        assert wording.said(figure) in drawn
        assert wording.said(figure) in {words(cell) for cell in tabled}
        assert wording.between(figure) in {words(cell) for cell in tabled}
    assert table(html, "How sessions felt")["Felt understood"] == ["7.2", "6.9 to 7.5"]
    assert table(html, "Did anything feel off?")["A little"] == ["about 85", "82 to 88"]
    assert table(html, "After a possible rupture")["Talked about, more to do"] == ["0 to about 12", "0 to 12"]


@pytest.mark.checklist(41)
def test_a_figure_that_is_not_given_is_hatched_words_everywhere(published, admin):
    html = page(admin, "/clinic/releases/2026-06")
    (hidden,) = html.select("td.hid")
    assert words(hidden) == "0 to about 12"
    for chart in html.select("svg.rows"):
        (bar,) = chart.select("rect.none")
        assert bar["fill"] == f"url(#{chart.pattern['id']})"
    assert "An interval and no number" in words(html.main)


def test_teams_stand_in_alphabetical_order_and_small_ones_say_why(published, admin):
    html = page(admin, "/clinic/releases/2026-Q3")
    assert [*table(html, "Teams").items()] == [
        ("Garden", ["counted with the whole clinic", "counted with the whole clinic", "–"]),
        ("Quay", ["about 40", "about 430", "about 9 % (8 to 9)"]),
    ]
    assert "Garden: fewer than 20 cases were open when the period began." in words(html.main)


def test_the_course_of_months_shows_codes_beside_answers(published, admin):
    html = page(admin, "/clinic/releases")
    rows = table(html, "Month by month")
    assert next(iter(rows)) == "September 2026"
    assert rows["September 2026"] == ["427", "about 345", "about 40", "about 12 % (11 to 12)"]
    assert rows["June 2026"] == ["412", "287 to about 305", "0 to about 12", "–"]
    wide = html.select("svg.columns.wide")
    assert [len(chart.select("rect.bar, rect.none")) for chart in wide] == [6, 12]
    assert len(wide[0].select("rect.none")) == 1
    assert len(wide[0].select("path.whisker")) == 6, "what is below ten has its interval, too"


def test_what_was_published_by_answers_stands_apart_with_intervals_for_its_low_figures(world, admin):
    by_answers = [LedgerEntry.read(each["line"]).release for each in json.loads(KEPT.read_text(encoding="utf-8"))]
    publish(world, *by_answers, a_release("2026-10"), a_release("2026-Q4"))
    html = page(admin, "/clinic/releases")
    tables = [each for each in html.select("table") if words(each.caption) == "Month by month"]
    assert [words(each.select("thead th")[2]) for each in tables] == ["Clients who answered", "Answers shared"]
    assert [len(each.select("tbody tr")) for each in tables] == [1, 6]
    (june,) = [row for row in tables[1].select("tbody tr") if "June 2026" in words(row)]
    assert [words(cell) for cell in june.select("td")] == ["412", "276 to about 325", "0 to about 21", "–"]
    assert "Published earlier, by answers" in words(html.main)
    old = page(admin, "/clinic/releases/2026-06")
    assert "0 to about 21" in words(old.main)
    assert "fewer than 10" not in words(old.main)


def test_quarters_stand_beside_each_other_the_latest_first(published, admin):
    rows = table(page(admin, "/clinic/releases"), "Quarter by quarter")
    assert list(rows.items()) == [
        ("July to September 2026", ["7.8", "about 30", "about 35"]),
        ("April to June 2026", ["7.8", "about 30", "about 35"]),
        ("January to March 2026", ["not shown, to protect clients"] * 3),
    ]


def test_a_quarter_under_the_strict_rule_shows_the_clinics_answers_and_no_team(world, admin):
    month, quarter = a_release("2026-09").figures, a_release("2026-Q3").of(LatticeLevel.L3)
    publish(world, a_release("2026-Q3", rule=STRICT, figures=(*month, *quarter), gated=()))
    html = page(admin, "/clinic/releases/2026-Q3")
    assert table(html, "From codes to answers")["Clients with a possible rupture"] == ["about 25", "22 to 28"]
    assert "With a possible rupture: about 8 % (7 to 9) of these clients." in words(html.main)
    assert "Teams" not in {words(each.caption) for each in html.select("table")}
    assert "FLN-10-clients-strict" in words(html.main)


def test_a_year_is_the_sum_of_what_was_published_and_says_what_is_missing(published, admin):
    rows = table(page(admin, "/clinic/releases"), "2026, added up")
    assert rows["Codes handed out"] == ["Harbour Lane Therapy", "not given", "–", "6 given, 6 without a figure"]


def test_a_clinic_too_small_for_figures_reads_why_and_sees_no_number(published, admin):
    html = page(admin, "/clinic/releases/2026-Q1")
    assert "fewer than 20 cases were open when the period began" in words(html.select_one(".note"))
    assert html.select("svg.chart") == []
    assert html.select("table") == []


def test_every_page_says_how_figures_were_made_and_what_they_do_not_mean(published, admin):
    html = page(admin, "/clinic/releases/2026-Q3")
    said = words(html.main)
    for sentence in ("approximate to protect clients", "Totals need not add up.", "epsilon 9.9", "Low scores are not"):
        assert sentence in said
    with published.reading() as uow:
        assert list_entries(uow)[-1].chain in said


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.SUPERVISOR, Role.AUDITOR])
def test_all_staff_but_the_desk_read_figures_and_only_an_admin_downloads(published, role):
    person = published.hire(replace(a_therapist(), id="p", email="p@example.org", role=role))
    reader = Desk(published, person)
    html = page(reader, "/clinic/releases/2026-Q3")
    assert html.select("a[download]") == []
    assert "Dana" not in words(html.main)
    assert reader.opens("/clinic/export/2026-Q3.csv").status_code == 404


@pytest.mark.parametrize("period", ["2026-10", "2026", "2026-13", "nonsense", "2026-Q5"])
def test_a_period_that_is_not_closed_is_not_there(published, admin, period):
    assert admin.opens(f"/clinic/releases/{period}").status_code == 404


@pytest.mark.checklist(42)
def test_no_therapist_is_named_and_no_team_is_ranked_anywhere(published, admin):
    for path in ("/clinic/releases", "/clinic/releases/2026-Q3", "/clinic/releases/2026-06", "/clinic/releases/how"):
        text = words(page(admin, path).main)
        assert "Dana" not in text
        assert "rank" not in text.replace("ranked here, by design", "")


def test_names_that_people_chose_are_escaped(world, admin):
    release = a_release()
    quay = release.teams[0]
    named = replace(quay, name="<script>alert(1)</script>")
    figures = tuple(replace(each, unit=named) if each.unit == quay else each for each in release.figures)
    publish(world, replace(release, figures=figures))
    html = page(admin, "/clinic/releases/2026-Q3")
    assert html.select("main script") == []
    assert "<script>alert(1)</script>" in words(html.main)


def test_the_explanation_says_how_this_clinic_stands_today(world, admin):
    with world.writing() as uow:
        add_team(uow, Team("quay", "Quay"))
    assert "fewer than 20 cases are open" in words(page(admin, "/clinic/releases/how").aside)
    for place in range(3):
        hired = world.hire(a_therapist(id=f"t{place}", email=f"t{place}@example.org"))
        for _ in range(7):
            world.opens_a_case(by=hired)
    aside = words(page(admin, "/clinic/releases/how").aside)
    assert "Large enough." in aside
    assert "Quay: too small, fewer than 20 cases are open." in aside


def test_a_demo_says_on_every_page_that_it_is_one(world, admin):
    publish(world, a_release("2026-09", is_demo=True), a_release("2026-Q3", is_demo=True))
    for path in ("/clinic/releases", "/clinic/releases/2026-09", "/clinic/releases/2026-Q3"):
        assert "Every figure here is invented." in words(page(admin, path).main)
