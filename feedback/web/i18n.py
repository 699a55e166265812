"""In which language a client is spoken to, and saying something in it.

By `?lang=`, else the case's, else by what the browser prefers where the clinic offers several, else the clinic's own.
Chosen anew for each request; what is not offered is passed over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from flask import Flask, Response, g, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from feedback.domain.languages import ENGLISH, LANGUAGES, Language
from feedback.domain.plain_text import runs_right_to_left
from feedback.web.asked import asked
from feedback.web.catalogues import catalogue
from feedback.web.current_clinic import clinic_here


def install_language(app: Flask) -> None:
    """Teach the templates to speak: `_("…")`, `ngettext`, and `isolated` for names and numbers in running text."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_plain, _plain_plural, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    app.jinja_env.globals.update(language=language, offered=offered)
    app.jinja_env.filters.update(isolated=_isolated_when_drawn, naming=naming)

    @app.after_request
    def vary(response: Response) -> Response:
        if g.get("is_negotiated"):
            response.vary.add("Accept-Language")
        return response


def language() -> Language:
    """Return the language of this request."""
    if "language" not in g:
        g.language = _settled() or _preferred()
    spoken: Language = g.language
    return spoken


def offered() -> tuple[Language, ...]:
    """Return the languages a client can choose between here, the clinic's own first; all where no clinic is known.

    A form is offered in those its questionnaire exists in, so that a page is in one language.
    """
    clinic = clinic_here()
    return _offered(clinic.languages if clinic else tuple(LANGUAGES), g.get("worded", ()))


def speak(code: str) -> None:
    """Go on in the language in which somebody answered, unless they ask for another one."""
    g.spoken = code


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Say everything within in this language, whatever the request asks for: what is printed is for somebody else."""
    before = g.get("language")
    g.language = spoken
    try:
        yield
    finally:
        g.language = before
        if before is None:
            del g.language


def carried_language() -> str:
    """Return the code of the language that was asked for or is the case's, to be carried into the next address.

    Empty where neither is: then the browser decides for the next page too.
    """
    settled = _settled()
    return settled.code if settled and len(offered()) > 1 else ""


@lru_cache(maxsize=256)
def _offered(chosen: tuple[str, ...], worded: tuple[str, ...]) -> tuple[Language, ...]:
    codes = tuple(code for code in chosen if code in LANGUAGES)
    asked_in = [code for code in codes if code in worded] or [code for code in worded if code in LANGUAGES]
    return tuple(LANGUAGES[code] for code in asked_in or codes) or (ENGLISH,)


def _settled() -> Language | None:
    found = g.get("found")
    of_case = found.case.language if found else None
    wanted = [code for code in (asked("lang"), g.get("spoken"), of_case) if code]
    return next((each for code in wanted for each in offered() if each.code == code), None) if wanted else None


def _preferred() -> Language:
    choices = offered()
    if len(choices) == 1:
        return choices[0]
    g.is_negotiated = True
    best = request.accept_languages.best_match([each.code for each in choices])
    return next((each for each in choices if each.code == best), choices[0])


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


@pass_context
def _isolated_when_drawn(_context: Context, text: str) -> str:
    """Isolate for each page anew: without a context Jinja would do it once, in the language of the first request."""
    return isolated(text)


def naming(text: str, name: str) -> Markup:
    """Put the therapist's name into the words of a questionnaire; with one kept apart, they stay one piece of text."""
    named = escape(text).replace("{therapist}", escape(name))
    is_in_pieces = isinstance(name, Markup) and "{therapist}" in text
    return Markup("<bdi>{}</bdi>").format(named) if is_in_pieces else named


def _plain(message: str) -> str:
    return catalogue(language().code).gettext(message)


def _plain_plural(one: str, many: str, num: int) -> str:
    return catalogue(language().code).ngettext(one, many, num)
