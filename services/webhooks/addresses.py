"""Which addresses may be connected to: those of the public internet (RFC 6890 and later).

``ipaddress.is_global`` of an older Python knows not every registry entry, and nothing of addresses
that carry another one inside; so the ranges that matter stand here.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_V4_REFUSED = tuple(
    IPv4Network(it)
    for it in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
"""Private, shared, loopback, link-local, for documentation, multicast, reserved."""
_V6_GLOBAL = IPv6Network("2000::/3")
_V6_REFUSED = tuple(
    IPv6Network(it)
    for it in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
"""Of the global unicast addresses: protocols' own (Teredo among them, and 6to4, which RFC 7526
has ended) and for documentation."""
_NAT64 = IPv6Network("64:ff9b::/96")
_FOR_TESTS = tuple(
    ip_network(it)
    for it in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
)
"""What a school's settings may allow: never link-local, where clouds keep their credentials."""


def is_refused(text: str, *, allow_private: bool) -> bool:
    """Whether nothing may be sent to this address; what is no address is refused.

    Args:
        text: an address as the resolver gives it; a zone (``%eth0``) makes it link-local.
        allow_private: the school's settings allow loopback and private networks, for tests.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return True
    carried = _carried(address)
    if allow_private and any(carried in network for network in _FOR_TESTS):
        return False
    if isinstance(carried, IPv4Address):
        return any(carried in network for network in _V4_REFUSED)
    if carried.scope_id is not None or carried not in _V6_GLOBAL:
        return True
    return any(carried in network for network in _V6_REFUSED)


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that a mapped or NAT64 one leads to; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
