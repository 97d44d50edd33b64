"""Asking the DNS for TXT records: the zone's own servers first, whose answer no cache has aged."""

import ipaddress
from typing import TYPE_CHECKING

from paylinks_ports.services import TextRecords

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

__all__ = ["DnsResolver"]

_SECONDS = 3.0
_MOST_SERVERS = 3


class DnsResolver:
    """The real one; see the port."""

    def __init__(self, servers: tuple[str, ...] = (), *, port: int = 53, allow_private: bool = False) -> None:
        """Use the system's own servers where none are named.

        Args:
            servers: addresses of recursive servers.
            port: of these and of zones' own servers.
            allow_private: a zone's own servers may be inside our network.

        """
        self._servers = servers
        self._port = port
        self._allow_private = allow_private

    async def texts(self, name: str) -> TextRecords:
        """Read the TXT records of a name."""
        from dns.exception import DNSException  # here, as dnspython takes 0.1 s to load
        from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, NoNameservers

        try:
            recursive = self._resolver(self._servers)
            try:
                return TextRecords(values=await self._own_words(recursive, name))
            except NXDOMAIN:
                raise
            except (DNSException, OSError):  # they may be away, or know the name as an alias of another zone's
                return TextRecords(values=await _ask(recursive, name))
        except (NXDOMAIN, NoAnswer):
            return TextRecords(values=())
        except LifetimeTimeout:
            return TextRecords(problem="the DNS did not answer in time")
        except NoNameservers:
            return TextRecords(problem="the domain's DNS servers answer with an error")
        except (DNSException, OSError, ValueError):
            return TextRecords(problem="the DNS could not be asked")

    async def _own_words(self, recursive: "Resolver", name: str) -> tuple[str, ...]:
        """Ask the servers of the zone that the name is in."""
        from dns.asyncresolver import zone_for_name
        from dns.exception import DNSException

        zone = await zone_for_name(name, resolver=recursive)
        servers: list[str] = []
        for record in list(await recursive.resolve(zone, "NS"))[:_MOST_SERVERS]:
            try:
                found = await recursive.resolve(record.target, "A")
            except DNSException:
                continue
            servers += [address.address for address in found if self._may_ask(address.address)]
        if not servers:
            raise DNSException
        return await _ask(self._resolver(tuple(servers[:_MOST_SERVERS])), name)

    def _may_ask(self, address: str) -> bool:
        """Refuse what a zone's owner must not have us send to: anything inside our own network."""
        return self._allow_private or ipaddress.ip_address(address).is_global

    def _resolver(self, servers: tuple[str, ...]) -> "Resolver":
        from dns.asyncresolver import Resolver

        resolver = Resolver(configure=not servers)
        if servers:
            resolver.nameservers = list(servers)
            resolver.port = self._port
        resolver.lifetime = _SECONDS
        return resolver


async def _ask(resolver: "Resolver", name: str) -> tuple[str, ...]:
    answer = await resolver.resolve(name, "TXT", search=False)
    return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
