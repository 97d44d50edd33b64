"""A DNS server on loopback, in the DNS's own words over UDP, for tests of what asks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

__all__ = ["DnsServer", "serving"]

_TTL = 60


class DnsServer(asyncio.DatagramProtocol):
    """Answers from `records`; a name without any is not there.

    Args:
        silent: names that it does not answer for.
        failing: names that it answers with an error for.

    """

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.failing: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._transport: asyncio.DatagramTransport | None = None

    def zone(self, name: str, address: str) -> None:
        """Have a zone, whose only name server is at an address."""
        self.records[name, "SOA"] = [f"ns.{name}. admin.{name}. 1 60 60 60 60"]
        self.records[name, "NS"] = [f"ns.{name}."]
        self.records[f"ns.{name}", "A"] = [address]

    def text(self, name: str, *values: str) -> None:
        """Publish TXT records in the place of others."""
        self.records[name, "TXT"] = [f'"{value}"' for value in values]
        if not values:
            del self.records[name, "TXT"]

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as its docs say
        """Keep what answers are sent by."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        """Answer one question."""
        query = dns.message.from_wire(data)
        (question,) = query.question
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent or self._transport is None:
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        if name in self.failing:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.records.get((name, kind)):
            response.answer.append(dns.rrset.from_text(question.name, _TTL, "IN", kind, *found))
        elif alias := self.records.get((name, "CNAME")):
            response.answer.append(dns.rrset.from_text(question.name, _TTL, "IN", "CNAME", *alias))
            target = alias[0].removesuffix(".")
            if found := self.records.get((target, kind)):
                response.answer.append(dns.rrset.from_text(dns.name.from_text(target), _TTL, "IN", kind, *found))
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        self._transport.sendto(response.to_wire(), addr)


@asynccontextmanager
async def serving(*addresses: str) -> AsyncIterator[tuple[int, list[DnsServer]]]:
    """Serve at each of some loopback addresses, all on one port, and give that and the servers."""
    loop, port, transports, servers = asyncio.get_running_loop(), 0, [], []
    for address in addresses:
        transport, server = await loop.create_datagram_endpoint(DnsServer, local_addr=(address, port))
        port = transport.get_extra_info("sockname")[1]
        transports.append(transport)
        servers.append(server)
    try:
        yield port, servers
    finally:
        for transport in transports:
            transport.close()
