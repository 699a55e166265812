"""Today's codes of several cases on one sheet, to cut apart: for the front desk, and for therapists' own cases."""

from flask import render_template

from feedback.domain.care import Role
from feedback.domain.errors import Refused
from feedback.services.cases.list_caseload import CaseloadLine, list_caseload
from feedback.services.codes.hand_out_code import HandedOut
from feedback.services.codes.hand_out_sheet import MOST_CASES, hand_out_sheet
from feedback.services.codes.resolve_case_code import find_typed_cases
from feedback.web.access import me, requires
from feedback.web.heavy_pages import heavy
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import own_case, reading, today, writing
from feedback.web.therapist.code_panel import Plate, draw_plate
from feedback.web.therapist.forms import SheetForm
from feedback.web.therapist.printed import clinics_languages, language_to_print, with_card

PAPERS = [("a4", "A4"), ("letter", "Letter")]


@requires(Role.DESK, Role.THERAPIST)
def show() -> str:
    """Ask whose codes to print. A therapist finds the cases with a therapy session today chosen already."""
    return _asks(_form(formdata=None))


@requires(Role.DESK, Role.THERAPIST)
@heavy
def hand_out() -> str | tuple[str, int]:
    """Show the sheet. It has no address of its own, so none is left behind."""
    form = _form()
    if not form.validate():
        return _asks(form), 400
    try:
        handed, wrong = _handed_out(form)
    except Refused as refused:
        handed, wrong = (), (str(refused),)
    if wrong:
        return _asks(form, wrong), 400
    return render_template(
        "therapist/sheet_printed.html",
        slips=[(each.case, _slip(each)) for each in handed],
        form=form,
        words=wording,
    )


def _handed_out(form: SheetForm) -> tuple[tuple[HandedOut, ...], tuple[str, ...]]:
    """Return the codes, or what is wrong with what was typed: then nothing was handed out."""
    it = here()
    with writing() as uow:
        if _is_desk():
            cases, wrong = find_typed_cases(uow, it.clock, it.keyring, typed=form.lines, by=me().staff)
        else:
            cases, wrong = tuple(own_case(uow, code) for code in form.chosen.data or []), ()
        handed = () if wrong else hand_out_sheet(uow, it.clock, it.keyring, it.chance, cases=cases, by=me().staff)
    return handed, wrong


def _slip(handed: HandedOut) -> Plate:
    plate = draw_plate(handed.shown, handed.case, is_one_of_many=True)
    return with_card(plate, language_to_print(clinics_languages(), handed.case))


def _is_desk() -> bool:
    return me().staff.role is Role.DESK


def _form(**more: None) -> SheetForm:
    """Make the form; a therapist's open cases are its choices, those with a therapy session today chosen at first."""
    form = SheetForm(**more)
    form.paper.choices = PAPERS
    lines = () if _is_desk() else _open_cases()
    form.chosen.choices = [(line.case.code, line.label) for line in lines]
    if more:
        form.chosen.data = [line.case.code for line in lines if line.case.last_held_on == today()]
    return form


def _open_cases() -> list[CaseloadLine]:
    with reading() as uow:
        return [line for line in list_caseload(uow, here().keyring, therapist=me().staff) if not line.case.closed_on]


def _asks(form: SheetForm, wrong: tuple[str, ...] = ()) -> str:
    return render_template("therapist/sheet.html", form=form, wrong=wrong, is_desk=_is_desk(), most=MOST_CASES)
