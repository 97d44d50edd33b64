"""The storage port: a unit of work and its repositories. Memory, SQLite and PostgreSQL keep the same promises.

``async with units() as work: … await work.commit()``: leaving without a commit forgets everything; so does an error.
A unit of work holds a database connection: nothing outside the storage is awaited inside it. It belongs to the task
that opened it: a task made inside may not use it.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from .records.checkouts import Checkout
from .records.payments import Payment, PaymentEvent
from .records.settings import PluginSetting
from .records.tenants import ApiKey, Brand, Organization

__all__ = [
    "ApiKeys",
    "Brands",
    "Checkouts",
    "Organizations",
    "PaymentEvents",
    "Payments",
    "PluginSettings",
    "Reading",
    "SimulatorEntries",
    "Units",
    "Work",
]


class Organizations(Protocol):
    """Tenants."""

    async def add(self, organization: Organization) -> None:
        """Add one; `Conflict` where its id or slug is taken."""

    async def get(self, organization_id: str) -> Organization | None:
        """Find one."""


class Brands(Protocol):
    """Brands of all organizations."""

    async def add(self, brand: Brand) -> None:
        """Add one; `Conflict` where its id is taken, or its slug within the organization."""

    async def get(self, brand_id: str) -> Brand | None:
        """Find one."""

    async def first(self) -> Brand | None:
        """Find the default brand: the one made first."""

    async def all_origins(self) -> tuple[str, ...]:
        """List every origin that any brand allows, each once."""


class ApiKeys(Protocol):
    """API keys of all brands."""

    async def add(self, key: ApiKey) -> None:
        """Add one; `Conflict` where its id or hash is taken."""

    async def get(self, key_id: str) -> ApiKey | None:
        """Find one by its id, as a token's `kid` names it."""

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        """Find the key that a caller has shown."""


class PluginSettings(Protocol):
    """What brands have chosen for plugins."""

    async def get(self, brand_id: str, plugin: str) -> PluginSetting | None:
        """Find one."""

    async def of_brand(self, brand_id: str) -> tuple[PluginSetting, ...]:
        """List a brand's, by plugin name."""

    async def put(self, setting: PluginSetting) -> None:
        """Add it, or replace the one of the same brand and plugin."""


class Checkouts(Protocol):
    """Checkouts of all brands."""

    async def add(self, checkout: Checkout) -> None:
        """Add one; `Conflict` where its id or code is taken, or the brand has one of that order id."""

    async def get(self, checkout_id: str) -> Checkout | None:
        """Find one."""

    async def by_order(self, brand_id: str, order_id: str) -> Checkout | None:
        """Find a brand's one by the merchant's order id."""

    async def by_code(self, code: str) -> Checkout | None:
        """Find one by the last word of its newest link."""

    async def replace(self, was: Checkout, now: Checkout) -> Checkout:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def expired(self, before: int, limit: int) -> tuple[Checkout, ...]:
        """List open and failed ones whose time ended before, oldest first."""


class Payments(Protocol):
    """Payments of all checkouts."""

    async def add(self, payment: Payment) -> None:
        """Add one; `Conflict` where its id is taken."""

    async def get(self, payment_id: str) -> Payment | None:
        """Find one."""

    async def of_checkout(self, checkout_id: str) -> tuple[Payment, ...]:
        """List a checkout's, in the order they were made."""

    async def replace(self, was: Payment, now: Payment) -> Payment:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def due(self, now: int, limit: int) -> tuple[Payment, ...]:
        """List those whose `check_at` has come, oldest first."""

    async def bring_forward(self, now: int) -> int:
        """Make every payment in flight due now: for a start when no other process can be asking. Say how many."""


class PaymentEvents(Protocol):
    """What happened to payments; only ever added to."""

    async def add(self, event: PaymentEvent) -> None:
        """Add one."""

    async def of_checkout(self, checkout_id: str) -> tuple[PaymentEvent, ...]:
        """List a checkout's, in the order they happened."""


class SimulatorEntries(Protocol):
    """What simulators remember, each merchant at each simulator in a space of its own."""

    async def get(self, space: str, key: str) -> str | None:
        """Read one."""

    async def put(self, space: str, key: str, value: str, *, was: str | None) -> bool:
        """Write `value` if the key still holds `was` (None: still absent); say whether it did."""


class Reading(Protocol):
    """The repositories, as one connection sees them."""

    organizations: Organizations
    brands: Brands
    api_keys: ApiKeys
    plugin_settings: PluginSettings
    checkouts: Checkouts
    payments: Payments
    payment_events: PaymentEvents
    simulator_entries: SimulatorEntries


class Work(Reading, Protocol):
    """One transaction."""

    async def commit(self) -> None:
        """Make it all durable, at once.

        Raises:
            Conflict: someone was quicker; nothing was kept.
            StorageUnavailable: the database went away; it may or may not have been kept.

        """


class Units(Protocol):
    """Opens units of work."""

    def __call__(self) -> AbstractAsyncContextManager[Work]:
        """Open a transaction for reading and writing."""

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """Open the repositories for reading only: no transaction, each statement sees what is committed."""

    async def ping(self) -> None:
        """Return when the database answers; raise `StorageUnavailable` otherwise."""
