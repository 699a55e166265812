"""Keeping each version of an instrument, so that old answers keep the words they were given under."""

import hashlib

from feedback import instruments
from feedback.domain.errors import InstrumentRefused
from feedback.persistence.clinic.instruments import add_instrument, list_hashes
from feedback.persistence.database import UnitOfWork


def keep_instruments(uow: UnitOfWork) -> None:
    """Keep every version that ships and is not kept yet.

    Raises `InstrumentRefused` when a file says something else than it did under the same version.
    """
    kept = list_hashes(uow)
    for instrument_id, language in instruments.known():
        content = instruments.source(instrument_id, language)
        version = (instrument_id, instruments.load(instrument_id, language).version, language)
        content_hash = hashlib.sha256(content).hexdigest()
        if version not in kept:
            add_instrument(uow, version, content.decode(), content_hash)
        elif kept[version] != content_hash:
            raise InstrumentRefused(
                f"The file {instrument_id}.{language}.json was changed but still says version {version[1]}. "
                "Answers were given under the earlier words: give the changed file a new version."
            )
