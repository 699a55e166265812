"""Questionnaires of the clinic: what is there, adding one, seeing it as clients will, offering and retiring it."""

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from feedback import instruments
from feedback.domain.care import USUAL_INSTRUMENT, Role
from feedback.domain.errors import InstrumentRefused
from feedback.domain.instrument import About, HigherIs
from feedback.domain.own_instrument import STATEMENT
from feedback.persistence.clinic.own_instruments import list_own
from feedback.services.clinic.add_instrument import add_instrument, offer_instrument, retire_instrument
from feedback.services.clinic.find_instrument import read_own
from feedback.web.access import me, requires
from feedback.web.clinic.forms import ButtonForm
from feedback.web.forms import StaffForm
from feedback.web.request_uow import check, reading, writing
from feedback.web.surfaces import here

LONGEST_NAME = 60
"""Characters of a file's name that are repeated in a refusal."""


ABOUT = [
    ("", "as the file says"),
    (About.SESSION.value, "the session: judged for possible ruptures"),
    (About.SYMPTOMS.value, "symptoms: followed, never judged"),
    (About.OTHER.value, "something else: followed, never judged"),
]
HIGHER = [("", "as the file says"), (HigherIs.BETTER.value, "better"), (HigherIs.WORSE.value, "worse")]


class InstrumentForm(StaffForm):
    """A file, and the statement without which it is not taken."""

    file = FileField("File, as JSON", validators=[FileRequired("Choose a file.")])
    about = SelectField("It asks about", default="")
    higher_is = SelectField("Its higher answers are", default="")
    holds_right = BooleanField(
        STATEMENT, validators=[InputRequired("Say that the clinic holds the right, or leave it.")]
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.about.choices, self.higher_is.choices = ABOUT, HIGHER


@requires(Role.CLINIC_ADMIN)
def show() -> str:
    """List the questionnaires: the built-in one and those the clinic added."""
    return _page(InstrumentForm(formdata=None))


@requires(Role.CLINIC_ADMIN)
def add() -> AnyResponse | tuple[str, int]:
    """Take a questionnaire. It waits to be offered, so that it can be looked at first."""
    it, form = here(), InstrumentForm()
    if not form.validate():
        return _page(form), 400
    try:
        with writing() as uow:
            add_instrument(
                uow,
                it.clock,
                it.keyring,
                content=form.file.data.read(),
                file=_named(form.file.data.filename),
                holds_right=form.holds_right.data,
                by=me().staff.id,
                offered=False,
                about=About(form.about.data) if form.about.data else None,
                higher_is=HigherIs(form.higher_is.data) if form.higher_is.data else None,
            )
    except InstrumentRefused as refused:
        form.file.errors = [str(refused)]
        return _page(form), 400
    return redirect(url_for("clinic.instruments"), 303)


@requires(Role.CLINIC_ADMIN)
def offer(instrument_id: str) -> AnyResponse:
    """Offer a questionnaire for new cases."""
    check(ButtonForm())
    with writing() as uow:
        offer_instrument(uow, here().clock, here().keyring, instrument_id=instrument_id, by=me().staff.id)
    return redirect(url_for("clinic.instruments"), 303)


@requires(Role.CLINIC_ADMIN)
def retire(instrument_id: str) -> AnyResponse:
    """Offer a questionnaire for no new case; those that have it go on."""
    check(ButtonForm())
    with writing() as uow:
        retire_instrument(uow, here().clock, here().keyring, instrument_id=instrument_id, by=me().staff.id)
    return redirect(url_for("clinic.instruments"), 303)


@requires(Role.CLINIC_ADMIN)
def give_template(name: str) -> Response:
    """Return the structure of a licensed instrument, without its words, to be filled in."""
    response = Response(instruments.template(name), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _page(form: InstrumentForm) -> str:
    with reading() as uow:
        kept = [(own, read_own(own)) for own in list_own(uow)]
    return render_template(
        "clinic/instruments.html",
        form=form,
        kept=kept,
        newest={own.id: max(each.version for each, _ in kept if each.id == own.id) for own, _ in kept},
        built_in=instruments.load(USUAL_INSTRUMENT),
        languages=instruments.languages_of(USUAL_INSTRUMENT),
        templates=instruments.templates(),
    )


def _named(filename: str | None) -> str:
    """Return the name of the file as it is repeated: its last part, shortened."""
    return (filename or "the file").replace("\\", "/").rpartition("/")[2][:LONGEST_NAME]
