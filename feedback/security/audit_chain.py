"""The links of the audit log's chain."""

from collections.abc import Callable

from feedback.security.keyring import Keyring

Link = Callable[[bytes, tuple[str, ...]], bytes]


def audit_chain(keyring: Keyring) -> Link:
    """Return the function that links a record's parts to the link before it, under the audit key.

    Whoever changes, drops or reorders a record cannot make the links fit again without the key.
    """
    return lambda before, parts: keyring.hash("audit", before.hex(), *parts)
