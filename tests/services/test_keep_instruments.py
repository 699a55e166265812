"""Old answers keep the words they were given under."""

import pytest

from feedback import instruments
from feedback.domain.errors import InstrumentRefused
from feedback.persistence import tables
from feedback.services.clinic.keep_instruments import keep_instruments


def kept(uow):
    return uow.connection.execute(tables.instruments.select()).all()


def test_every_version_that_ships_is_kept_once_word_for_word(installation):
    with installation.database.writing(None) as uow:
        keep_instruments(uow)
        keep_instruments(uow)
        (row,) = [row for row in kept(uow) if (row.id, row.language) == ("rapport-session", "en")]
    assert row.content.encode() == instruments.source("rapport-session")
    assert row.version == instruments.load("rapport-session").version


def test_a_file_that_changed_under_its_version_is_refused(installation):
    with installation.database.writing(None) as uow:
        keep_instruments(uow)
        uow.connection.execute(tables.instruments.update().values(content_hash="of other words"))
        with pytest.raises(InstrumentRefused, match=r"rapport-session\.\w+\.json .* new version"):
            keep_instruments(uow)


def test_a_new_version_is_kept_beside_the_old_one(installation):
    with installation.database.writing(None) as uow:
        uow.connection.execute(
            tables.instruments.insert().values(
                id="rapport-session", version=0, language="en", content_hash="older", content="{}"
            )
        )
        keep_instruments(uow)
        assert {row.version for row in kept(uow) if row.id == "rapport-session"} == {0, 1}
