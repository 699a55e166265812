"""The product over HTTP: the client's form and the staff's pages, on Flask."""

from dataclasses import replace

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from feedback import paths
from feedback.bootstrap import Installation
from feedback.web.account import blueprint as account
from feedback.web.account.provider_here import install_provider
from feedback.web.allowed_hosts import install_hosts
from feedback.web.assets import keep_versioned
from feedback.web.client_page import install_client_pages
from feedback.web.clinic import blueprint as clinic
from feedback.web.csrf import install_same_origin
from feedback.web.disclosure_check import check_who_reads
from feedback.web.errors import install_errors
from feedback.web.headers import install_headers
from feedback.web.intake import intake as client_pages
from feedback.web.logs import Rapport, install_logs
from feedback.web.metrics import health as operator_pages
from feedback.web.route_policy import policy_of
from feedback.web.stylesheet import read_stylesheets
from feedback.web.surfaces import install_limits
from feedback.web.therapist import blueprint as therapist

__all__ = ["create_app"]


def create_app(installation: Installation) -> Flask:
    """Make the WSGI application of an installation, with the surfaces its settings name.

    Raises `UndeclaredRoute` rather than serve a route that does not say who may enter, and `WhoReadsWrong` rather than
    show a form that says less than the truth about who reads it.
    """
    settings = installation.settings
    app = Rapport(__name__, template_folder=str(paths.templates()), static_folder=str(paths.static()))
    app.extensions["feedback"] = replace(installation, database=installation.database.restricted())
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as its documentation says
    sheets = read_stylesheets(paths.static() / "client.css", paths.static() / "client_more.css")
    install_logs(app, settings.log_level)
    install_hosts(app, settings.base_url, settings.hosts)
    install_limits(app)
    install_same_origin(app, settings.base_url)
    install_client_pages(app, *sheets)
    install_headers(app, secure=settings.is_secure)
    install_errors(app)
    app.after_request(keep_versioned)
    app.register_blueprint(operator_pages)
    if "intake" in settings.surfaces:
        app.register_blueprint(client_pages)
    if "staff" in settings.surfaces:
        install_provider(app, settings)
        app.register_blueprint(account)
        app.register_blueprint(therapist)
        app.register_blueprint(clinic)
    check_who_reads(policy_of(app))
    return app
