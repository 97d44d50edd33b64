"""The tables as Piccolo knows them: names, columns and which of them hold JSON. Their DDL is in `migrations`."""

from .audit import AuditEntryTable
from .checkouts import CheckoutTable
from .domains import DomainTable
from .marketing import MarketingNoticeTable, MarketingPauseTable
from .payments import PaymentEventTable, PaymentTable
from .settings import PluginSettingTable
from .simulators import SimulatorEntryTable
from .tenants import ApiKeyTable, BrandTable, OrganizationTable
from .upsells import UpsellSessionTable

__all__ = [
    "ApiKeyTable",
    "AuditEntryTable",
    "BrandTable",
    "CheckoutTable",
    "DomainTable",
    "MarketingNoticeTable",
    "MarketingPauseTable",
    "OrganizationTable",
    "PaymentEventTable",
    "PaymentTable",
    "PluginSettingTable",
    "SimulatorEntryTable",
    "UpsellSessionTable",
]
