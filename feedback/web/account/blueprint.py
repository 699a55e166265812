"""The account surface, put together."""

from flask import Blueprint

from feedback.web.account import (
    confirm,
    invitation,
    login_flow,
    new_password,
    oidc_callback,
    oidc_login,
    own_account,
    own_log,
    passkeys,
    second_step,
    sign_in,
)
from feedback.web.account.provider_here import BACK
from feedback.web.staff_pages import staff_context

blueprint = Blueprint("account", __name__)
blueprint.context_processor(staff_context)
blueprint.add_url_rule("/sign-in", view_func=sign_in.sign_in, methods=["GET", "POST"])
blueprint.add_url_rule("/sign-in/role", view_func=sign_in.choose_role, methods=["POST"])
blueprint.add_url_rule("/sign-in/code", view_func=login_flow.enter_code, methods=["GET", "POST"])
blueprint.add_url_rule("/sign-in/passkey", view_func=passkeys.sign_in, endpoint="sign_in_passkey", methods=["POST"])
blueprint.add_url_rule(
    "/sign-in/provider", view_func=oidc_login.sign_in, endpoint="leave_for_provider", methods=["GET"]
)
blueprint.add_url_rule(BACK, view_func=oidc_callback.come_back, methods=["GET"])
blueprint.add_url_rule("/sign-out", view_func=sign_in.sign_out, methods=["POST"])
blueprint.add_url_rule("/invite/<token>", view_func=invitation.take_up, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/invite/<token>/provider", view_func=oidc_login.take_up, endpoint="invited_by_provider", methods=["GET"]
)
blueprint.add_url_rule("/account/provider", view_func=oidc_login.link, endpoint="link_provider", methods=["GET"])
blueprint.add_url_rule(
    "/account/confirm/provider", view_func=oidc_login.confirm, endpoint="confirm_provider", methods=["GET"]
)
blueprint.add_url_rule("/account", view_func=own_account.show, methods=["GET"])
blueprint.add_url_rule("/account/log", view_func=own_log.show, endpoint="log", methods=["GET"])
blueprint.add_url_rule("/account/confirm", view_func=confirm.confirm, methods=["GET", "POST"])
blueprint.add_url_rule("/account/second-step", view_func=second_step.show, endpoint="second_step", methods=["GET"])
blueprint.add_url_rule("/account/second-step", view_func=second_step.set_up, methods=["POST"])
blueprint.add_url_rule("/account/password", view_func=new_password.change, endpoint="password", methods=["GET", "POST"])
blueprint.add_url_rule("/account/sessions/<name>/end", view_func=own_account.end_one, methods=["POST"])
blueprint.add_url_rule("/account/recovery-codes", view_func=second_step.renew_codes, methods=["POST"])
blueprint.add_url_rule("/account/sign-out-everywhere", view_func=own_account.sign_out_everywhere, methods=["POST"])
blueprint.add_url_rule("/account/passkeys", view_func=passkeys.show, endpoint="passkeys", methods=["GET"])
blueprint.add_url_rule("/account/passkeys", view_func=passkeys.add, endpoint="add_passkey", methods=["POST"])
blueprint.add_url_rule(
    "/account/passkeys/<passkey_id>/remove", view_func=passkeys.remove, endpoint="remove_passkey", methods=["POST"]
)
