"""Setting up the second step, and fresh recovery codes."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.errors import SecondStepRefused
from feedback.security.totp import app_address, draw_seed
from feedback.services.accounts.set_up_second_step import make_recovery_codes, set_up_app, show_recovery_code
from feedback.services.accounts.sign_in import Account
from feedback.web.access import me, requires
from feedback.web.account.forms import AppForm, EmptyForm
from feedback.web.account.login_flow import wanted
from feedback.web.account.login_ticket import carried_seed, carry_seed
from feedback.web.qr import qr_svg
from feedback.web.request_uow import check, writing
from feedback.web.staff_pages import home_of
from feedback.web.staff_session import open_session
from feedback.web.surfaces import here


@requires(unfinished=True, just_confirmed=True)
def show() -> Any:
    """Show a QR code for an authenticator app, drawn on this server, and ask what the app shows."""
    return _page(AppForm(formdata=None), draw_seed(here().chance), 200)


@requires(unfinished=True, just_confirmed=True)
def set_up() -> Any:
    """Keep the app that has shown the right code; sign in anew, and show recovery codes this once."""
    it, form, account = here(), AppForm(), _own_account()
    seed = carried_seed(it.keyring, form.seed.data or "", account)
    if seed is None:
        return redirect(url_for("account.second_step", next=wanted()), 303)
    if not form.validate():
        return _page(form, seed, 400)
    try:
        with writing() as uow:
            codes = set_up_app(
                uow,
                it.clock,
                it.keyring,
                it.chance,
                journal=it.journal,
                staff=account.staff,
                seed=seed,
                code=str(form.code.data),
                replaces=me().is_complete,
            )
    except SecondStepRefused as error:
        form.code.errors = [str(error)]
        return _page(form, seed, 400)
    return open_session(_codes_page(codes), account, is_complete=True)


@requires(just_confirmed=True)
def renew_codes() -> Response:
    """Draw fresh recovery codes and show them this once; every earlier one stops working."""
    it = here()
    check(EmptyForm())
    with writing() as uow:
        codes = make_recovery_codes(uow, it.clock, it.keyring, it.chance, journal=it.journal, staff=me().staff)
    return _codes_page(codes)


def _own_account() -> Account:
    return Account(me().clinic, me().staff)


def _page(form: AppForm, seed: str, status: int) -> Any:
    account = _own_account()
    address = app_address(seed, account=account.staff.email, issuer=account.clinic.name)
    page = render_template(
        "account/second_step.html",
        form=form,
        carried=carry_seed(here().keyring, seed, account),
        square=qr_svg(address, "QR code for an authenticator app. The key below it does the same"),
        key=" ".join(seed[place : place + 4] for place in range(0, len(seed), 4)),
        address=address,
        next=wanted(),
    )
    return page, status


def _codes_page(codes: tuple[str, ...]) -> Response:
    onward = (request.values.get("next") and wanted()) or home_of(me().staff.role)
    shown = [show_recovery_code(code) for code in codes]
    return make_response(render_template("account/recovery_codes.html", codes=shown, onward=onward))
