"""Storage in dicts, with the promises of the real thing: for tests, and for whoever runs the core on fakes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from paylinks_ports import storage

from ..ownership import Owners
from .audit import AuditEntries
from .checkouts import Checkouts
from .domains import Domains
from .events import Deliveries, Endpoints, OutgoingEvents, WebhookSecrets
from .idempotency import IdempotencyKeys
from .inbox import IncomingEvents
from .mails import Mails
from .marketing import MarketingNotices
from .payments import PaymentEvents, Payments
from .people import Identities, Memberships, RecoveryCodes, Users
from .refunds import Refunds
from .salespeople import Salespeople
from .sealed import SealedTexts
from .sessions import LoginTokens, Sessions
from .settings import PluginSettings
from .simulators import SimulatorEntries
from .tables import Tables, View
from .tenants import ApiKeys, Brands, Organizations
from .upsells import UpsellSessions

__all__ = ["MemoryUnits"]


class _Repositories:
    def __init__(self, view: View) -> None:
        self.organizations: storage.Organizations = Organizations(view)
        self.brands: storage.Brands = Brands(view)
        self.api_keys: storage.ApiKeys = ApiKeys(view)
        self.plugin_settings: storage.PluginSettings = PluginSettings(view)
        self.checkouts: storage.Checkouts = Checkouts(view)
        self.payments: storage.Payments = Payments(view)
        self.payment_events: storage.PaymentEvents = PaymentEvents(view)
        self.simulator_entries: storage.SimulatorEntries = SimulatorEntries(view)
        self.audit_entries: storage.AuditEntries = AuditEntries(view)
        self.upsell_sessions: storage.UpsellSessions = UpsellSessions(view)
        self.refunds: storage.Refunds = Refunds(view)
        self.incoming_events: storage.IncomingEvents = IncomingEvents(view)
        self.outgoing_events: storage.OutgoingEvents = OutgoingEvents(view)
        self.endpoints: storage.Endpoints = Endpoints(view)
        self.webhook_secrets: storage.WebhookSecrets = WebhookSecrets(view)
        self.deliveries: storage.Deliveries = Deliveries(view)
        self.idempotency_keys: storage.IdempotencyKeys = IdempotencyKeys(view)
        self.users: storage.Users = Users(view)
        self.memberships: storage.Memberships = Memberships(view)
        self.recovery_codes: storage.RecoveryCodes = RecoveryCodes(view)
        self.identities: storage.Identities = Identities(view)
        self.sessions: storage.Sessions = Sessions(view)
        self.login_tokens: storage.LoginTokens = LoginTokens(view)
        self.salespeople: storage.Salespeople = Salespeople(view)
        self.mails: storage.Mails = Mails(view)
        self.sealed_texts: storage.SealedTexts = SealedTexts(view)
        self.marketing_notices: storage.MarketingNotices = MarketingNotices(view)
        self.domains: storage.Domains = Domains(view)


class _Work(_Repositories):
    def __init__(self, view: View, units: "MemoryUnits") -> None:
        super().__init__(view)
        self._view = view
        self._units = units

    async def commit(self) -> None:
        self._units.committed = self._view.changing.copy()


class MemoryUnits:
    """The storage port in memory: writers take turns on a copy, readers see what is committed."""

    def __init__(self) -> None:
        self.committed = Tables()  # never changed: a commit puts others in its place
        self._turn = asyncio.Lock()
        self._owners = Owners()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[storage.Work]:
        """Open a transaction for reading and writing."""
        with self._owners.unit() as owner:
            async with self._turn:
                own = self.committed.copy()
                yield _Work(View(owner, lambda: own), self)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[storage.Reading]:
        """Open the repositories for reading only."""
        with self._owners.reading() as owner:
            yield _Repositories(View(owner, lambda: self.committed))

    async def ping(self) -> None:
        """Return: memory always answers."""
