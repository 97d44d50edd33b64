"""The machines of signing in: password hashes, one-time codes, throttles and mail."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable

import pyotp
import pytest

from paylinks_adapters.fakes import FakeClock
from paylinks_adapters.mail import SmtpMailer
from paylinks_adapters.passwords import ArgonPasswords
from paylinks_adapters.rate_limits import MemoryRateLimiter, RateLimiter, RedisRateLimiter
from paylinks_adapters.throttles import CountingThrottle
from paylinks_adapters.totp import TotpCodes
from paylinks_ports.records.mails import Mail

pytestmark = pytest.mark.anyio

MAIL = Mail(
    id="mail_1", recipient="ada@example.com", subject="Grüße", text="https://x.example/?token=a\n", created_at=1
)


async def test_passwords() -> None:
    """One is itself and no other; nobody's is never right; what was hashed more cheaply is outdated."""
    passwords, cheap = ArgonPasswords(), ArgonPasswords(memory_kib=8 * 1024)
    kept = await passwords.hash("päss wörd")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("päss wörd", kept)
    assert not await passwords.verify("pass word", kept)
    assert not await passwords.verify("päss wörd", None)
    assert not await passwords.verify("the password of nobody", None)
    assert not await passwords.verify("päss wörd", "no hash")
    long = "x" * 1024
    assert not await passwords.verify(long + "y", await passwords.hash(long))
    assert not passwords.outdated(kept)
    old = await cheap.hash("päss wörd")
    assert passwords.outdated(old)
    assert await passwords.verify("päss wörd", old)
    for each in (passwords, cheap):
        each.close()


async def test_hashes_of_one_salt_cost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever is right is found, also among those of other salts and parameters; none at all cost one, too."""
    passwords, cheap, computed = ArgonPasswords(), ArgonPasswords(memory_kib=8 * 1024), list[str]()
    same = [await passwords.hash(f"password {number}", "a secret") for number in range(20)]
    assert len({one.rpartition("$")[0] for one in same}) == 1
    assert await passwords.hash("password 1", "another") not in same
    odd = [
        await passwords.hash("password 7"),
        await cheap.hash("password 7", "a secret"),
        "no hash",
        "$argon2id$x$y$z",
        "",
    ]
    assert await passwords.fitting("password 7", [*same, *odd]) == {same[7], *odd[:2]}
    assert await passwords.fitting("another", [*same, *odd]) == set()
    assert await passwords.verify("password 7", same[7])
    long = "x" * 1024
    assert await passwords.fitting(long + "y", [await passwords.hash(long)]) == set()
    beside = passwords._beside

    async def counted(work: Callable[[], object]) -> object:
        computed.append("once")
        return await beside(work)

    monkeypatch.setattr(passwords, "_beside", counted)
    assert await passwords.fitting("password 7", same) == {same[7]}
    assert await passwords.fitting("password 7", ()) == set()
    assert len(computed) == 2
    for each in (passwords, cheap):
        each.close()


def test_one_time_codes() -> None:
    """A code tells its step, within one step of drift; what is no code is none."""
    codes, now = TotpCodes(), 1_800_000_000
    secret = codes.secret()
    app = pyotp.TOTP(secret)
    assert pyotp.parse_uri(codes.url(secret, "ada@example.com")).issuer == "Paylinks"
    for drift in (-30, 0, 30):
        assert codes.step(secret, app.at(now + drift), now * 1000) == (now + drift) // 30
    for drift in (-60, 60):
        assert codes.step(secret, app.at(now + drift), now * 1000) is None
    for odd in ("", "12345", "1234567", "abcdef", "\uff11" * 6):
        assert codes.step(secret, odd, now * 1000) is None


@pytest.fixture(params=["memory", "redis", "redis away"])
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[RateLimiter]:
    """Open each kind of counter."""
    if request.param == "memory":
        yield MemoryRateLimiter()
        return
    url = os.environ.get("PAYLINKS_TEST_REDIS_URL")
    if request.param == "redis away":
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"redis://127.0.0.1:{taken.getsockname()[1]}"
    if url is None:
        pytest.skip("PAYLINKS_TEST_REDIS_URL names no Redis")
    opened = RedisRateLimiter(url)
    yield opened
    await opened.close()


async def test_a_throttle_holds(limiter: RateLimiter) -> None:
    """Also while what it shares with others is away; a try that is given back is none."""
    clock = FakeClock(1_800_000_000_000 + os.getpid() * 60_000)
    throttle = CountingThrottle(limiter, clock)
    key = f"login:{os.urandom(4).hex()}"
    for _ in range(5):
        assert await throttle.take(key, 2) is None
        await throttle.give_back(key)
    assert await throttle.take(key, 2) is None
    assert await throttle.take(key, 2) is None
    wait = await throttle.take(key, 2)
    assert wait is not None
    assert 1 <= wait <= 60
    clock.move(60_000)
    assert await throttle.take(key, 2) is None


class Mailbox:
    """A mail server that takes what it is given."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.got = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak just enough SMTP."""
        writer.write(b"220 mail\r\n")
        body = False
        while line := (await reader.readline()).decode():
            if body:
                self.got += line
                body = line != ".\r\n"
                answer = b"" if body else b"250 ok\r\n"
            else:
                word = line.split()[0].upper()
                self.said.append(line.strip())
                body = word == "DATA"
                answer = {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(word, b"250 mail\r\n")
            writer.write(answer)
        writer.close()


async def test_mail_is_sent(capfd: pytest.CaptureFixture[str]) -> None:
    """Whole, in UTF-8, to whom it is for; a server that is away is logged without anything of the mail."""
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", "pay.example")
    async with server:
        await mailer.send(MAIL)
    assert "rcpt TO:<ada@example.com>" in box.said
    assert any(line.startswith("mail FROM:<paylinks@pay.example>") for line in box.said)
    assert "Subject: =?utf-8?" in box.got
    assert "token=a" in box.got or "token=3Da" in box.got
    await server.wait_closed()
    await mailer.send(MAIL)
    logged = "".join(capfd.readouterr())
    assert "mail.failed" in logged
    assert "ada@" not in logged
    assert "token" not in logged


async def test_a_password_is_never_sent_in_clear() -> None:
    """A server that offers no TLS gets neither the password nor the mail."""
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await SmtpMailer(f"smtp://user:secret@127.0.0.1:{port}", "pay.example").send(MAIL)
    assert not any(line.upper().startswith(("AUTH", "MAIL", "DATA")) for line in box.said)
