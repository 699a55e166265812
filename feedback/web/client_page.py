"""Drawing a client page: the same frame around each, with the clinic's help numbers in it whatever happens."""

from typing import Any

from flask import Flask, Response, render_template, request
from markupsafe import Markup

from feedback.domain.care import Clinic, HelpNumber
from feedback.domain.help_numbers import preset_for
from feedback.domain.instrument import Item
from feedback.web.compress import compress_page, pad_page
from feedback.web.current_clinic import clinic_here
from feedback.web.help_words import known
from feedback.web.i18n import install_language
from feedback.web.query_state import clearing_seconds, install_carried
from feedback.web.stylesheet import Stylesheet, install_stylesheets, stylesheet_for
from feedback.web.surfaces import here, is_staff_page
from feedback.web.white_space import WithoutLayout

_SHORT_LABELS = 44
"""Characters of all labels of one choice that stand beside each other on a phone without squeezing."""

ANSWER_BYTES = 14 * 1024
"""How long a page is that answers a form, gaps and errors included: their words depend on which button was pressed."""


def install_client_pages(app: Flask, untouched: Stylesheet, whole: Stylesheet) -> None:
    """Teach the templates the frame's words, and compress what the views draw."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutLayout)
    install_stylesheets(app, untouched, whole)
    install_carried(app)
    install_language(app)
    app.jinja_env.filters["known"] = known
    app.jinja_env.tests["worded_long"] = _is_worded_long

    @app.after_request
    def compress(response: Response) -> Response:
        if is_staff_page() or response.location:
            return response
        answers_a_form = request.method == "POST" and response.mimetype == "text/html"
        return pad_page(response, ANSWER_BYTES) if answers_a_form else compress_page(response)


def draw(template: str, *, clinic: Clinic | None, is_untouched: bool = False, **context: Any) -> str:
    """Draw a client page of a clinic, or of none where none is known.

    An untouched form has the smaller sheet. `clears` in the context: after how many seconds a shared tablet clears the
    page, 0 to stay.
    """
    context.setdefault("clears", clearing_seconds())
    sheet = Markup(stylesheet_for(clinic, is_untouched=is_untouched).text)  # noqa: S704  our own file and colours in six hexadecimal digits
    return render_template(template, clinic=clinic, help_numbers=help_numbers(clinic), client_sheet=sheet, **context)


def client_page(template: str, *, clinic: Clinic | None = None, status: int = 200, **context: Any) -> Response:
    """Answer with a client page. Where no clinic is named, the installation's only one stands in."""
    page = draw(template, clinic=clinic or clinic_here(), **context)
    return Response(page, status, content_type="text/html; charset=utf-8")


def help_numbers(clinic: Clinic | None) -> tuple[HelpNumber, ...]:
    """Return the clinic's help numbers, else those of the installation's country."""
    preset = preset_for(here().settings.country)
    return (clinic.help_numbers if clinic else ()) or (preset.help_numbers if preset else ())


def _is_worded_long(item: Item) -> bool:
    return sum(len(option.label) for option in item.options) > _SHORT_LABELS
