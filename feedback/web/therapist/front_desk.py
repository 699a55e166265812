"""The front desk: a case code in, today's code out, nothing else of any case. And the poster, which is no secret."""

from flask import render_template

from feedback.domain.care import Role
from feedback.domain.errors import CaseCodeUnknown, Refused
from feedback.services.codes.hand_out_code import HandedOut, hand_out_code
from feedback.services.codes.resolve_case_code import count_case_miss
from feedback.web.access import me, requires
from feedback.web.qr import entry_address, qr_svg
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import writing
from feedback.web.therapist.code_panel import domain, draw_plate
from feedback.web.therapist.forms import HandOutForm
from feedback.web.therapist.printed import clinics_languages, draw_poster, language_to_print, with_card, with_panel


@requires(Role.DESK)
def show() -> str:
    """Ask for a case code."""
    return _asks(HandOutForm(formdata=None))


@requires(Role.DESK)
def hand_out() -> str | tuple[str, int]:
    """Show today's code, for the screen and for paper. The page has no address of its own, so none is left behind."""
    form = HandOutForm()
    if not form.validate():
        return _asks(form), 400
    try:
        handed = _handed_out(form)
    except Refused as refused:
        if isinstance(refused, CaseCodeUnknown):
            _count_miss()
        form.case.errors = [str(refused)]
        return _asks(form), 400
    spoken = language_to_print(clinics_languages(), handed.case)
    plate = with_panel(with_card(draw_plate(handed.shown, handed.case), spoken), spoken)
    return render_template(
        "therapist/handed_out.html",
        case=handed.case,
        seat=handed.shown.code.seat,
        plate=plate,
        words=wording,
    )


@requires(Role.DESK, Role.THERAPIST, Role.CLINIC_ADMIN)
def poster() -> str:
    """Show a page to print that carries only the address of the code page: it may hang anywhere."""
    address = entry_address(here().settings.base_url)
    square = qr_svg(address, f"QR code. It opens {domain()}, where a code can be typed")
    offered = clinics_languages()
    chosen = language_to_print(offered)
    return render_template(
        "therapist/poster.html", poster=draw_poster(square, domain(), chosen), offered=offered, chosen=chosen
    )


def _asks(form: HandOutForm) -> str:
    return render_template("therapist/front_desk.html", form=form)


def _count_miss() -> None:
    with writing() as uow:
        count_case_miss(uow, here().clock, here().keyring, by=me().staff)


def _handed_out(form: HandOutForm) -> HandedOut:
    it = here()
    with writing() as uow:
        return hand_out_code(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            typed=form.case.data or "",
            seat=form.seat.data or "A",
            by=me().staff,
        )
