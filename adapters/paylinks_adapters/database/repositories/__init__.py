"""The repositories: each promise of the storage port in SQL that both dialects understand."""

from paylinks_ports import storage

from ..sessions import Session
from .audit import AuditEntries
from .checkouts import Checkouts
from .domains import Domains
from .marketing import MarketingNotices
from .payments import PaymentEvents, Payments
from .sealed import SealedTexts
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
        self.sealed_texts: storage.SealedTexts = SealedTexts(session)
        self.marketing_notices: storage.MarketingNotices = MarketingNotices(session)
        self.domains: storage.Domains = Domains(session)
