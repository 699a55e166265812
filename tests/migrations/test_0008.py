"""0008 adds the languages of a clinic: whoever is there goes on in English, and going back loses nothing else."""

from tests.migrations.rows import CLINIC
from tests.migrations.test_0003 import _insert, _rows


def test_upgrade_lets_a_clinic_go_on_in_english(bare_database, stand_at):
    _insert(bare_database, stand_at("0007"), {"clinics": CLINIC})
    (clinic,) = _rows(bare_database, stand_at("0008"), "clinics")
    assert (clinic["languages"], clinic["name"]) == ("en", CLINIC["name"])


def test_downgrade_forgets_the_languages_and_nothing_else(bare_database, stand_at):
    _insert(bare_database, stand_at("0008"), {"clinics": CLINIC | {"languages": "de en ar"}})
    (clinic,) = _rows(bare_database, stand_at("0007"), "clinics")
    assert clinic.items() >= CLINIC.items()
    assert "languages" not in clinic
