"""The tables of payments and their events."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["PaymentEventTable", "PaymentTable"]


class PaymentTable(Table, tablename="payments"):
    """One row per provider and amount that was asked for."""

    id = Varchar(primary_key=True)
    checkout_id = Varchar()
    brand_id = Varchar()
    order_id = Text()
    kind = Text()
    upsell_id = Varchar(null=True)
    offer_id = Text(null=True)
    description = Text(null=True)
    provider = Text()
    demo = Boolean()
    state = Text()
    amount = BigInt()
    currency = Text()
    attempt_id = Varchar()
    opened = Text(null=True)
    reference = Text(null=True)
    transaction_id = Text(null=True)
    saved_method = Text(null=True)
    saved_customer = Text(null=True)
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
