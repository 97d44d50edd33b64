"""The repositories: each promise of the storage port in SQL that both dialects understand."""

from paylinks_ports import storage

from ..sessions import Session
from .audit import AuditEntries
from .checkouts import Checkouts
from .mails import Mails
from .payments import PaymentEvents, Payments
from .people import Identities, Memberships, RecoveryCodes, Users
from .salespeople import Salespeople
from .sessions import LoginTokens, Sessions
from .settings import PluginSettings
from .simulators import SimulatorEntries
from .tenants import ApiKeys, Brands, Organizations

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
        self.users: storage.Users = Users(session)
        self.memberships: storage.Memberships = Memberships(session)
        self.recovery_codes: storage.RecoveryCodes = RecoveryCodes(session)
        self.identities: storage.Identities = Identities(session)
        self.sessions: storage.Sessions = Sessions(session)
        self.login_tokens: storage.LoginTokens = LoginTokens(session)
        self.salespeople: storage.Salespeople = Salespeople(session)
        self.mails: storage.Mails = Mails(session)
