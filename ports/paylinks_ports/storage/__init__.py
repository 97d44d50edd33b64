"""The storage port: a unit of work and its repositories. Memory, SQLite and PostgreSQL keep the same promises.

``async with units() as work: … await work.commit()``: leaving without a commit forgets everything; so does an error.
A unit of work holds a database connection: nothing outside the storage is awaited inside it. It belongs to the task
that opened it: a task made inside may not use it.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from .audit import AuditEntries
from .checkouts import Checkouts
from .domains import Domains
from .marketing import MarketingNotices
from .payments import PaymentEvents, Payments
from .sealed import CREDENTIALS, SEALED, SIGNING_SECRET, Key, SealedPlace, SealedText, SealedTexts
from .settings import PluginSettings
from .simulators import SimulatorEntries
from .tenants import ApiKeys, Brands, Organizations
from .upsells import UpsellSessions
from .windows import Found, Window

__all__ = [
    "CREDENTIALS",
    "SEALED",
    "SIGNING_SECRET",
    "ApiKeys",
    "AuditEntries",
    "Brands",
    "Checkouts",
    "Domains",
    "Found",
    "Key",
    "MarketingNotices",
    "Organizations",
    "PaymentEvents",
    "Payments",
    "PluginSettings",
    "Reading",
    "SealedPlace",
    "SealedText",
    "SealedTexts",
    "SimulatorEntries",
    "Units",
    "UpsellSessions",
    "Window",
    "Work",
]


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
    audit_entries: AuditEntries
    upsell_sessions: UpsellSessions
    sealed_texts: SealedTexts
    marketing_notices: MarketingNotices
    domains: Domains


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
