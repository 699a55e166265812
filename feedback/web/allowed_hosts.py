"""Answering under our own names only: an address that leads here by a stranger's name is refused.

Somebody who makes a name of their own point to this machine (DNS rebinding) would otherwise have pages of ours in
their own origin. An IP address, a name without a dot and `localhost` cannot be made to do that.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, abort, request


def install_hosts(app: Flask, base_url: str, further: tuple[str, ...]) -> None:
    """Answer 400 to a request that names another host. Health pages say nothing worth keeping and ask no names."""
    own = urlsplit(base_url)
    names = frozenset({own.hostname or "", *further})
    is_secure = own.scheme == "https"

    @app.before_request
    def refuse_strangers_names() -> None:
        if request.blueprint != "health" and not _is_ours(request.host, names, is_secure=is_secure):
            abort(400)


def _is_ours(host: str, names: frozenset[str], *, is_secure: bool) -> bool:
    """Pass our names at any port, and this machine itself; without https also what a network at home may call us."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if name in names or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or not is_secure
    except ValueError:
        return bool(name) and "." not in name and not is_secure
