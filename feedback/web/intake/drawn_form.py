"""The form as a page: drawn by its template, and the untouched one only once for all codes that show the same."""

from dataclasses import dataclass
from typing import Any

from flask import current_app

from feedback.web.client_page import draw
from feedback.web.compress import FilledPage
from feedback.web.intake.form_key import filler
from feedback.web.intake.form_page import FormPage, Sent
from feedback.web.query_state import sends_to
from feedback.web.stylesheet import PageAssets, page_assets, script_of, use_assets

_MOST = 512
"""Blank forms that a process keeps, about 20 kB each; beyond that it begins anew."""


@dataclass(frozen=True, slots=True)
class _Blank:
    page: FilledPage
    assets: PageAssets


def blank_form(page: FormPage) -> FilledPage:
    """Return the untouched form with a gap for its key.

    It is known by everything it was drawn from, as read from the database in this request: the clinic with all its
    choices, the therapist's name, the day, the questionnaire and what the address carries. So a change is seen by the
    next request in every process, and nothing has to be told.
    """
    blanks: dict[tuple[object, ...], _Blank] = current_app.extensions.setdefault("feedback-blank-forms", {})
    key = (*page.key, sends_to())
    blank = blanks.get(key)
    if blank is None:
        if len(blanks) >= _MOST:
            blanks.clear()
        drawn = FilledPage.around(draw_form(page, Sent(), filler()), filler())
        blank = blanks[key] = _Blank(drawn, page_assets())
    use_assets(blank.assets)
    return blank.page


def draw_form(page: FormPage, sent: Sent, nonce: str, **more: Any) -> str:
    """Draw a form, untouched or as it was sent; `more` is what only a shared tablet's page needs."""
    script = script_of(page.clinic)
    return draw(
        "intake/form.html",
        clinic=page.clinic,
        is_untouched=not (script or sent.is_back or page.has_more),
        page=page,
        sent=sent,
        nonce=nonce,
        day=page.day,
        script=script,
        **more,
    )
