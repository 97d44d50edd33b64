"""The sender port: what the real one and the fake promise alike, and what the real one does with hostile receivers."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from paylinks_adapters.fakes import FakeSender
from paylinks_adapters.public_addresses import is_callable
from paylinks_adapters.sender import HttpSender
from paylinks_ports.services import Reply, Sender

from ..receivers import Receiver

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=b\r\nx-token: t\r\nx-a: b\r\n\r\nok"


async def resolve_here(host: str, port: int) -> list[str]:
    """Have every name lead to this machine."""
    del host, port
    return ["127.0.0.1"]


@pytest.fixture
async def sender() -> AsyncIterator[HttpSender]:
    """Open a sender that may call this machine."""
    opened = HttpSender(allow_private=True, resolve=resolve_here, seconds=5)
    yield opened
    await opened.close()


async def post(sender: Sender, url: str) -> Reply:
    """Post something."""
    return await sender.post(url, b'{"a":1}', {"content-type": "application/json", "webhook-id": "evt_1"})


@pytest.mark.parametrize("kind", ["fake", "http"])
async def test_both_keep_the_ports_promises(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """2xx is received, all else is not, what is private is refused when saved and when sent, and nothing raises."""
    del monkeypatch

    async def resolve(host: str, port: int) -> list[str]:
        del port
        return ["10.0.0.1" if host.endswith(".internal") else "127.0.0.1"]

    async with Receiver(OK).open() as up, Receiver(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n").open() as broken:
        urls = [
            f"http://{name}.example:{port}/" for name, port in (("up", up.port), ("broken", broken.port), ("down", 9))
        ]
        fake = FakeSender()
        fake.replies[urls[1]] = [Reply(status=500)]
        fake.down.add(urls[2])
        http = HttpSender(allow_private=False, resolve=resolve)
        sender: Sender = fake
        if kind == "http":
            sender = http
            assert (await post(sender, urls[0])).error  # loopback is refused
            await http.close()
            sender = http = HttpSender(allow_private=True, resolve=resolve_here)
        assert [(await post(sender, url)).status for url in urls] == [200, 500, None]
        assert [(await post(sender, url)).received for url in urls[:1] + urls[2:]] == [True, False]
        assert (await post(sender, urls[2])).error
        assert await sender.refusal(urls[0]) is None
        if kind == "http":
            await http.close()
            sender = http = HttpSender(allow_private=False, resolve=resolve)
        assert "private" in (await sender.refusal("https://db.internal/") or "")
        refused = await post(sender, "https://db.internal/")
        assert not refused.received
        assert refused.error
        await http.close()


async def test_the_request_is_what_was_asked_for(sender: HttpSender) -> None:
    """Path, query, host, headers and body arrive; of the answer no cookie and nothing named for a secret is kept."""
    async with Receiver(OK).open() as receiver:
        reply = await post(sender, f"http://shop.example:{receiver.port}/a/b?c=d#e")

    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /a/b?c=d HTTP/1.1"
    assert f"host: shop.example:{receiver.port}" in [line.lower() for line in lines]
    assert [line for line in lines if line.lower().startswith("host:")] == [f"host: shop.example:{receiver.port}"]
    assert "webhook-id: evt_1" in lines
    assert body == b'{"a":1}'
    assert (reply.status, reply.body, reply.received) == (200, "ok", True)
    assert reply.headers == {"content-length": "2", "x-token": "[redacted]", "x-a": "b"}


async def test_no_redirect_is_followed(sender: HttpSender) -> None:
    """Wherever it leads, it is a failure."""
    async with Receiver(OK).open() as other:
        to = f"HTTP/1.1 307 X\r\nlocation: http://127.0.0.1:{other.port}/\r\ncontent-length: 0\r\n\r\n"
        async with Receiver(to.encode()).open() as receiver:
            reply = await post(sender, f"http://a.example:{receiver.port}/")

    assert (reply.status, reply.received, other.requests) == (307, False, [])


async def test_who_hangs_is_given_up() -> None:
    """Before the answer or within its head: no answer in time."""
    silent = HttpSender(allow_private=True, resolve=resolve_here, seconds=0.2)

    async def hang(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nx-half: ")
        await writer.drain()
        await asyncio.Event().wait()

    async with Receiver(hang).open() as receiver:
        reply = await post(silent, f"http://a.example:{receiver.port}/")

    assert (reply.received, reply.error) == (False, "No answer within 0.2 seconds")
    await silent.close()


async def test_who_hangs_within_the_body_has_received_it() -> None:
    """The status says so; the rest is not waited for."""
    short = HttpSender(allow_private=True, resolve=resolve_here, seconds=0.3)

    async def hang(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        await writer.drain()
        await asyncio.Event().wait()

    async with Receiver(hang).open() as receiver:
        reply = await post(short, f"http://a.example:{receiver.port}/")

    assert (reply.received, reply.body) == (True, "half")
    await short.close()


@pytest.mark.parametrize("packed", [b"", b"content-encoding: gzip\r\n"])
async def test_of_a_huge_answer_only_the_beginning_is_read(sender: HttpSender, packed: bytes) -> None:
    """It was received; whatever the rest is, it is not taken into memory, nor unpacked."""
    written = 0

    async def flood(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        del head
        writer.write(b"HTTP/1.1 200 OK\r\n" + packed + b"content-length: 41943040\r\n\r\n")
        for _ in range(640):
            writer.write(b"x" * 65_536)
            await writer.drain()
            written += 65_536

    async with Receiver(flood).open() as receiver:
        reply = await post(sender, f"http://a.example:{receiver.port}/")

    assert reply.received
    assert reply.body == "x" * 2_000
    assert written < 640 * 65_536


async def test_an_answer_cut_off_within_its_body_is_received(sender: HttpSender) -> None:
    """What it is was told by its status."""
    async with Receiver(b"HTTP/1.1 204 OK\r\ncontent-length: 9\r\n\r\nhalf").open() as receiver:
        reply = await post(sender, f"http://a.example:{receiver.port}/")

    assert reply.received


@pytest.mark.parametrize("nonsense", [b"", b"hello\r\n\r\n", b"HTTP/1.1 99999 X\r\n\r\n", b"\x00" * 100])
async def test_nonsense_is_a_failure(sender: HttpSender, nonsense: bytes) -> None:
    """Whatever comes back that is no HTTP."""
    async with Receiver(nonsense).open() as receiver:
        reply = await post(sender, f"http://a.example:{receiver.port}/")

    assert not reply.received
    assert reply.error


async def test_who_is_busy_may_say_for_how_long(sender: HttpSender) -> None:
    """In seconds."""
    async with Receiver(b"HTTP/1.1 503 X\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n").open() as receiver:
        assert (await post(sender, f"http://a.example:{receiver.port}/")).retry_after == 120_000


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "http:///",
        "http://user:password@a.example/",
        "http://a.example:99999/",
        "nonsense",
        "http://[::1/",
        "http://" + "a" * 300 + ".example/",
    ],
)
async def test_odd_addresses_are_refused(sender: HttpSender, url: str) -> None:
    """When saved where it can be known then, and when sent in any case."""
    reply = await post(sender, url)
    assert not reply.received
    assert "password" not in (reply.error or "") or "holds" in (reply.error or "")


async def test_every_address_of_a_name_is_checked() -> None:
    """One private address among public ones is enough to refuse; and a name is looked up anew for each post."""
    answers = [["93.184.216.34"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"]]
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return answers[len(asked) - 1]

    sender = HttpSender(allow_private=False, resolve=resolve)
    assert await sender.refusal("http://rebind.example/") is None
    async with Receiver(OK).open() as receiver:
        for _ in range(3):
            reply = await post(sender, f"http://rebind.example:{receiver.port}/")
            assert reply.error == "The address leads into a private or reserved network"
    assert receiver.requests == []
    assert len(asked) == 4
    await sender.close()


async def test_the_systems_resolver_is_asked_and_checked() -> None:
    """Names and odd spellings of this machine's own address lead nowhere."""
    sender = HttpSender(allow_private=False)
    hosts = ("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "0.0.0.0", "[::ffff:7f00:1]")  # noqa: S104 - to refuse
    for host in hosts:
        assert await sender.refusal(f"http://{host}/") is not None, host
        assert not (await post(sender, f"http://{host}:9/")).received
    await sender.close()
    open_to_all = HttpSender(allow_private=True)
    async with Receiver(OK).open() as receiver:
        assert (await post(open_to_all, f"http://localhost:{receiver.port}/")).received
    await open_to_all.close()


async def test_another_address_is_tried_where_nothing_was_sent() -> None:
    """A name may have an address that nobody serves."""

    async def resolve(host: str, port: int) -> list[str]:
        del host, port
        return ["::1", "127.0.0.1"]

    sender = HttpSender(allow_private=True, resolve=resolve)
    async with Receiver(OK).open() as receiver:
        assert (await post(sender, f"http://a.example:{receiver.port}/")).received
    await sender.close()


def make_certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for a name: what a server shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    client = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
    return server, client


async def test_the_certificate_is_the_names(tmp_path: Path) -> None:
    """It is called by address, and shown to be the host of the URL; another host there is refused, each time anew."""
    server, client = make_certificate(tmp_path, "hook.example")
    names: list[str | None] = []

    def saw(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
        names.append(name)

    server.sni_callback = saw
    sender = HttpSender(allow_private=True, resolve=resolve_here, verify=client)
    async with Receiver(OK).open(server) as receiver:
        assert (await post(sender, f"https://hook.example:{receiver.port}/")).received
        wrong = await post(sender, f"https://other.example:{receiver.port}/")
        assert (await post(sender, f"https://hook.example:{receiver.port}/")).received
    assert wrong.error == "The connection failed (ConnectError)"
    assert names == ["hook.example", "other.example", "hook.example"]
    assert len(receiver.requests) == 2
    usual = HttpSender(allow_private=True, resolve=resolve_here)
    async with Receiver(OK).open(server) as receiver:
        assert not (await post(usual, f"https://hook.example:{receiver.port}/")).received  # nobody trusts it
    await sender.close()
    await usual.close()


_BAD = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.255.255.254 169.254.0.1 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:10.0.0.1 ::ffff:127.0.0.1
::ffff:169.254.169.254 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:a00:1:: 2002:7f00:1:: 3fff::1 fc00::1
fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1 localhost 127.1
"""
_GOOD = "1.1.1.1 8.8.8.8 93.184.216.34 172.15.0.1 172.32.0.1 ::ffff:8.8.8.8 2606:4700::1111 2a00:1450::1"


@pytest.mark.parametrize("address", _BAD.split())
def test_is_no_address_to_call(address: str) -> None:
    """Nothing that leads into a network, to many, to this machine, or nowhere."""
    assert not is_callable(address)


@pytest.mark.parametrize("address", _GOOD.split())
def test_is_an_address_to_call(address: str) -> None:
    """What is given out to somebody in the world."""
    assert is_callable(address)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("192.168.1.1", True),
        ("172.20.0.1", True),
        ("fd00::1", True),
        ("::ffff:127.0.0.1", True),
        ("1.1.1.1", True),
        ("169.254.169.254", False),
        ("::ffff:169.254.169.254", False),
        ("fe80::1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("2002:7f00:1::", False),
    ],
)
def test_what_development_allows(address: str, *, allowed: bool) -> None:
    """Loopback and private networks, and never where a cloud keeps its credentials."""
    assert is_callable(address, private=True) is allowed
