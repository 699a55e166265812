"""What those who answer get to see of a code: panel, cards and poster, in the case's language or the clinic's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from feedback.domain.care import Case
from feedback.domain.languages import ENGLISH, LANGUAGES, Language
from feedback.web.access import me
from feedback.web.days import shown_day
from feedback.web.i18n import speaking
from feedback.web.therapist.code_panel import Plate


def clinics_languages() -> tuple[Language, ...]:
    """Return the languages one's own clinic offers, its own first."""
    return tuple(LANGUAGES[code] for code in me().clinic.languages if code in LANGUAGES) or (ENGLISH,)


def language_to_print(offered: Sequence[Language], case: Case | None = None) -> Language:
    """Return the language asked for with `?lang=`, else the case's, else the first on offer; never one that is not."""
    wanted = (request.args.get("lang"), case.language if case else None)
    return next((each for code in wanted for each in offered if each.code == code), offered[0])


def with_card(plate: Plate, language: Language) -> Plate:
    """Return a plate with its card drawn in a language."""
    day = shown_day(plate.closes_on, language) if plate.closes_on else ""
    return replace(plate, card=_drawn("therapist/_card.html", language, plate=plate, day=day))


def with_panel(plate: Plate, language: Language) -> Plate:
    """Return a plate with what the client's side of the screen says, in a language."""
    return replace(plate, panel=_drawn("therapist/_panel.html", language, plate=plate))


def draw_poster(square: Markup, domain: str, language: Language) -> Markup:
    """Draw the poster in a language."""
    return _drawn("therapist/_poster.html", language, square=square, domain=domain)


def _drawn(template: str, language: Language, **more: Any) -> Markup:
    with speaking(language):
        return Markup(render_template(template, clinic=me().clinic, **more))  # noqa: S704  drawn by our own template
