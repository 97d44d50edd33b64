"""What a search finds: the same on every storage adapter, in every list, whatever letters and signs are in it."""

from typing import Any

import pytest
from msgspec.structs import replace

from paylinks_adapters.database import Database
from paylinks_adapters.database.migrations import searched
from paylinks_ports.payments import Address, Customer, LineItem
from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.people import Membership, User
from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.storage import Found, OrderFilter, Units, Window

from .test_figures_storage import SESSION
from .test_outbox_storage import DELIVERY, ENDPOINT
from .test_settling import EVENT
from .test_storage import BRAND, ORGANIZATION

pytestmark = pytest.mark.anyio

USER = User(id="user_1", email="é@example.com", name="Émile", created_at=1, updated_at=1)
ADDRESS = Address(line1="Straße 1", city="ŁÓDŹ", state="", postal_code="90-001", country="PL")
ORDERS = (
    Claims(
        order_id="first",
        amount=100,
        currency="USD",
        product_name='Tube 5" steel',
        customer=Customer(email="Ada@example.com", first_name="Émile", last_name="Özil", phone="+33 1"),
        shipping_address=ADDRESS,
        success_url="https://shop.example/productName",
        metadata={"crm": "Ω-7"},
    ),
    Claims(
        order_id="srch-É2",
        amount=100,
        currency="USD",
        product_name="back\\slash 50%_off!",
        line_items=(LineItem(name="Größe\nXL\0", quantity=1, unit_price=100, sku="SKU/9"),),
    ),
)
FOUND = {
    "Émile": ["first"],
    "émile": ["first"],
    "E\u0301MILE": ["first"],
    "Özil": ["first"],
    "ÉMILE ÖZIL": ["first"],
    "ada@EXAMPLE": ["first"],
    "straSSE": ["first"],
    "łódź": ["first"],
    "ω": ["first"],
    '5" steel': ["first"],
    "back\\slash": ["srch-É2"],
    "back\\\\slash": [],
    "srch-É2": ["srch-É2"],
    "SRCH-é2": ["srch-É2"],
    "GRÖSSE\nxl": ["srch-É2"],
    "xl\0": ["srch-É2"],
    "sku/9": ["srch-É2"],
    "chk": ["srch-É2", "first"],
    "50%_off!": ["srch-É2"],
    "%": ["srch-É2"],
    "_": ["srch-É2", "first"],
    "!": ["srch-É2"],
    "a%m": [],
    "customer": [],
    "productName": [],
    "100,": [],
    '"': ["first"],
    "'": [],
}


async def _orders(units: Units) -> None:
    async with units() as work:
        await work.organizations.add(ORGANIZATION)
        await work.brands.add(BRAND)
        for number, claims in enumerate(ORDERS):
            order = Checkout(
                id=f"chk_{number}",
                brand_id=BRAND.id,
                order_id=claims.order_id,
                code=f"code-{number}",
                state="open",
                claims=claims,
                issued_at=1,
                expires_at=2,
                salesperson_id="sp_1",
                created_at=number,
                updated_at=number,
            )
            await work.checkouts.add(order)
        await work.commit()


async def _found(units: Units, search: str) -> list[str]:
    async with units.reading() as rows:
        found = await rows.checkouts.page(BRAND.id, Window(search=search), OrderFilter())
    assert found.total == len(found.rows)
    return [one.order_id for one in found.rows]


async def test_orders_are_found_by_what_is_in_them(units: Units) -> None:
    """By ids, what is bought and who buys it; not by the names of fields, nor by how a database writes them."""
    await _orders(units)
    for search, expected in FOUND.items():
        assert await _found(units, search) == expected, search


async def test_a_changed_order_is_found_by_what_it_is_now(units: Units) -> None:
    """And not by what it was."""
    await _orders(units)
    async with units() as work:
        was = await work.checkouts.get("chk_0")
        assert was is not None
        await work.checkouts.replace(was, replace(was, claims=replace(was.claims, product_name="ÄRMEL")))
        await work.commit()
    assert await _found(units, "ärmel") == ["first"]
    assert await _found(units, "steel") == []


async def test_a_salesperson_finds_orders_by_their_ids_alone(units: Units) -> None:
    """Whoever buys is not theirs to find out."""
    await _orders(units)
    async with units.reading() as rows:
        for search, total in (("é2", 1), ("FIRST", 1), ("ada@", 0), ("chk", 0), ("steel", 0)):
            assert (await rows.checkouts.of_salesperson("sp_1", Window(search=search))).total == total, search


async def _everything(units: Units) -> None:
    """Write one of each that is listed, with letters that are no ASCII."""
    await _orders(units)
    member = Membership(
        id="mem_1",
        user_id="user_1",
        organization_id="org_1",
        email="É@x.example",
        name="Özil",
        role="owner",
        created_at=1,
    )
    seller = Salesperson(
        id="sp_1", brand_id=BRAND.id, email="É@x.example", name="Özil", password_hash="$h", created_at=1
    )
    entry = AuditEntry(
        id="aud_1",
        organization_id="org_1",
        actor_id="user_1",
        actor_email="É@x.example",
        actor_kind="user",
        action="user.changed",
        target="Özil",
        created_at=1,
    )
    async with units() as work:
        await work.users.add(USER)
        await work.memberships.add(member)
        await work.salespeople.add(seller)
        await work.audit_entries.add(entry)
        await work.endpoints.add(replace(ENDPOINT, url="https://x.example/É", description="Özil"))
        await work.deliveries.add(replace(DELIVERY, event_type="É", event_id="Özil"))
        await work.incoming_events.add(replace(EVENT, event_id="É", error="Özil"))
        await work.upsell_sessions.add(
            replace(SESSION, checkout_id="chk_0", order_id="É", customer_email="Özil@x.example")
        )
        await work.commit()


async def _assert_found(units: Units) -> None:
    """Find each of them by both of its texts, and none by another."""
    async with units.reading() as rows:
        for search, total in (("É", 1), ("é", 1), ("ÖZIL", 1), ("özi", 1), ("É%Ö", 0), ("ozil", 0)):
            window = Window(search=search)
            found: dict[str, Found[Any]] = {
                "members": await rows.memberships.page("org_1", window),
                "salespeople": await rows.salespeople.page((BRAND.id,), window),
                "audit log": await rows.audit_entries.page("org_1", window),
                "endpoints": await rows.endpoints.page(BRAND.id, window),
                "deliveries": await rows.deliveries.page("whk_1", window),
                "inbox": await rows.incoming_events.page(BRAND.id, window),
                "upsells": await rows.upsell_sessions.page(BRAND.id, window),
            }
            assert {name: one.total for name, one in found.items()} == dict.fromkeys(found, total), search


async def test_every_list_is_searched_alike(units: Units) -> None:
    """People, salespeople, audit log, webhooks with their deliveries, the inbox and upsells."""
    await _everything(units)
    await _assert_found(units)


async def test_what_was_there_before_is_found_too(database: Database) -> None:
    """The migration writes the texts of all rows."""
    await _everything(database.units)
    async with database._engine.transaction() as session:
        for table in ("checkouts", *searched._COLUMNS):
            await session.fetch(f"ALTER TABLE {table} DROP COLUMN searched")
        await session.fetch("ALTER TABLE checkouts DROP COLUMN searched_order")
        await session.fetch("DELETE FROM migrations WHERE number = 65")
        await session.commit()
    assert await database.migrate() == ["0065 searched"]
    for search, expected in FOUND.items():
        assert await _found(database.units, search) == expected, search
    await _assert_found(database.units)
    async with database.units.reading() as rows:
        assert (await rows.checkouts.of_salesperson("sp_1", Window(search="É"))).total == 1
