"""The tables as Piccolo knows them: names, columns and which of them hold JSON. Their DDL is in `migrations`."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = [
    "ApiKeyTable",
    "BrandTable",
    "CheckoutTable",
    "OrganizationTable",
    "PaymentEventTable",
    "PaymentTable",
    "PluginSettingTable",
    "SimulatorEntryTable",
]


class OrganizationTable(Table, tablename="organizations"):
    """Tenants."""

    id = Varchar(primary_key=True)
    name = Text()
    slug = Text()
    created_at = BigInt()


class BrandTable(Table, tablename="brands"):
    """Shops."""

    id = Varchar(primary_key=True)
    organization_id = Varchar()
    name = Text()
    slug = Text()
    allowed_origins = JSON()
    default_provider = Text(null=True)
    test = Boolean()
    created_at = BigInt()


class ApiKeyTable(Table, tablename="api_keys"):
    """Keys of brands' servers."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    name = Text()
    mode = Text()
    prefix = Text()
    key_hash = Text()
    signing_secret = Text()
    created_at = BigInt()


class PluginSettingTable(Table, tablename="plugin_settings"):
    """What brands have chosen for plugins; the primary key in the database is brand and plugin."""

    brand_id = Varchar(primary_key=True)
    plugin = Varchar()
    enabled = Boolean()
    priority = BigInt()
    credentials = Text(null=True)
    updated_at = BigInt()


class CheckoutTable(Table, tablename="checkouts"):
    """One row per brand and order id."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    order_id = Text()
    code = Text()
    state = Text()
    claims = JSON()
    payment_id = Varchar(null=True)
    issued_at = BigInt()
    expires_at = BigInt()
    attention = Text(null=True)
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()


class PaymentTable(Table, tablename="payments"):
    """One row per provider and amount that was asked for."""

    id = Varchar(primary_key=True)
    checkout_id = Varchar()
    brand_id = Varchar()
    order_id = Text()
    kind = Text()
    provider = Text()
    demo = Boolean()
    state = Text()
    amount = BigInt()
    currency = Text()
    attempt_id = Varchar()
    reference = Text(null=True)
    transaction_id = Text(null=True)
    saved_method = Text(null=True)
    decline_code = Text(null=True)
    decline_message = Text(null=True)
    decline_retryable = Boolean()
    check_at = BigInt(null=True)
    checks = BigInt()
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()


class PaymentEventTable(Table, tablename="payment_events"):
    """What happened to payments; only ever added to."""

    id = Varchar(primary_key=True)
    payment_id = Varchar()
    checkout_id = Varchar()
    type = Text()
    attempt_id = Varchar()
    amount = BigInt()
    currency = Text()
    detail = JSON()
    at = BigInt()


class SimulatorEntryTable(Table, tablename="simulator_entries"):
    """What simulators remember; the primary key in the database is space and name."""

    space = Text(primary_key=True)
    name = Text()
    value = Text()
