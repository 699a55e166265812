"""0004 adds the languages of a clinic: whoever is there goes on in English, and going back loses nothing else."""

from sqlalchemy import insert, select, update

CLINIC = {
    "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
    "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
    "totals_enabled": False, "code_days": 3, "retention_months": 12,
}  # fmt: skip


def _run(database, statement):
    with database.writing(None) as uow:
        uow.connection.execute(statement)
        uow.commit()


def _only_clinic(database, tables):
    with database.reading(None) as uow:
        return dict(uow.connection.execute(select(tables.tables["clinics"])).mappings().one())


def test_upgrade_lets_a_clinic_go_on_in_english(bare_database, stand_at):
    _run(bare_database, insert(stand_at("0003").tables["clinics"]).values(CLINIC))
    assert _only_clinic(bare_database, stand_at("0004")) == CLINIC | {"languages": "en"}


def test_downgrade_forgets_the_languages_and_nothing_else(bare_database, stand_at):
    tables = stand_at("0004")
    _run(bare_database, insert(tables.tables["clinics"]).values(CLINIC))
    _run(bare_database, update(tables.tables["clinics"]).values(languages="de en ar"))
    assert _only_clinic(bare_database, stand_at("0003")) == CLINIC
