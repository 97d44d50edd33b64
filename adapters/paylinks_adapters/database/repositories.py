"""The repositories: each promise of the storage port in SQL that both dialects understand."""

from paylinks_ports import storage
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import ApiKey, Brand, Organization

from . import tables
from .rows import Rows
from .sessions import Session

__all__ = ["Repositories"]


_ORGANIZATIONS = Rows(tables.OrganizationTable, Organization)
_BRANDS = Rows(tables.BrandTable, Brand)
_API_KEYS = Rows(tables.ApiKeyTable, ApiKey)
_PLUGIN_SETTINGS = Rows(tables.PluginSettingTable, PluginSetting)
_CHECKOUTS = Rows(tables.CheckoutTable, Checkout)
_PAYMENTS = Rows(tables.PaymentTable, Payment)
_PAYMENT_EVENTS = Rows(tables.PaymentEventTable, PaymentEvent)


class _Repository:
    def __init__(self, session: Session) -> None:
        self._session = session


class _Organizations(_Repository):
    async def add(self, organization: Organization) -> None:
        await _ORGANIZATIONS.add(self._session, organization)

    async def get(self, organization_id: str) -> Organization | None:
        return await _ORGANIZATIONS.one(self._session, "WHERE id = ?", organization_id)


class _Brands(_Repository):
    async def add(self, brand: Brand) -> None:
        await _BRANDS.add(self._session, brand)

    async def get(self, brand_id: str) -> Brand | None:
        return await _BRANDS.one(self._session, "WHERE id = ?", brand_id)

    async def first(self) -> Brand | None:
        return await _BRANDS.one(self._session, "ORDER BY created_at, id")

    async def all_origins(self) -> tuple[str, ...]:
        brands = await _BRANDS.many(self._session, "WHERE allowed_origins <> '[]'")
        return tuple(dict.fromkeys(origin for brand in brands for origin in brand.allowed_origins))


class _ApiKeys(_Repository):
    async def add(self, key: ApiKey) -> None:
        await _API_KEYS.add(self._session, key)

    async def get(self, key_id: str) -> ApiKey | None:
        return await _API_KEYS.one(self._session, "WHERE id = ?", key_id)

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        return await _API_KEYS.one(self._session, "WHERE key_hash = ?", key_hash)


class _PluginSettings(_Repository):
    async def get(self, brand_id: str, plugin: str) -> PluginSetting | None:
        return await _PLUGIN_SETTINGS.one(self._session, "WHERE brand_id = ? AND plugin = ?", brand_id, plugin)

    async def of_brand(self, brand_id: str) -> tuple[PluginSetting, ...]:
        return await _PLUGIN_SETTINGS.many(self._session, "WHERE brand_id = ? ORDER BY plugin", brand_id)

    async def put(self, setting: PluginSetting) -> None:
        await _PLUGIN_SETTINGS.upsert(self._session, setting, "brand_id", "plugin")


class _Checkouts(_Repository):
    async def add(self, checkout: Checkout) -> None:
        await _CHECKOUTS.add(self._session, checkout)

    async def get(self, checkout_id: str) -> Checkout | None:
        return await _CHECKOUTS.one(self._session, "WHERE id = ?", checkout_id)

    async def by_order(self, brand_id: str, order_id: str) -> Checkout | None:
        return await _CHECKOUTS.one(self._session, "WHERE brand_id = ? AND order_id = ?", brand_id, order_id)

    async def by_code(self, code: str) -> Checkout | None:
        return await _CHECKOUTS.one(self._session, "WHERE code = ?", code)

    async def replace(self, was: Checkout, now: Checkout) -> Checkout:
        return await _CHECKOUTS.replace(self._session, was, now)

    async def expired(self, before: int, limit: int) -> tuple[Checkout, ...]:
        where = "WHERE state IN ('open', 'failed') AND expires_at < ? ORDER BY expires_at LIMIT ?"
        return await _CHECKOUTS.many(self._session, where, before, limit)


class _Payments(_Repository):
    async def add(self, payment: Payment) -> None:
        await _PAYMENTS.add(self._session, payment)

    async def get(self, payment_id: str) -> Payment | None:
        return await _PAYMENTS.one(self._session, "WHERE id = ?", payment_id)

    async def of_checkout(self, checkout_id: str) -> tuple[Payment, ...]:
        return await _PAYMENTS.many(self._session, "WHERE checkout_id = ? ORDER BY created_at, id", checkout_id)

    async def replace(self, was: Payment, now: Payment) -> Payment:
        return await _PAYMENTS.replace(self._session, was, now)

    async def due(self, now: int, limit: int) -> tuple[Payment, ...]:
        return await _PAYMENTS.many(self._session, "WHERE check_at <= ? ORDER BY check_at LIMIT ?", now, limit)

    async def bring_forward(self, now: int) -> int:
        sql = "UPDATE payments SET check_at = ?, version = version + 1 WHERE state = 'in_flight' RETURNING id"
        return len(await self._session.fetch(sql, (now,)))


class _PaymentEvents(_Repository):
    async def add(self, event: PaymentEvent) -> None:
        await _PAYMENT_EVENTS.add(self._session, event)

    async def of_checkout(self, checkout_id: str) -> tuple[PaymentEvent, ...]:
        return await _PAYMENT_EVENTS.many(self._session, "WHERE checkout_id = ? ORDER BY at, id", checkout_id)


class _SimulatorEntries(_Repository):
    async def get(self, space: str, key: str) -> str | None:
        sql = "SELECT value FROM simulator_entries WHERE space = ? AND name = ?"
        rows = await self._session.fetch(sql, (space, key))
        return str(rows[0]["value"]) if rows else None

    async def put(self, space: str, key: str, value: str, *, was: str | None) -> bool:
        if was is None:
            sql = (
                "INSERT INTO simulator_entries (space, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1"
            )
            return bool(await self._session.fetch(sql, (space, key, value)))
        sql = "UPDATE simulator_entries SET value = ? WHERE space = ? AND name = ? AND value = ? RETURNING 1"
        return bool(await self._session.fetch(sql, (value, space, key, was)))


class Repositories:
    """All of them, as one session sees them."""

    def __init__(self, session: Session) -> None:
        self.organizations: storage.Organizations = _Organizations(session)
        self.brands: storage.Brands = _Brands(session)
        self.api_keys: storage.ApiKeys = _ApiKeys(session)
        self.plugin_settings: storage.PluginSettings = _PluginSettings(session)
        self.checkouts: storage.Checkouts = _Checkouts(session)
        self.payments: storage.Payments = _Payments(session)
        self.payment_events: storage.PaymentEvents = _PaymentEvents(session)
        self.simulator_entries: storage.SimulatorEntries = _SimulatorEntries(session)
