"""Downloads: the same bytes as the exporters give, as attachments, each noted in the log."""

import json

import pytest

from feedback.exporters import Format, export, package
from feedback.instruments import FhirRelease
from feedback.persistence.audit import list_records
from feedback.services.figures.export_release import find_release
from tests.support.builders import a_release
from tests.support.html import soup
from tests.support.published import publish

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def release(world):
    publish(world, a_release("2026-09"), a_release("2026-Q3"))
    with world.reading() as uow:
        return find_release(uow, a_release().period)


@pytest.mark.parametrize("wanted", Format)
def test_a_download_is_the_exporters_file(release, admin, wanted):
    (file, *_) = export(release, wanted)
    answer = admin.opens(f"/clinic/export/{file.name.removeprefix('rapport-')}")
    assert answer.status_code == 200
    assert answer.data == file.content
    assert answer.content_type == file.media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.name}"'


def test_the_csv_with_all_that_explains_it_is_one_zip(release, admin):
    assert admin.opens("/clinic/export/2026-Q3.zip").data == package(release).content


def test_fhir_comes_in_the_release_asked_for(release, admin):
    for fhir in FhirRelease:
        answer = admin.opens("/clinic/export/2026-Q3.fhir.json", fhir=fhir.value)
        assert answer.data == export(release, Format.FHIR, fhir)[0].content
    assert json.loads(answer.data)["resourceType"] == "Bundle"
    assert admin.opens("/clinic/export/2026-Q3.fhir.json", fhir="dstu2").status_code == 404


def test_every_link_on_the_page_leads_to_a_file(release, admin):
    links = [link["href"] for link in soup(admin.opens("/clinic/releases/2026-Q3").text).select("a[download]")]
    assert len(links) == 6
    assert {admin.opens(link).status_code for link in links} == {200}


def test_each_download_is_noted_with_who_and_what(world, release, admin):
    admin.opens("/clinic/export/2026-Q3.xlsx")
    admin.opens("/clinic/export/2026-09.json")
    admin.opens("/clinic/export/2026-10.json")
    with world.reading() as uow:
        noted = [(each.actor, each.action, each.subject) for each in list_records(uow)]
    assert [each for each in noted if each[1] == "release.exported"] == [
        ("anna", "release.exported", "2026-Q3 as xlsx"),
        ("anna", "release.exported", "2026-09 as json"),
    ]


@pytest.mark.parametrize("name", ["2026-10.csv", "2026.csv", "2026-Q3.txt", "2026-Q3", "..csv", "2026-Q3.fhir"])
def test_what_was_not_published_cannot_be_downloaded(release, admin, name):
    assert admin.opens(f"/clinic/export/{name}").status_code == 404
