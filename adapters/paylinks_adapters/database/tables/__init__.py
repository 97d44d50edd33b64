"""The tables as Piccolo knows them: names, columns and which of them hold JSON. Their DDL is in `migrations`."""

from .audit import AuditEntryTable
from .checkouts import CheckoutTable
from .domains import DomainTable
from .events import DeliveryTable, EndpointTable, OutgoingEventTable, WebhookSecretTable
from .idempotency import IdempotencyKeyTable
from .inbox import IncomingEventTable
from .mails import MailTable
from .marketing import MarketingNoticeTable, MarketingPauseTable
from .payments import PaymentEventTable, PaymentTable
from .people import IdentityTable, MembershipTable, UserTable
from .refunds import RefundTable
from .salespeople import SalespersonTable
from .sessions import LoginTokenTable, SessionTable
from .settings import PluginSettingTable
from .simulators import SimulatorEntryTable
from .tenants import ApiKeyTable, BrandTable, OrganizationTable
from .upsells import UpsellSessionTable

__all__ = [
    "ApiKeyTable",
    "AuditEntryTable",
    "BrandTable",
    "CheckoutTable",
    "DeliveryTable",
    "DomainTable",
    "EndpointTable",
    "IdempotencyKeyTable",
    "IdentityTable",
    "IncomingEventTable",
    "LoginTokenTable",
    "MailTable",
    "MarketingNoticeTable",
    "MarketingPauseTable",
    "MembershipTable",
    "OrganizationTable",
    "OutgoingEventTable",
    "PaymentEventTable",
    "PaymentTable",
    "PluginSettingTable",
    "RefundTable",
    "SalespersonTable",
    "SessionTable",
    "SimulatorEntryTable",
    "UpsellSessionTable",
    "UserTable",
    "WebhookSecretTable",
]
