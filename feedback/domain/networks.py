"""From which network a request comes: what rate limits and fair queues count by. Addresses are never stored.

One host has one IPv4 address, or one IPv6 /64 in which it may choose any address it likes. Around it lies what one
customer or one site is usually given: an IPv4 /24, an IPv6 /48 (RFC 6177). An IPv6 address that only carries an IPv4
address counts as that one: else everybody behind one translator would be one network.
"""

import ipaddress
from dataclasses import dataclass

UNKNOWN = "unknown"
"""Where no address is known, as over a Unix socket without `FEEDBACK_TRUSTED_PROXIES`."""

_HOST = {4: 32, 6: 64}
_AROUND = {4: 24, 6: 48}

_CARRIES_IPV4 = tuple(
    ipaddress.IPv6Network(prefix)
    for prefix in (
        "::ffff:0:0/96",  # IPv4-mapped (RFC 4291), what a dual-stack socket shows
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64 of an operator's own (RFC 8215), with the address at the end
        "::/96",  # IPv4-compatible (RFC 4291); "::" and "::1" are left as they are
    )
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: `address` is one host's, `network` is what lies around it."""

    address: str
    network: str

    @property
    def is_known(self) -> bool:
        """False where nothing tells one sender from another."""
        return self.network != UNKNOWN


NOWHERE = Origin(UNKNOWN, UNKNOWN)

DEVICE = "device:"
"""How the place of a known device in a fair queue begins: one of its own, whatever network it is in."""


def device_origin(mark: bytes) -> Origin:
    """Return the place in a queue of a browser that its account knows."""
    return Origin(DEVICE + mark.hex(), DEVICE + mark.hex())


def origin_of(address: str | None) -> Origin:
    """Return where an address belongs, however a server or a proxy writes it: with a port, in brackets, mapped."""
    known = _read(address or "")
    if known is None:
        return NOWHERE
    host, around = (
        ipaddress.ip_network((known, prefix[known.version]), strict=False).network_address
        for prefix in (_HOST, _AROUND)
    )
    return Origin(str(host), f"{around}/{_AROUND[known.version]}")


def _read(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = written.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return address if address.version == 4 else _carried(address)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that an IPv6 address carries, else the address itself."""
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if int(address) > 1 and any(address in prefix for prefix in _CARRIES_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
