"""The repositories: each promise of the storage port in SQL that both dialects understand."""

from paylinks_ports import storage

from ..sessions import Session
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
from .tenants import ApiKeys, Brands, Organizations
from .upsells import UpsellSessions

__all__ = ["Repositories"]


class Repositories:
    """All of them, as one session sees them."""

    def __init__(self, session: Session) -> None:
        self.organizations: storage.Organizations = Organizations(session)
        self.brands: storage.Brands = Brands(session)
        self.api_keys: storage.ApiKeys = ApiKeys(session)
        self.plugin_settings: storage.PluginSettings = PluginSettings(session)
        self.checkouts: storage.Checkouts = Checkouts(session)
        self.payments: storage.Payments = Payments(session)
        self.payment_events: storage.PaymentEvents = PaymentEvents(session)
        self.simulator_entries: storage.SimulatorEntries = SimulatorEntries(session)
        self.audit_entries: storage.AuditEntries = AuditEntries(session)
        self.upsell_sessions: storage.UpsellSessions = UpsellSessions(session)
        self.refunds: storage.Refunds = Refunds(session)
        self.incoming_events: storage.IncomingEvents = IncomingEvents(session)
        self.outgoing_events: storage.OutgoingEvents = OutgoingEvents(session)
        self.endpoints: storage.Endpoints = Endpoints(session)
        self.webhook_secrets: storage.WebhookSecrets = WebhookSecrets(session)
        self.deliveries: storage.Deliveries = Deliveries(session)
        self.idempotency_keys: storage.IdempotencyKeys = IdempotencyKeys(session)
        self.users: storage.Users = Users(session)
        self.memberships: storage.Memberships = Memberships(session)
        self.recovery_codes: storage.RecoveryCodes = RecoveryCodes(session)
        self.identities: storage.Identities = Identities(session)
        self.sessions: storage.Sessions = Sessions(session)
        self.login_tokens: storage.LoginTokens = LoginTokens(session)
        self.salespeople: storage.Salespeople = Salespeople(session)
        self.mails: storage.Mails = Mails(session)
        self.sealed_texts: storage.SealedTexts = SealedTexts(session)
        self.marketing_notices: storage.MarketingNotices = MarketingNotices(session)
        self.domains: storage.Domains = Domains(session)
