"""In which language a client is spoken to, and saying something in it. Chosen anew for each request, never stored."""

from flask import Flask, g
from markupsafe import Markup, escape

from feedback.domain.languages import ENGLISH, Language
from feedback.domain.plain_text import runs_right_to_left
from feedback.web.catalogues import catalogue


def install_language(app: Flask) -> None:
    """Teach the templates to speak: `_("…")`, `ngettext`, and `isolated` for names and numbers in running text."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_plain, _plain_plural, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    app.jinja_env.globals.update(language=language)
    app.jinja_env.filters.update(isolated=isolated, naming=naming)


def language() -> Language:
    """Give the language of this request."""
    spoken: Language = g.get("language", ENGLISH)
    return spoken


def gettext(message: str, **values: object) -> Markup:
    """Say a message in the language of this request; `%(name)s` in it stands for a value, which is escaped."""
    return Markup(_plain(message)) % values  # noqa: S704  catalogues hold no markup, as a test makes sure


def ngettext(one: str, many: str, num: int, **values: object) -> Markup:
    """Say a message about a number of things, `%(num)s` in it, in the form the language has for that number."""
    return Markup(_plain_plural(one, many, num)) % (values | {"num": num})  # noqa: S704  see above


def gettext_noop(message: str) -> str:
    """Mark a message that is said later."""
    return message


def isolated(text: str) -> str:
    """Keep what runs the other way, or a number in a page that does, from pulling its surroundings along."""
    if language().is_right_to_left or runs_right_to_left(text):
        return Markup("<bdi>{}</bdi>").format(text)
    return text


def naming(text: str, name: str) -> Markup:
    """Put the therapist's name into the words of a questionnaire."""
    return escape(text).replace("{therapist}", escape(name))


def _plain(message: str) -> str:
    return catalogue(language().code).gettext(message)


def _plain_plural(one: str, many: str, num: int) -> str:
    return catalogue(language().code).ngettext(one, many, num)
