"""The organisation's sign-in of this installation, if the settings name one."""

from typing import TYPE_CHECKING

from flask import Flask, current_app

from feedback.domain.errors import NotFound
from feedback.settings import Settings
from feedback.web.access import NOT_HERE

if TYPE_CHECKING:
    from feedback.security.provider.client import Provider

_NAME = "feedback.provider"
BACK = "/sign-in/provider/back"
"""The one path the provider sends people back to; with the public address before it, to be registered there."""


def install_provider(app: Flask, settings: Settings) -> None:
    """Make the provider ready to be asked. It is not asked yet: one that is down keeps no server from starting."""
    if not settings.oidc_issuer:
        return
    from feedback.security.provider.client import Provider, Registration  # noqa: PLC0415  an optional part

    app.extensions[_NAME] = Provider(
        Registration(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            scope=settings.oidc_scope,
            groups_claim=settings.oidc_groups_claim,
            back=f"{settings.base_url}{BACK}",
        )
    )


def has_provider() -> bool:
    """Return whether people may sign in through an organisation here."""
    return _NAME in current_app.extensions


def the_provider() -> "Provider":
    """Return the provider. Raises `NotFound` where there is none."""
    if not has_provider():
        raise NotFound(NOT_HERE)
    provider: Provider = current_app.extensions[_NAME]
    return provider
