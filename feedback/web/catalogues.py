"""Catalogues: every text of a client page in a language, read once per process from what translators write.

A catalogue is one `.po` file. It is read as it is: nothing has to be compiled, so nothing can be out of date.
"""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from feedback import paths
from feedback.domain.languages import ENGLISH


@cache
def catalogue(code: str) -> NullTranslations:
    """Return the texts of a language by its code. The language everything is written in needs no file."""
    if code == ENGLISH.code:
        return NullTranslations()
    with (paths.translations() / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = read_po(file, locale=code, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return GNUTranslations(compiled)
