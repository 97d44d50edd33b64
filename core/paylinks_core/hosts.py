"""Names of hosts: written in one form, and refused where nobody could own them for a brand."""

import ipaddress
import re

from .errors import InvalidInput

__all__ = ["checked_host", "host_of_header"]

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 240  # 253 less what `_paylinks.` takes
_NOBODYS = frozenset({"alt", "arpa", "home", "internal", "invalid", "lan", "local", "localhost", "onion"})


def checked_host(text: str, own: str) -> str:
    """Write a domain as the DNS does: lower case, xn-- where it has other letters, without a dot at its end.

    Args:
        text: as a person entered it.
        own: the platform's own host, which no brand can have, nor anything below it.

    Raises:
        InvalidInput: it is none that a brand could own.

    """
    host = _ascii(text.strip().removesuffix("."))
    if _is_address(host):
        raise InvalidInput("domain: is an address; a name such as pay.shop.example is needed")
    labels = host.split(".")
    if len(labels) < 2 or len(host) > _LONGEST or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004 - a name and what it is in
        raise InvalidInput("domain: is not a name such as pay.shop.example, without scheme, port or path")
    if labels[-1] in _NOBODYS or labels[-1].isdigit():
        raise InvalidInput("domain: is not in the public DNS")
    if host == own or host.endswith(f".{own}"):
        raise InvalidInput("domain: is this platform's own")
    return host


def _ascii(text: str) -> str:
    if text.isascii():
        return text.lower()
    import idna  # here, because its tables are slow to load

    try:
        return idna.encode(text, uts46=True).decode()
    except idna.IDNAError:
        raise InvalidInput("domain: has letters that no domain can have") from None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def host_of_header(header: str) -> str:
    """Read the host of a `Host` header, without its port; never fails, and what is no host is nobody's."""
    name, colon, port = header.rpartition(":")
    host = name if colon and port.isdigit() else header
    return host.strip().lower().removesuffix(".")
