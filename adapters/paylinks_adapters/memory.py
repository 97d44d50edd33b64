"""Storage in dicts, with the promises of the real thing: for tests, and for whoever runs the core on fakes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import storage
from paylinks_ports.errors import Conflict
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import ApiKey, Brand, Organization

from .ownership import Owner, Owners

__all__ = ["MemoryUnits"]


class _Tables:
    """Rows by key; insertion order is kept."""

    def __init__(self) -> None:
        self.organizations: dict[str, Organization] = {}
        self.brands: dict[str, Brand] = {}
        self.api_keys: dict[str, ApiKey] = {}
        self.plugin_settings: dict[tuple[str, str], PluginSetting] = {}
        self.checkouts: dict[str, Checkout] = {}
        self.payments: dict[str, Payment] = {}
        self.payment_events: dict[str, PaymentEvent] = {}
        self.simulator_entries: dict[tuple[str, str], str] = {}

    def copy(self) -> "_Tables":
        twin = _Tables()
        for name, rows in vars(self).items():
            setattr(twin, name, dict(rows))
        return twin


class _View:
    """The tables as one owner sees them."""

    def __init__(self, owner: Owner, tables: Callable[[], _Tables]) -> None:
        self._owner = owner
        self._tables = tables

    @property
    def rows(self) -> _Tables:
        """For reading."""
        self._owner.check()
        return self._tables()

    @property
    def changing(self) -> _Tables:
        """For writing."""
        self._owner.check(writes=True)
        return self._tables()

    def need(self, *, holds: bool) -> None:
        """Say what a database's constraint would say; the unit of work is lost then, as it is there."""
        if not holds:
            error = Conflict("A constraint says no")
            self._owner.fail(error)
            raise error


def _add(rows: dict[str, Any], row: Any, others: Iterable[bool] = ()) -> None:  # noqa: ANN401 - a record with an id
    if row.id in rows or any(others):
        raise Conflict("There is such a row already")
    rows[row.id] = row


def _replace(rows: dict[str, Any], was: Any, now: Any) -> Any:  # noqa: ANN401 - a record with a version
    if was.id not in rows or rows[was.id].version != was.version:
        raise Conflict("This row has been changed")
    kept: Struct = replace(now, id=was.id, version=was.version + 1)
    rows[was.id] = kept
    return kept


class _Repository:
    def __init__(self, view: _View) -> None:
        self._view = view


class _Organizations(_Repository):
    async def add(self, organization: Organization) -> None:
        rows = self._view.changing.organizations
        _add(rows, organization, (organization.slug == other.slug for other in rows.values()))

    async def get(self, organization_id: str) -> Organization | None:
        return self._view.rows.organizations.get(organization_id)


class _Brands(_Repository):
    async def add(self, brand: Brand) -> None:
        tables, key = self._view.changing, (brand.organization_id, brand.slug)
        _add(tables.brands, brand, (key == (one.organization_id, one.slug) for one in tables.brands.values()))
        self._view.need(holds=brand.organization_id in tables.organizations)

    async def get(self, brand_id: str) -> Brand | None:
        return self._view.rows.brands.get(brand_id)

    async def first(self) -> Brand | None:
        return min(self._view.rows.brands.values(), key=lambda brand: (brand.created_at, brand.id), default=None)

    async def all_origins(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(origin for brand in self._view.rows.brands.values() for origin in brand.allowed_origins)
        )


class _ApiKeys(_Repository):
    async def add(self, key: ApiKey) -> None:
        tables = self._view.changing
        _add(tables.api_keys, key, (key.key_hash == one.key_hash for one in tables.api_keys.values()))
        self._view.need(holds=key.brand_id in tables.brands)

    async def get(self, key_id: str) -> ApiKey | None:
        return self._view.rows.api_keys.get(key_id)

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        return next((key for key in self._view.rows.api_keys.values() if key.key_hash == key_hash), None)


class _PluginSettings(_Repository):
    async def get(self, brand_id: str, plugin: str) -> PluginSetting | None:
        return self._view.rows.plugin_settings.get((brand_id, plugin))

    async def of_brand(self, brand_id: str) -> tuple[PluginSetting, ...]:
        settings = (one for one in self._view.rows.plugin_settings.values() if one.brand_id == brand_id)
        return tuple(sorted(settings, key=lambda setting: setting.plugin))

    async def put(self, setting: PluginSetting) -> None:
        tables = self._view.changing
        self._view.need(holds=setting.brand_id in tables.brands)
        tables.plugin_settings[setting.brand_id, setting.plugin] = setting


class _Checkouts(_Repository):
    async def add(self, checkout: Checkout) -> None:
        tables, order = self._view.changing, (checkout.brand_id, checkout.order_id)
        rows = tables.checkouts
        taken = (order == (one.brand_id, one.order_id) or checkout.code == one.code for one in rows.values())
        _add(rows, checkout, taken)
        self._view.need(holds=checkout.brand_id in tables.brands)

    async def get(self, checkout_id: str) -> Checkout | None:
        return self._view.rows.checkouts.get(checkout_id)

    async def by_order(self, brand_id: str, order_id: str) -> Checkout | None:
        order = (brand_id, order_id)
        return next((one for one in self._view.rows.checkouts.values() if order == (one.brand_id, one.order_id)), None)

    async def by_code(self, code: str) -> Checkout | None:
        return next((checkout for checkout in self._view.rows.checkouts.values() if checkout.code == code), None)

    async def replace(self, was: Checkout, now: Checkout) -> Checkout:
        tables, order = self._view.changing, (now.brand_id, now.order_id)
        rows = tables.checkouts
        kept: Checkout = _replace(rows, was, now)
        others = [one for one in rows.values() if one.id != was.id]
        self._view.need(holds=all(now.code != one.code and order != (one.brand_id, one.order_id) for one in others))
        self._view.need(holds=now.brand_id in tables.brands)
        return kept

    async def expired(self, before: int, limit: int) -> tuple[Checkout, ...]:
        over = (
            one
            for one in self._view.rows.checkouts.values()
            if one.state in ("open", "failed") and one.expires_at < before
        )
        return tuple(sorted(over, key=lambda checkout: checkout.expires_at)[:limit])


class _Payments(_Repository):
    async def add(self, payment: Payment) -> None:
        tables = self._view.changing
        _add(tables.payments, payment)
        self._view.need(holds=payment.checkout_id in tables.checkouts)

    async def get(self, payment_id: str) -> Payment | None:
        return self._view.rows.payments.get(payment_id)

    async def of_checkout(self, checkout_id: str) -> tuple[Payment, ...]:
        found = (payment for payment in self._view.rows.payments.values() if payment.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda payment: (payment.created_at, payment.id)))

    async def replace(self, was: Payment, now: Payment) -> Payment:
        tables = self._view.changing
        kept: Payment = _replace(tables.payments, was, now)
        self._view.need(holds=now.checkout_id in tables.checkouts)
        return kept

    async def due(self, now: int, limit: int) -> tuple[Payment, ...]:
        due = [(one.check_at, one) for one in self._view.rows.payments.values() if one.check_at is not None]
        return tuple(one for at, one in sorted(due, key=lambda pair: pair[0]) if at <= now)[:limit]

    async def bring_forward(self, now: int) -> int:
        rows = self._view.changing.payments
        flying = [payment for payment in rows.values() if payment.state == "in_flight"]
        for payment in flying:
            _replace(rows, payment, replace(payment, check_at=now))
        return len(flying)


class _PaymentEvents(_Repository):
    async def add(self, event: PaymentEvent) -> None:
        _add(self._view.changing.payment_events, event)

    async def of_checkout(self, checkout_id: str) -> tuple[PaymentEvent, ...]:
        found = (event for event in self._view.rows.payment_events.values() if event.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda event: (event.at, event.id)))


class _SimulatorEntries(_Repository):
    async def get(self, space: str, key: str) -> str | None:
        return self._view.rows.simulator_entries.get((space, key))

    async def put(self, space: str, key: str, value: str, *, was: str | None) -> bool:
        entries = self._view.changing.simulator_entries
        if entries.get((space, key)) != was:
            return False
        entries[space, key] = value
        return True


class _Repositories:
    def __init__(self, view: _View) -> None:
        self.organizations: storage.Organizations = _Organizations(view)
        self.brands: storage.Brands = _Brands(view)
        self.api_keys: storage.ApiKeys = _ApiKeys(view)
        self.plugin_settings: storage.PluginSettings = _PluginSettings(view)
        self.checkouts: storage.Checkouts = _Checkouts(view)
        self.payments: storage.Payments = _Payments(view)
        self.payment_events: storage.PaymentEvents = _PaymentEvents(view)
        self.simulator_entries: storage.SimulatorEntries = _SimulatorEntries(view)


class _Work(_Repositories):
    def __init__(self, view: _View, units: "MemoryUnits") -> None:
        super().__init__(view)
        self._view = view
        self._units = units

    async def commit(self) -> None:
        self._units.committed = self._view.changing.copy()


class MemoryUnits:
    """The storage port in memory: writers take turns on a copy, readers see what is committed."""

    def __init__(self) -> None:
        self.committed = _Tables()  # never changed: a commit puts others in its place
        self._turn = asyncio.Lock()
        self._owners = Owners()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[storage.Work]:
        """Open a transaction for reading and writing."""
        with self._owners.unit() as owner:
            async with self._turn:
                own = self.committed.copy()
                yield _Work(_View(owner, lambda: own), self)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[storage.Reading]:
        """Open the repositories for reading only."""
        with self._owners.reading() as owner:
            yield _Repositories(_View(owner, lambda: self.committed))

    async def ping(self) -> None:
        """Return: memory always answers."""
