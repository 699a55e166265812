"""Looking over the organisation's sign-in, where one is set: does it answer, as itself, with keys."""

from collections.abc import Mapping
from typing import Any

from feedback.domain.clock import Clock
from feedback.domain.errors import ProviderAway
from feedback.persistence.clinic.clinics import list_clinics
from feedback.persistence.database import Database
from feedback.persistence.upkeep import examining
from feedback.services.accounts.link_identity import someone_gets_in_alone
from feedback.settings import Settings

_GLASS = "Meanwhile, feedback staff break-glass lets single accounts in with a password."


def examine_provider(settings: Settings, database: Database, _clock: Clock) -> tuple[str, str]:
    """Ask it what it publishes, as a sign-in would, and say what was found and what to do."""
    if not settings.oidc_issuer:
        return "People sign in here: no sign-in of an organisation is set.", ""
    from feedback.security.provider.id_token import usable_keys  # noqa: PLC0415  an optional part
    from feedback.security.provider.oidc_discovery import discover, fetch_keys  # noqa: PLC0415  the same

    try:
        says = discover(settings.oidc_issuer)
        if lacks := _lacks(says):
            return f"{settings.oidc_issuer} cannot be used: {lacks}.", "Change that at the provider."
        keys = usable_keys(fetch_keys(says))
    except ProviderAway as error:
        return f"The organisation's sign-in is not in order: {error.why}.", f"{error.remedy} {_GLASS}"
    if not keys:
        return f"{settings.oidc_issuer} publishes no key for RS256 or ES256.", "Let it sign ID tokens with one."
    return _alone(settings, database, len(keys))


def _lacks(says: Mapping[str, Any]) -> str:
    """Say what a sign-in needs and the provider says it does not do. What it is silent about is left to be seen."""
    signs, proves = says.get("id_token_signing_alg_values_supported"), says.get("code_challenge_methods_supported")
    if isinstance(signs, list) and not {"RS256", "ES256"} & set(map(str, signs)):
        return "it signs ID tokens with neither RS256 nor ES256"
    if isinstance(proves, list) and "S256" not in proves:
        return "it does not take code challenges (PKCE) by S256"
    return ""


def _alone(settings: Settings, database: Database, keys: int) -> tuple[str, str]:
    """Say that it answers; and name the clinics in which nobody could help on a day it does not."""
    with examining.asking(database) as uow:
        shut = [clinic.name for clinic in list_clinics(uow) if not someone_gets_in_alone(uow.within(clinic.id))]
    answers = f"{settings.oidc_issuer} answers, is who it should be and publishes {keys} usable keys."
    if shut:
        return (
            f"{answers} In {', '.join(shut)} no clinic admin could sign in on a day it does not.",
            "Let one: feedback staff break-glass E-MAIL --role clinic-admin, or under People.",
        )
    return answers, ""
