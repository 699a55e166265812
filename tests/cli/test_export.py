"""`feedback export`: files of a closed period, written once, never over others."""

import pytest

from feedback.bootstrap import open_installation
from feedback.domain.care import Clinic
from feedback.exporters import Format, export
from feedback.persistence.audit import list_records
from feedback.persistence.clinic.clinics import only_clinic
from feedback.services.figures.export_release import list_releases
from feedback.settings import read_settings
from tests.support.builders import a_release, a_therapist
from tests.support.published import publish
from tests.support.world import World


@pytest.fixture
def world(installed):
    it = open_installation(read_settings())
    with it.database.reading(None) as uow:
        clinic: Clinic | None = only_clinic(uow)
    world = World(it, clinic, a_therapist())
    publish(world, a_release("2026-Q3"))
    yield world
    it.database.close()


def test_it_writes_what_the_exporters_give_and_notes_it(world, installed, tmp_path):
    with world.reading() as uow:
        (release,) = list_releases(uow)
    for wanted in Format:
        folder = tmp_path / wanted
        done = installed("export", "--period", "2026-Q3", "--format", wanted.value, "--output", str(folder))
        assert done.exit_code == 0, done.output
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
            file.name: file.content for file in export(release, wanted)
        }
    with world.reading() as uow:
        noted = [(each.actor, each.subject) for each in list_records(uow) if each.action == "release.exported"]
    assert noted == [("operator", f"2026-Q3 as {wanted}") for wanted in Format]


def test_writing_again_changes_nothing_and_another_file_is_left_alone(world, installed, tmp_path):
    words = ("export", "--period", "2026-Q3", "--format", "json", "--output", str(tmp_path / "out"))
    assert installed(*words).exit_code == 0
    assert installed(*words).exit_code == 0
    file = tmp_path / "out" / "rapport-2026-Q3.json"
    file.write_text("mine")
    done = installed(*words)
    assert done.exit_code == 2
    assert "Choose another folder" in done.stderr
    assert file.read_text() == "mine"


def test_a_period_that_is_not_closed_is_one_line_that_says_so(world, installed, tmp_path):
    for period, why in (("2026-10", "is not closed"), ("2026", "is a year"), ("soon", "2026-Q3")):
        done = installed("export", "--period", period, "--format", "csv", "--output", str(tmp_path / "out"))
        assert done.exit_code == 2
        assert why in done.stderr
        assert done.stderr.count("\n") == 1
        assert not (tmp_path / "out").exists()
