"""Judging an ID token (OpenID Connect Core 1.0 §3.1.3.7): whose signature, for whom, for which attempt, since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError

from feedback.domain.errors import ProviderRefused

ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
"""The only signatures that are taken, and the kind of key each needs: nothing shared (HS256), nothing unsigned."""

LEEWAY_SECONDS = 60
"""How far the provider's clock may be from ours."""

UNTRUSTED = (
    "What your organisation’s sign-in sent cannot be trusted, so nobody was signed in. Please begin again. If it "
    "happens once more, tell whoever runs the server of your clinic."
)
REASONS = {"iss": "wrong issuer", "aud": "wrong audience", "azp": "wrong audience", "nonce": "wrong nonce"}


class KeyUnknown(ProviderRefused):
    """Signed with a key that is not among the provider's known ones: they may have been changed since."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to say. `begun`: since when the person must have signed in there, where that matters."""

    issuer: str
    client_id: str
    now: int
    nonce: str = field(repr=False)
    access_token: str | None = field(default=None, repr=False)
    begun: int | None = None


def check_id_token(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """Return the claims of a token that is signed by one of the keys and says what is expected.

    Raises `KeyUnknown` when none of the keys is the one it names, and `ProviderRefused` for anything else.
    """
    header, claims = _signed(token, keys)
    options = {"iss": {"essential": True, "value": expected.issuer}, "aud": {"essential": True}}
    params = {"client_id": expected.client_id, "nonce": expected.nonce, "access_token": expected.access_token}
    try:
        CodeIDToken(claims, header, options, params).validate(expected.now, LEEWAY_SECONDS)
    except ExpiredTokenError:
        raise ProviderRefused(UNTRUSTED, "expired") from None
    except (InvalidClaimError, MissingClaimError) as error:
        raise ProviderRefused(UNTRUSTED, REASONS.get(error.claim, "malformed ID token")) from None
    except (JoseError, ValueError, TypeError):
        raise ProviderRefused(UNTRUSTED, "malformed ID token") from None
    _check_for_us(claims, expected)
    return claims


def _check_for_us(claims: dict[str, Any], expected: Expected) -> None:
    """Check what the library leaves to its user. Raises `ProviderRefused`."""
    audience = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
    if expected.client_id not in audience:
        raise ProviderRefused(UNTRUSTED, "wrong audience")
    if claims["iat"] > expected.now + LEEWAY_SECONDS or claims["iat"] < expected.now - 600 - LEEWAY_SECONDS:
        raise ProviderRefused(UNTRUSTED, "expired")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ProviderRefused(UNTRUSTED, "malformed ID token")
    if expected.begun is not None and (claims.get("auth_time") or 0) < expected.begun - LEEWAY_SECONDS:
        raise ProviderRefused(
            "Your organisation’s sign-in did not ask who you are just now. Please begin again and sign in there anew.",
            "not asked anew",
        )


def usable_keys(keys: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return those of a provider's keys that a token of ours could be signed with, and that can be read."""
    return [key for key in keys if any(_fits(key, None, kind) for kind in ALGORITHMS.values()) and _is_key(key)]


def _signed(token: str, keys: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token whose signature is right."""
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError):
        raise ProviderRefused(UNTRUSTED, "malformed ID token") from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise ProviderRefused(UNTRUSTED, "signature not allowed")
    fitting = [key for key in keys if _fits(key, header.get("kid"), ALGORITHMS[algorithm])]
    if not fitting:
        raise KeyUnknown(UNTRUSTED, "unknown key")
    for key in fitting:
        try:
            read = jwt.decode(token, jwk.import_key(dict(key)), algorithms=[algorithm])
        except (JoseError, ValueError, TypeError):
            continue
        return dict(read.header), dict(read.claims)
    raise ProviderRefused(UNTRUSTED, "wrong signature")


def _fits(key: Mapping[str, Any], named: object, kind: str) -> bool:
    return key.get("kty") == kind and key.get("use", "sig") == "sig" and (named is None or key.get("kid") == named)


def _is_key(key: Mapping[str, Any]) -> bool:
    try:
        return bool(jwk.import_key(dict(key)))
    except (JoseError, ValueError, TypeError):
        return False
