"""Find every text that is marked for translation, and bring the catalogues up to it: `make words`."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from feedback import paths
from tests.support.folders import ROOT

TEMPLATE = paths.translations() / "messages.pot"
KEYWORDS = {"_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2)}
SOURCES = (("python", ROOT / "feedback" / "web", "*.py"), ("jinja2", paths.templates(), "*.html"))
HEADER = "# Texts of Rapport's client pages. Written by `make words`."


def extracted() -> Catalog:
    """Return every marked text with the files it stands in, in their order."""
    found = Catalog(header_comment=HEADER, project="Rapport", charset="utf-8")
    for file, message in _messages():
        found.add(message, locations=[(file, 0)])
    return found


def read(path: Path, code: str | None = None) -> Catalog:
    """Read a catalogue or the template of all. Raises for one that is damaged."""
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def write(path: Path, texts: Catalog) -> None:
    """Write a catalogue so that the same texts give the same bytes."""
    with path.open("wb") as file:
        write_po(file, texts, width=120, include_lineno=False, ignore_obsolete=True, omit_header=path == TEMPLATE)


def files() -> dict[str, Path]:
    """Return every language's catalogue by its code."""
    return {path.parts[-3]: path for path in sorted(paths.translations().glob("*/LC_MESSAGES/messages.po"))}


def bring_up() -> None:
    """Write the template anew and bring every catalogue up to it: new texts come in empty, old ones go."""
    write(TEMPLATE, extracted())
    for code, path in files().items():
        texts = read(path, code)
        texts.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
        write(path, texts)


def _messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for method, folder, pattern in SOURCES:
        for path in sorted(folder.rglob(pattern)):
            with path.open("rb") as file:
                options = {"trimmed": "true", "silent": "false"}
                for _, message, _, _ in extract(method, file, KEYWORDS, options=options):
                    yield path.relative_to(ROOT).as_posix(), message


if __name__ == "__main__":
    bring_up()
