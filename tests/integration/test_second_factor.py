"""The second factor: on and off, asked for after every way of signing in, each code once, five tries, a lost phone."""

import pyotp
import pytest
import time_machine
from msgspec.structs import replace

from .conftest import Client
from .people import PASSWORD, Person, newcomer, newest_mail, proven
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(either_client: Client) -> Client:
    """Run all of it on each kind of database."""
    return either_client


NOON = 1_795_608_000
VERIFY = "/api/auth/2fa/verify"


async def _enabled(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Turn the second factor on, a minute ago."""
    made = await person.get("/api/auth/2fa/setup")
    assert made["secret"] in made["otpauthUrl"]
    assert made["qrCode"].startswith("data:image/svg+xml")
    assert (await person.get("/api/auth/2fa/setup"))["secret"] == made["secret"]
    app = pyotp.TOTP(made["secret"])
    with time_machine.travel(NOON - 90, tick=False):
        wrong = await person.call("POST", "/api/auth/2fa/confirm", {"code": "000000"})
        assert_error(wrong, 401, "invalid_code")
        data = await person.post("/api/auth/2fa/confirm", {"code": app.at(NOON - 90)})
    assert data["enabled"]
    assert len(set(data["recoveryCodes"])) == 10
    return app, data["recoveryCodes"]


async def _halfway(client: Client) -> Person:
    """Sign in with the password alone."""
    person = Person(client.app)
    assert await person.sign_in("ada@example.com") == {"twoFactorRequired": True}
    return person


@time_machine.travel(NOON, tick=False)
async def test_a_sign_in_is_completed_with_a_code_once(client: Client) -> None:
    """Before it nothing is open; the code used is used up, and so are older ones."""
    app, _ = await _enabled(await newcomer(client, "ada@example.com"))
    person = await _halfway(client)
    assert not (await person.get("/api/admin/auth"))["authenticated"]
    assert_error(await person.call("GET", "/api/admin/users"), 401, "unauthorized")
    halfway = person.cookie
    data = await person.post(VERIFY, {"code": app.at(NOON)})
    assert data["session"]["email"] == "ada@example.com"
    assert person.cookie != halfway
    for at in (NOON, NOON - 30):
        other = await _halfway(client)
        assert_error(await other.call("POST", VERIFY, {"code": app.at(at)}), 401, "invalid_code")
    assert_error(await person.call("POST", VERIFY, {"code": app.at(NOON + 30)}), 401, "unauthorized")
    assert_error(await person.call("GET", "/api/auth/2fa/setup"), 409, "already_enabled")


@time_machine.travel(NOON, tick=False)
async def test_five_wrong_codes_end_the_attempt(client: Client) -> None:
    """Then even the right one is too late."""
    app, _ = await _enabled(await newcomer(client, "ada@example.com"))
    person = await _halfway(client)
    for _ in range(5):
        assert_error(await person.call("POST", VERIFY, {"code": "000000"}), 401, "invalid_code")
    assert_error(await person.call("POST", VERIFY, {"code": app.at(NOON)}), 401, "unauthorized")


@time_machine.travel(NOON, tick=False)
async def test_a_lost_phone(client: Client) -> None:
    """A recovery code, however it is written, works once, and turns the second factor off for a new one."""
    _, codes = await _enabled(await newcomer(client, "ada@example.com"))
    person = await _halfway(client)
    await person.post(VERIFY, {"recoveryCode": codes[0].upper().replace("-", " ")})
    other = await _halfway(client)
    assert_error(await other.call("POST", VERIFY, {"recoveryCode": codes[0]}), 401, "invalid_code")
    off = await person.call("DELETE", "/api/auth/2fa", {"code": codes[1]})
    assert off.json()["data"] == {"enabled": False}
    data = await Person(client.app).sign_in("ada@example.com")
    assert data["session"]


async def test_every_way_in_asks_for_it(client: Client) -> None:
    """A mailed link leads to the second step, and so does a password that was set anew."""
    with time_machine.travel(NOON, tick=False) as now:
        app, _ = await _enabled(await proven(client, "ada@example.com"))
        now.shift(1)
        person = Person(client.app)
        await person.post("/api/auth/magic-link", {"email": "ada@example.com"})
        _, token = await newest_mail(client)
        answer = await person.http.get(f"/api/auth/magic-link/verify?token={token}")
        assert answer.headers["location"] == "/login?step=2fa"
        assert not (await person.get("/api/admin/auth"))["authenticated"]
        await person.post(VERIFY, {"code": app.at(NOON)})
        now.shift(1)
        await person.post("/api/auth/password/reset", {"email": "ada@example.com"})
        _, token = await newest_mail(client)
        await person.post("/api/auth/password/reset/confirm", {"token": token, "password": "another long password"})
        assert await person.sign_in("ada@example.com", "another long password") == {"twoFactorRequired": True}


async def test_sensitive_changes_ask_again_after_an_hour(client: Client) -> None:
    """By the password or a code, and then go through."""
    with time_machine.travel(NOON, tick=False) as now:
        ada = await newcomer(client, "ada@example.com")
        await ada.post("/api/admin/api-keys", {"name": "k"}, status=201)
        now.shift(3601)
        assert_error(await ada.call("POST", "/api/admin/api-keys", {"name": "k"}), 403, "reauthentication_required")
        assert (await ada.call("GET", "/api/admin/api-keys")).status_code == 200
        wrong = await ada.call("POST", "/api/auth/reauthenticate", {"password": "not the password"})
        assert_error(wrong, 401, "invalid_credentials")
        old = ada.cookie
        await ada.post("/api/auth/reauthenticate", {"password": PASSWORD})
        assert ada.cookie != old
        await ada.post("/api/admin/api-keys", {"name": "k"}, status=201)


async def test_sessions_end_by_themselves(client: Client) -> None:
    """After four hours without use, and after a day whatever happens."""
    with time_machine.travel(NOON, tick=False) as now:
        ada = await newcomer(client, "ada@example.com")
        alive = True
        for _ in range(7):
            now.shift(3 * 3600 + 1800)
            alive = (await ada.get("/api/admin/auth"))["authenticated"]
        assert not alive
        await ada.sign_in("ada@example.com")
        now.shift(4 * 3600)
        assert not (await ada.get("/api/admin/auth"))["authenticated"]


@time_machine.travel(NOON, tick=False)
async def test_a_hundred_wrong_codes_in_a_row_leave_the_recovery_codes(client: Client) -> None:
    """Whoever has the password can't guess on for ever; the owner of the recovery codes starts the count anew."""
    ada = await newcomer(client, "ada@example.com")
    app, codes = await _enabled(ada)
    async with client.app.house.parts.units() as work:
        user = await work.users.by_email("ada@example.com")
        assert user is not None
        await work.users.replace(user, replace(user, second_factor_misses=99))
        await work.commit()
    person = await _halfway(client)
    assert_error(await person.call("POST", VERIFY, {"code": "000000"}), 401, "invalid_code")
    assert_error(await person.call("POST", VERIFY, {"code": app.at(NOON)}), 401, "invalid_code")
    await person.post(VERIFY, {"recoveryCode": codes[0]})
    await (await _halfway(client)).post(VERIFY, {"code": app.at(NOON)})
