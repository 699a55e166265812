"""What the organisation's provider publishes about itself (OpenID Connect Discovery 1.0), and the keys it signs with.

Asked in bounded time and size, over an encrypted line, and never by way of another address.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

from feedback.domain.errors import ProviderAway

TIMEOUT_SECONDS = (3.05, 5)
"""To connect, and between two pieces of the answer."""

AWAY = (
    "Your organisation’s sign-in does not answer just now. Please try again in a minute, or sign in with a password if "
    "your account has one."
)
_OTHER_NAME = "Set FEEDBACK_OIDC_ISSUER to the letter as it calls itself, if that is your provider."
_UNTRUSTED = "Give it a certificate this machine trusts, or add its authority to the system's list."
_LARGEST = 512 * 1024


def discover(issuer: str) -> dict[str, Any]:
    """Return what the provider says of itself. Raises `ProviderAway`, also when it is not who it should be."""
    says = _fetch(where(issuer))
    if says.get("issuer") != issuer:
        raise ProviderAway(AWAY, f"it calls itself {str(says.get('issuer'))[:200]!r}", _OTHER_NAME)
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _is_safe(says.get(name), issuer):
            raise ProviderAway(AWAY, f"it names no address over https as its {name}")
    return says


def where(issuer: str) -> str:
    """Return the address at which a provider says what it is."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def fetch_keys(says: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the keys that a provider signs with. Raises `ProviderAway`."""
    keys = _fetch(says["jwks_uri"]).get("keys")
    if not isinstance(keys, list):
        raise ProviderAway(AWAY, "it publishes no list of keys")
    return [key for key in keys if isinstance(key, dict)]


def _is_safe(address: object, issuer: str) -> bool:
    """Return whether an address is encrypted; plain http only where the issuer itself is on this very machine."""
    return isinstance(address, str) and address.startswith(("https://", f"{urlsplit(issuer).scheme}://"))


def _fetch(address: str) -> dict[str, Any]:
    """Return a JSON object that is at an address. Raises `ProviderAway`."""
    try:
        with requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer:
            body = next(answer.iter_content(_LARGEST), b"")
            is_whole = next(answer.iter_content(1), None) is None
        if answer.status_code != 200:
            raise ProviderAway(AWAY, f"{address} answers with status {answer.status_code}")
        found = json.loads(body) if is_whole else None
    except requests.exceptions.SSLError:
        raise ProviderAway(AWAY, f"the certificate of {address} is not trusted here", _UNTRUSTED) from None
    except requests.RequestException:
        raise ProviderAway(AWAY, f"{address} does not answer") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(AWAY, f"{address} holds no JSON object of bearable size")
    return found
