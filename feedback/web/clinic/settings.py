"""The clinic's settings, and the help numbers of its country to start from."""

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import USUAL_INSTRUMENT, Clinic, HelpNumber, Role
from feedback.domain.colour import TEXT_AIM, palette_for, read_colour
from feedback.domain.errors import Refused
from feedback.domain.help_numbers import CHECK_AGAIN, PRESETS, preset_for
from feedback.domain.languages import LANGUAGES
from feedback.instruments import load
from feedback.services.clinic.manage_clinic import change_clinic, use_preset
from feedback.services.flags.preview_budget import preview_budget
from feedback.web.access import me, requires
from feedback.web.clinic.forms import PresetForm, SettingsForm
from feedback.web.heavy_pages import heavy
from feedback.web.request_uow import check, reading, writing
from feedback.web.surfaces import here

HUNDRED = Decimal(100)


@requires(Role.CLINIC_ADMIN)
@heavy
def show() -> str:
    """Show the settings as they are."""
    clinic = me().clinic
    percent = round(Decimal(str(clinic.alert_budget)) * HUNDRED, 1)
    return _page(_form(formdata=None, data=asdict(clinic) | {"alert_budget": percent, "language": clinic.languages[0]}))


@requires(Role.CLINIC_ADMIN)
def change() -> Response | tuple[str, int]:
    """Keep what was chosen, or show what is wrong beside it with nothing lost."""
    it, form = here(), _form()
    if not form.validate():
        return _page(form), 400
    try:
        with writing() as uow:
            change_clinic(uow, it.clock, it.keyring, changed=_changed(me().clinic, form), by=me().staff.id)
    except Refused as refused:
        return _page(form, problem=str(refused)), 400
    return redirect(url_for("clinic.settings", saved="yes"), 303)


@requires(Role.CLINIC_ADMIN)
def preset() -> Response:
    """Put a country's list in place of the clinic's."""
    it, form = here(), _preset_form()
    check(form)
    with writing() as uow:
        use_preset(uow, it.clock, it.keyring, clinic=me().clinic, country=form.country.data or "", by=me().staff.id)
    return redirect(url_for("clinic.settings", saved="yes"), 303)


def _changed(clinic: Clinic, form: SettingsForm) -> Clinic:
    """Return the clinic with what the form says; rows of help numbers that are empty are left out."""
    rows = [row for row in form.help_numbers.data if any(row.values())]
    return replace(
        clinic,
        name=form.name.data,
        phone=form.phone.data,
        timezone=form.timezone.data,
        contact=form.contact.data,
        complaints=form.complaints.data,
        help_numbers=tuple(HelpNumber(**row) for row in rows),
        languages=tuple(dict.fromkeys((form.language.data, *form.languages.data))),
        comment_enabled=form.comment_enabled.data,
        totals_enabled=form.totals_enabled.data,
        code_days=form.code_days.data,
        accent=read_colour(form.accent.data) if form.accent.data else "",
        quick_exit=form.quick_exit.data,
        script_enabled=form.script_enabled.data,
        alert_budget=float(form.alert_budget.data / HUNDRED),
    )


def _form(**more: Any) -> SettingsForm:
    """Make the form. Of a translation that nobody has checked it says so."""
    form = SettingsForm(**more)
    drafts = {code for code in LANGUAGES if load(USUAL_INSTRUMENT, code).is_draft}
    named = [(one.code, one.name + " (draft translation)" * (one.code in drafts)) for one in LANGUAGES.values()]
    form.language.choices = form.languages.choices = named
    return form


def _preset_form(**more: None) -> PresetForm:
    form = PresetForm(**more)
    form.country.choices = [(one.country, f"{one.name}, list of {one.checked_on:%d %B %Y}") for one in PRESETS.values()]
    return form


def _page(form: SettingsForm, problem: str = "") -> str:
    chooser = _preset_form(formdata=None)
    chooser.country.data = me().clinic.country
    with reading() as uow:
        choices = preview_budget(uow)
    return render_template(
        "clinic/settings.html",
        form=form,
        chooser=chooser,
        preset=preset_for(me().clinic.country),
        check_again=CHECK_AGAIN,
        palette=palette_for(me().clinic.accent) if me().clinic.accent else None,
        aim=TEXT_AIM,
        preview=f"{here().settings.base_url}/preview/{me().clinic.id}",
        tablet=f"{here().settings.base_url}/k/{me().clinic.id}",
        choices=choices,
        problem=problem,
    )
