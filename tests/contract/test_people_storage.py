"""The promises of the storage port for people, sessions, secrets and salespeople, on every adapter."""

import asyncio
from typing import Literal

import pytest
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.mails import Mail
from paylinks_ports.records.people import Identity, Membership, User
from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.records.sessions import LoginToken, Session
from paylinks_ports.records.tenants import ApiKey, Brand, Organization
from paylinks_ports.storage import Units, Window

pytestmark = pytest.mark.anyio

ORGANIZATION = Organization(id="org_1", name="One", slug="one", created_at=1)
BRAND = Brand(id="brand_1", organization_id="org_1", name="B", slug="b", theme={"color": "ö"}, created_at=1)
USER = User(id="user_1", email="ada@example.com", name="Ada", password_hash="$h", created_at=1, updated_at=1)
MEMBERSHIP = Membership(
    id="mem_1",
    user_id="user_1",
    organization_id="org_1",
    email="ada@example.com",
    name="Ada",
    role="owner",
    brand_ids=("brand_1",),
    created_at=1,
)
SESSION = Session(
    id="s" * 64,
    kind="user",
    person_id="user_1",
    organization_id="org_1",
    brand_id=None,
    pending=True,
    proved_at=5,
    used_at=5,
    expires_at=100,
    created_at=5,
)
TOKEN = LoginToken(id="t" * 64, purpose="magic_link", user_id="user_1", data={"a": "b"}, expires_at=50, created_at=1)
SALESPERSON = Salesperson(
    id="sp_1", brand_id="brand_1", email="sal@example.com", name="Sal", password_hash="$h", created_at=1
)


async def seed(units: Units) -> None:
    """Write one of what the others hang on."""
    async with units() as work:
        await work.organizations.add(ORGANIZATION)
        await work.brands.add(BRAND)
        await work.users.add(USER)
        await work.memberships.add(MEMBERSHIP)
        await work.sessions.add(SESSION)
        await work.login_tokens.add(TOKEN)
        await work.salespeople.add(SALESPERSON)
        await work.identities.add(Identity(provider="google", subject="1", user_id="user_1", created_at=1))
        await work.mails.add(Mail(id="mail_1", recipient="a@example.com", subject="s", text="t\nu", created_at=1))
        await work.commit()


async def test_gives_back_what_was_kept(units: Units) -> None:
    """Every record comes back as it was written."""
    await seed(units)
    async with units.reading() as rows:
        assert await rows.brands.of_organization("org_1") == (BRAND,)
        assert await rows.users.get("user_1") == await rows.users.by_email("ada@example.com") == USER
        assert await rows.memberships.get("user_1", "org_1") == MEMBERSHIP
        assert await rows.memberships.of_user("user_1") == (MEMBERSHIP,)
        assert (await rows.memberships.page("org_1", Window(search="ADA@"))).rows == (MEMBERSHIP,)
        assert await rows.sessions.get(SESSION.id) == SESSION
        assert await rows.login_tokens.get(TOKEN.id, "magic_link") == TOKEN
        assert await rows.login_tokens.get(TOKEN.id, "invitation") is None
        assert await rows.salespeople.get("sp_1") == SALESPERSON
        assert await rows.salespeople.by_email("sal@example.com") == (SALESPERSON,)
        assert (await rows.salespeople.page(("brand_1", "brand_2"), Window())).rows == (SALESPERSON,)
        assert (await rows.salespeople.page((), Window())).total == 0
        assert await rows.identities.get("google", "1") is not None
        assert await rows.identities.get("facebook", "1") is None
        assert [mail.text for mail in await rows.mails.newest(5)] == ["t\nu"]


async def test_what_is_taken_is_refused(units: Units) -> None:
    """An address, a place in an organization and an account at a provider are one person's."""
    await seed(units)
    async with units() as work:
        with pytest.raises(Conflict):
            await work.users.add(replace(USER, id="user_2"))
        with pytest.raises(Conflict):
            await work.memberships.add(replace(MEMBERSHIP, id="mem_2"))
        with pytest.raises(Conflict):
            await work.identities.add(Identity(provider="google", subject="1", user_id="user_1", created_at=2))
        with pytest.raises(Conflict):
            await work.salespeople.add(replace(SALESPERSON, id="sp_2"))
        with pytest.raises(Conflict):
            await work.sessions.add(SESSION)
        await work.users.add(replace(USER, id="user_2", email="b@example.com"))
        await work.commit()
    async with units() as work:
        assert (await work.users.replace(USER, replace(USER, name="Ada L."))).version == 2
        with pytest.raises(Conflict):
            await work.users.replace(USER, replace(USER, name="Other"))
        await work.commit()


async def test_sessions_end(units: Units) -> None:
    """One by one, all of a person, those in one organization, or those whose time is over."""
    await seed(units)
    others = (("a", "org_1", 100), ("b", "org_2", 100), ("c", "org_2", 10))
    async with units() as work:
        for name, organization_id, expires_at in others:
            await work.sessions.add(
                replace(SESSION, id=name * 64, organization_id=organization_id, expires_at=expires_at)
            )
        await work.sessions.add(replace(SESSION, id="z" * 64, kind="salesperson"))
        await work.sessions.touch(SESSION.id, 77)
        assert await work.sessions.sweep(11) == 1
        assert await work.sessions.remove_of("user", "user_1", organization_id="org_2") == 1
        assert await work.sessions.get(SESSION.id) == replace(SESSION, used_at=77)
        assert await work.sessions.remove("a" * 64)
        assert not await work.sessions.remove("a" * 64)
        assert await work.sessions.remove_of("user", "user_1") == 1
        assert await work.sessions.get("z" * 64) is not None
        await work.commit()


async def test_whoever_holds_a_person_is_waited_for(units: Units) -> None:
    """A session that begins while the account is held is there when its sessions are ended."""
    await seed(units)
    held, ended = asyncio.Event(), list[int]()

    async def begin() -> None:
        async with units() as work:
            assert await work.users.hold("user_1") == USER
            assert await work.users.hold("user_2") is None
            held.set()
            await asyncio.sleep(0.2)
            await work.sessions.add(replace(SESSION, id="n" * 64))
            await work.commit()

    async def end() -> None:
        await held.wait()
        async with units() as work:
            await work.users.replace(USER, replace(USER, password_hash=None))
            ended.append(await work.sessions.remove_of("user", "user_1"))
            await work.commit()

    await asyncio.gather(begin(), end())
    assert ended == [2]


async def test_of_twenty_at_once_one_takes_a_token(units: Units) -> None:
    """A token works once, however many come with it at once."""
    await seed(units)

    async def take() -> bool:
        async with units() as work:
            taken = await work.login_tokens.take(TOKEN.id, "magic_link")
            await work.commit()
        return taken is not None

    assert sum(await asyncio.gather(*(take() for _ in range(20)))) == 1


async def test_tokens_go_with_a_new_request_and_with_time(units: Units) -> None:
    """A person's tokens of one purpose, or all, or what is over."""
    await seed(units)
    async with units() as work:
        await work.login_tokens.add(replace(TOKEN, id="u" * 64, purpose="invitation"))
        await work.login_tokens.add(replace(TOKEN, id="v" * 64, user_id=None, purpose="sign_in", expires_at=5))
        assert await work.login_tokens.take(TOKEN.id, "invitation") is None
        await work.login_tokens.remove_of("user_1", "magic_link")
        assert await work.login_tokens.get(TOKEN.id, "magic_link") is None
        assert await work.login_tokens.get("u" * 64, "invitation") is not None
        assert await work.login_tokens.sweep(6) == 1
        await work.login_tokens.remove_of("user_1")
        assert await work.login_tokens.get("u" * 64, "invitation") is None
        await work.commit()


async def test_recovery_codes_are_replaced_and_used_up(units: Units) -> None:
    """New ones void the old; one works once, and for its person alone."""
    await seed(units)
    async with units() as work:
        await work.recovery_codes.put("user_1", ("a", "b"))
        await work.recovery_codes.put("user_1", ("c", "d"))
        assert not await work.recovery_codes.take("user_1", "a")
        assert not await work.recovery_codes.take("user_2", "c")
        assert await work.recovery_codes.take("user_1", "c")
        assert not await work.recovery_codes.take("user_1", "c")
        await work.commit()


async def test_two_owners_cannot_leave_at_once(units: Units) -> None:
    """Whoever holds the owners sees what the one before has made of them."""
    await seed(units)
    async with units() as work:
        await work.users.add(replace(USER, id="user_2", email="b@example.com"))
        await work.memberships.add(replace(MEMBERSHIP, id="mem_2", user_id="user_2"))
        await work.commit()

    async def leave(membership_id: str) -> bool:
        async with units() as work:
            owners = await work.memberships.hold_owners("org_1")
            if len(owners) < 2:
                return False
            await work.memberships.remove(membership_id)
            await work.commit()
            return True

    assert sorted(await asyncio.gather(leave("mem_1"), leave("mem_2"))) == [False, True]


async def test_keys_and_brands_change(units: Units) -> None:
    """A brand is changed in place, its slug stays its own; a key's use is noted, and it can be removed."""
    await seed(units)
    key = ApiKey(
        id="key_1",
        brand_id="brand_1",
        name="k",
        mode="live",
        prefix="sk_live_abcd",
        key_hash="h",
        signing_secret="sealed",
        scopes=("orders.read",),
        created_at=2,
    )
    async with units() as work:
        await work.brands.put(replace(BRAND, name="New"))
        await work.brands.add(replace(BRAND, id="brand_2", slug="c"))
        await work.api_keys.add(key)
        await work.api_keys.touch("key_1", 9)
        assert await work.api_keys.of_brand("brand_1") == (replace(key, last_used_at=9),)
        assert await work.api_keys.remove("key_1")
        assert not await work.api_keys.remove("key_1")
        await work.commit()
    async with units.reading() as rows:
        assert await rows.brands.get("brand_1") == replace(BRAND, name="New")

    async def take_the_slug() -> None:
        async with units() as work:
            await work.brands.put(replace(BRAND, slug="c"))
            await work.commit()

    with pytest.raises(Conflict):
        await take_the_slug()


def _sold(number: int, state: Literal["paid", "open"]) -> Checkout:
    return Checkout(
        id=f"chk_{number}",
        brand_id="brand_1",
        order_id=f"o-{number}",
        code=f"c{number}",
        state=state,
        claims=Claims(order_id="o", amount=5, currency="USD"),
        salesperson_id="sp_1",
        commission_rate=100_000,
        issued_at=1,
        expires_at=1,
        created_at=number,
        updated_at=1,
    )


async def test_lists_what_a_salesperson_sold(units: Units) -> None:
    """Newest first as a list, oldest first what is paid."""
    await seed(units)
    async with units() as work:
        states: tuple[Literal["paid", "open"], ...] = ("paid", "open", "paid")
        for number, state in enumerate(states):
            await work.checkouts.add(_sold(number, state))
        await work.checkouts.add(replace(_sold(9, "paid"), salesperson_id=None))
        await work.commit()
    async with units.reading() as rows:
        found = await rows.checkouts.of_salesperson("sp_1", Window(limit=2))
        assert ([one.order_id for one in found.rows], found.total) == (["o-2", "o-1"], 3)
        assert [one.id for one in await rows.checkouts.paid_to_salesperson("sp_1")] == ["chk_0", "chk_2"]
