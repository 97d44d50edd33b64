"""The first proof that an account's address is somebody's: whoever registered it before is out, by every way in."""

import pyotp
import pytest

from .conftest import Client
from .people import PASSWORD, Person, newcomer, newest_mail, proven
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

ADDRESS = "victim@corp.example"
ANOTHER = "the victim's own password"


@pytest.fixture
def client(either_client: Client) -> Client:
    """Run all of it on each kind of database."""
    return either_client


async def _thieves(client: Client) -> tuple[Person, Person, str]:
    """Register an address that is another's, with a second factor; sign in twice, and keep a recovery code."""
    here = await newcomer(client, ADDRESS, "Trap")
    app = pyotp.TOTP((await here.get("/api/auth/2fa/setup"))["secret"])
    codes = (await here.post("/api/auth/2fa/confirm", {"code": app.now()}))["recoveryCodes"]
    there = Person(client.app)
    await there.sign_in(ADDRESS)
    await there.post("/api/auth/2fa/verify", {"recoveryCode": codes[0]})
    return here, there, codes[1]


async def _mailed(client: Client, path: str) -> str:
    """Ask for a mail, and read the token in it."""
    await Person(client.app).post(path, {"email": ADDRESS})
    return (await newest_mail(client))[1]


async def _enter(client: Client) -> Person:
    """Sign in by a magic link."""
    owner, token = Person(client.app), await _mailed(client, "/api/auth/magic-link")
    answer = await owner.http.get("/api/auth/magic-link/verify", params={"token": token})
    assert answer.headers["location"] == "/admin"
    return owner


async def _assert_out(client: Client, *thieves: Person) -> None:
    for thief in thieves:
        assert not (await thief.get("/api/admin/auth"))["authenticated"]
    body = {"email": ADDRESS, "password": PASSWORD}
    assert_error(await Person(client.app).call("POST", "/api/admin/auth", body), 401, "invalid_credentials")


async def _assert_told(owner: Person) -> None:
    (entry,) = await owner.get("/api/admin/audit-log?search=address.proven")
    assert entry["changes"] == {"password": "removed", "secondFactor": "removed", "sessions": 2}
    assert entry["ip"] == "127.0.0.1"


async def test_a_magic_link_leaves_no_key_with_whoever_registered(client: Client) -> None:
    """Sessions, password, second factor and recovery codes are void; the mail says so before."""
    here, there, _ = await _thieves(client)
    owner = await _enter(client)
    await _assert_out(client, here, there)
    await _assert_told(owner)
    assert "ends every session" in (await newest_mail(client))[0]
    token = await _mailed(client, "/api/auth/password/reset")
    await owner.post("/api/auth/password/reset/confirm", {"token": token, "password": ANOTHER})
    assert "session" in await owner.sign_in(ADDRESS, ANOTHER)


async def test_a_reset_leaves_no_key_either(client: Client) -> None:
    """The second factor of whoever registered would lock out the owner, and its recovery codes let the other in."""
    here, there, _ = await _thieves(client)
    token = await _mailed(client, "/api/auth/password/reset")
    owner = Person(client.app)
    await owner.post("/api/auth/password/reset/confirm", {"token": token, "password": ANOTHER})
    await _assert_out(client, here, there)
    assert "session" in await owner.sign_in(ADDRESS, ANOTHER)
    await _assert_told(owner)


async def test_an_invitation_leaves_no_key_either(client: Client) -> None:
    """Whoever reads it sets a password of their own, and need not know the one that was there."""
    here, there, _ = await _thieves(client)
    admin = await newcomer(client, "ada@example.com")
    await admin.post("/api/admin/users", {"email": ADDRESS, "name": "Victim", "role": "admin"}, status=201)
    _, token = await newest_mail(client)
    owner = Person(client.app)
    data = await owner.post("/api/auth/invitation/accept", {"token": token, "password": ANOTHER})
    assert data["session"]["organizationId"] == admin.session["organizationId"]
    await _assert_out(client, here, there)
    await _assert_told(owner)
    assert "session" in await owner.sign_in(ADDRESS, ANOTHER)


async def test_a_proof_later_takes_nothing(client: Client) -> None:
    """Of an account whose address was proven, a magic link ends no session and keeps password and second factor."""
    here = await proven(client, ADDRESS)
    await _enter(client)
    assert "ends every session" not in (await newest_mail(client))[0]
    assert (await here.get("/api/admin/auth"))["authenticated"]
    await Person(client.app).sign_in(ADDRESS)


async def test_a_sign_in_under_way_is_out_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that was right when it was checked opens nothing once it was taken away."""
    thief = await newcomer(client, ADDRESS, "Trap")
    passwords = client.app.house.passwords
    verify = passwords.verify

    async def slow(password: str, password_hash: str | None) -> bool:
        right = await verify(password, password_hash)
        await _enter(client)
        return right

    with monkeypatch.context() as patched:
        patched.setattr(passwords, "verify", slow)
        answer = await thief.call("POST", "/api/admin/auth", {"email": ADDRESS, "password": PASSWORD})
    assert_error(answer, 401, "invalid_credentials")
    await _assert_out(client, thief)
