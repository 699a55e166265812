"""Talking to the provider: where it is, which keys it signs with, and whom a code stands for.

Nothing is asked before somebody wants to sign in, so that a provider that is down keeps no server from starting. What
it says about itself is kept for an hour, its keys until a token names one that is not among them.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from feedback.domain.clock import Clock
from feedback.domain.errors import ProviderAway, ProviderRefused
from feedback.security.provider.id_token import UNTRUSTED, Expected, KeyUnknown, check_id_token
from feedback.security.provider.oidc_discovery import AWAY, TIMEOUT_SECONDS, discover, fetch_keys
from feedback.security.provider.oidc_identity import Vouched
from feedback.security.provider.oidc_state import Attempt

KNOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Registration:
    """How this product is known at the provider. `back` is the one address it sends people back to."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    groups_claim: str
    back: str


class Provider:
    """The provider that the settings name. Safe to share between threads."""

    def __init__(self, registration: Registration) -> None:
        self._us = registration
        self._known: tuple[datetime, dict[str, Any]] | None = None
        self._keys: Sequence[Mapping[str, Any]] = ()

    @property
    def host(self) -> str:
        """Return its name, as people know it from their browser."""
        return urlsplit(self._us.issuer).netloc

    def address_for(self, attempt: Attempt, clock: Clock) -> str:
        """Return the address that a browser leaves for. Raises `ProviderAway`."""
        anew = {"prompt": "login", "max_age": "0"} if attempt.purpose.is_asked_anew else {}
        with self._session("none") as session:
            address, _ = session.create_authorization_url(
                self._says(clock)["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
                **anew,
            )
        return str(address)

    def vouch(self, attempt: Attempt, *, code: str, issuer: str | None, clock: Clock) -> Vouched:
        """Return whom the code stands for that came back with an attempt, and `issuer` beside it (RFC 9207).

        Raises `ProviderRefused`, or `ProviderAway` when it does not answer.
        """
        says = self._says(clock)
        is_named = says.get("authorization_response_iss_parameter_supported") is True
        if issuer is None and not is_named:
            issuer = self._us.issuer
        if issuer is None or not hmac.compare_digest(issuer.encode(), self._us.issuer.encode()):
            raise ProviderRefused(UNTRUSTED, "another provider answered")
        return self._read(self._redeem(says, attempt, code), attempt, clock)

    def _read(self, answer: Mapping[str, Any], attempt: Attempt, clock: Clock) -> Vouched:
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise ProviderRefused(UNTRUSTED, "no ID token")
        expected = Expected(
            issuer=self._us.issuer,
            client_id=self._us.client_id,
            now=int(clock.now().timestamp()),
            nonce=attempt.nonce,
            access_token=access if isinstance(access, str) else None,
            begun=attempt.begun if attempt.purpose.is_asked_anew else None,
        )
        try:
            claims = check_id_token(token, self._keys, expected)
        except KeyUnknown:
            self._keys = fetch_keys(self._says(clock))
            claims = check_id_token(token, self._keys, expected)
        groups = claims.get(self._us.groups_claim)
        means = _words(claims.get("amr")) | _words(claims.get("acr"))
        return Vouched(self._us.issuer, claims["sub"], None if groups is None else _words(groups), means)

    def _redeem(self, says: Mapping[str, Any], attempt: Attempt, code: str) -> Mapping[str, Any]:
        """Turn the code into tokens. Raises `ProviderRefused` when the provider does not know it."""
        ways = says.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        try:
            with self._session(way) as session:
                answer: dict[str, Any] = session.fetch_token(
                    says["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
        except OAuthError:
            raise ProviderRefused(UNTRUSTED, "code refused by the provider") from None
        except (requests.RequestException, ValueError):
            raise ProviderAway(AWAY, "it does not turn a code into tokens") from None
        return answer

    def _says(self, clock: Clock) -> dict[str, Any]:
        """Return what the provider says about itself, not older than an hour. Raises `ProviderAway`."""
        if self._known is None or clock.now() - self._known[0] >= KNOWN_FOR:
            self._known = (clock.now(), discover(self._us.issuer))
        return self._known[1]

    def _session(self, way: str) -> Any:
        return OAuth2Session(
            self._us.client_id,
            self._us.client_secret,
            scope=self._us.scope,
            redirect_uri=self._us.back,
            token_endpoint_auth_method=way,
            code_challenge_method="S256",
        )


def _words(value: object) -> frozenset[str]:
    """Read a claim that is a text or a list of texts."""
    listed = value if isinstance(value, list) else [value]
    return frozenset(one for one in listed if isinstance(one, str))
