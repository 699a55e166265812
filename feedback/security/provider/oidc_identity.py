"""Whom a provider vouches for."""

from dataclasses import dataclass

from feedback.security.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person as the provider knows them: issuer and subject together, and nothing else, say who it is.

    An e-mail address is not read: addresses are given to other people, and some providers let anybody claim one.
    `groups` is None where the ID token does not name any. `means` holds the values of `amr` and `acr`.
    """

    issuer: str
    subject: str
    groups: frozenset[str] | None
    means: frozenset[str]


def identity_hash(keyring: Keyring, vouched: Vouched) -> bytes:
    """Return the hash an account is found by; the database never holds who somebody is at the provider."""
    return keyring.hash("codes", "identity", vouched.issuer, vouched.subject)
