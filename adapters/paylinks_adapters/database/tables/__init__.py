"""The tables as Piccolo knows them: names, columns and which of them hold JSON. Their DDL is in `migrations`."""

from .audit import AuditEntryTable
from .checkouts import CheckoutTable
from .events import DeliveryTable, EndpointTable, OutgoingEventTable, WebhookSecretTable
from .idempotency import IdempotencyKeyTable
from .payments import PaymentEventTable, PaymentTable
from .settings import PluginSettingTable
from .simulators import SimulatorEntryTable
from .tenants import ApiKeyTable, BrandTable, OrganizationTable

__all__ = [
    "ApiKeyTable",
    "AuditEntryTable",
    "BrandTable",
    "CheckoutTable",
    "DeliveryTable",
    "EndpointTable",
    "IdempotencyKeyTable",
    "OrganizationTable",
    "OutgoingEventTable",
    "PaymentEventTable",
    "PaymentTable",
    "PluginSettingTable",
    "SimulatorEntryTable",
    "WebhookSecretTable",
]
