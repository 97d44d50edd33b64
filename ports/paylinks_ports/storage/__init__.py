"""The storage port: a unit of work and its repositories. Memory, SQLite and PostgreSQL keep the same promises.

``async with units() as work: … await work.commit()``: leaving without a commit forgets everything; so does an error.
A unit of work holds a database connection: nothing outside the storage is awaited inside it. It belongs to the task
that opened it: a task made inside may not use it.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from .audit import AuditEntries
from .checkouts import Checkouts, OrderFilter
from .domains import Domains
from .events import Deliveries, Endpoints, OutgoingEvents, WebhookSecrets
from .idempotency import IdempotencyKeys
from .inbox import IncomingEvents
from .mails import Mails
from .marketing import MarketingNotices
from .payments import DayFigure, PaymentEvents, Payments
from .people import Identities, Memberships, RecoveryCodes, Users
from .refunds import Refunds
from .salespeople import Salespeople
from .sealed import CREDENTIALS, SEALED, SIGNING_SECRET, Key, SealedPlace, SealedText, SealedTexts
from .sessions import LoginTokens, Sessions
from .settings import PluginSettings
from .simulators import SimulatorEntries
from .tenants import ApiKeys, Brands, Organizations
from .upsells import UpsellSessions
from .windows import Due, Found, Window

__all__ = [
    "CREDENTIALS",
    "SEALED",
    "SIGNING_SECRET",
    "ApiKeys",
    "AuditEntries",
    "Brands",
    "Checkouts",
    "DayFigure",
    "Deliveries",
    "Domains",
    "Due",
    "Endpoints",
    "Found",
    "IdempotencyKeys",
    "Identities",
    "IncomingEvents",
    "Key",
    "LoginTokens",
    "Mails",
    "MarketingNotices",
    "Memberships",
    "OrderFilter",
    "Organizations",
    "OutgoingEvents",
    "PaymentEvents",
    "Payments",
    "PluginSettings",
    "Reading",
    "RecoveryCodes",
    "Refunds",
    "Salespeople",
    "SealedPlace",
    "SealedText",
    "SealedTexts",
    "Sessions",
    "SimulatorEntries",
    "Units",
    "UpsellSessions",
    "Users",
    "WebhookSecrets",
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
    refunds: Refunds
    incoming_events: IncomingEvents
    outgoing_events: OutgoingEvents
    endpoints: Endpoints
    webhook_secrets: WebhookSecrets
    deliveries: Deliveries
    idempotency_keys: IdempotencyKeys
    users: Users
    memberships: Memberships
    recovery_codes: RecoveryCodes
    identities: Identities
    sessions: Sessions
    login_tokens: LoginTokens
    salespeople: Salespeople
    mails: Mails
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
