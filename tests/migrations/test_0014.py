"""0014 adds the language of a case: whoever is there has none, and going back loses nothing else."""

from datetime import date

from tests.migrations.rows import CLINIC, only_row, put

MIKA = {"clinic_id": "clinic", "id": "mika", "email": "mika@example.org", "display_name": "Mika", "role": "therapist"}
CASE = {
    "clinic_id": "clinic", "code": "K7Q2X-M", "therapist_id": "mika", "opened_on": date(2026, 1, 7),
    "closed_on": date(2026, 3, 2), "seats": 2, "instrument_id": "rapport-session", "sealed_label": b"\x01",
}  # fmt: skip


def test_upgrade_gives_no_case_a_language(bare_database, stand_at):
    put(bare_database, stand_at("0013"), clinics=CLINIC, staff=MIKA, cases=CASE)
    assert only_row(bare_database, stand_at("0014"), "cases") == CASE | {"language": None}


def test_downgrade_forgets_the_language_and_nothing_else(bare_database, stand_at):
    put(bare_database, stand_at("0014"), clinics=CLINIC, staff=MIKA, cases=CASE | {"language": "ar"})
    assert only_row(bare_database, stand_at("0013"), "cases") == CASE
