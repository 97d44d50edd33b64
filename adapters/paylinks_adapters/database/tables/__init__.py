"""The tables as Piccolo knows them: names, columns and which of them hold JSON. Their DDL is in `migrations`."""

from .audit import AuditEntryTable
from .checkouts import CheckoutTable
from .mails import MailTable
from .payments import PaymentEventTable, PaymentTable
from .people import IdentityTable, MembershipTable, UserTable
from .salespeople import SalespersonTable
from .sessions import LoginTokenTable, SessionTable
from .settings import PluginSettingTable
from .simulators import SimulatorEntryTable
from .tenants import ApiKeyTable, BrandTable, OrganizationTable

__all__ = [
    "ApiKeyTable",
    "AuditEntryTable",
    "BrandTable",
    "CheckoutTable",
    "IdentityTable",
    "LoginTokenTable",
    "MailTable",
    "MembershipTable",
    "OrganizationTable",
    "PaymentEventTable",
    "PaymentTable",
    "PluginSettingTable",
    "SalespersonTable",
    "SessionTable",
    "SimulatorEntryTable",
    "UserTable",
]
