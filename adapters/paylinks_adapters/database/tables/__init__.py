"""The tables as Piccolo knows them: names, columns and which of them hold JSON. Their DDL is in `migrations`."""

from .audit import AuditEntryTable
from .checkouts import CheckoutTable
from .events import DeliveryTable, EndpointTable, OutgoingEventTable, WebhookSecretTable
from .idempotency import IdempotencyKeyTable
from .inbox import IncomingEventTable
from .payments import PaymentEventTable, PaymentTable
from .refunds import RefundTable
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
    "EndpointTable",
    "IdempotencyKeyTable",
    "IncomingEventTable",
    "OrganizationTable",
    "OutgoingEventTable",
    "PaymentEventTable",
    "PaymentTable",
    "PluginSettingTable",
    "RefundTable",
    "SimulatorEntryTable",
    "UpsellSessionTable",
    "WebhookSecretTable",
]
