"""Which network addresses may be called for a customer of the platform, who may name any."""

import ipaddress

__all__ = ["is_callable"]

# What `is_global` leaves in, or says differently in one release of Python and the next: protocol assignments, relays.
_REFUSED_4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
    )
)
# Of IPv6 only what is given out is called, without the ranges that lead to IPv4 addresses or are for documents.
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
)


def is_callable(address: str, *, private: bool = False) -> bool:
    """Say whether an address may be called.

    Args:
        address: in digits, as a resolver gives it.
        private: loopback and private networks too; never link-local ones, where clouds keep their credentials.

    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if private and any(found in network for network in _PRIVATE if network.version == found.version):
        return True
    if isinstance(found, ipaddress.IPv4Address):
        refused = found.is_multicast or found.is_reserved or any(found in network for network in _REFUSED_4)
    else:
        refused = found not in _GIVEN_OUT or any(found in network for network in _REFUSED_6)
    return found.is_global and not refused
