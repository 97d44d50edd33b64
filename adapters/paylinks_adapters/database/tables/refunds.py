"""The table of refunds."""

from piccolo.columns import BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["RefundTable"]


class RefundTable(Table, tablename="refunds"):
    """One row per refund of a payment."""

    id = Varchar(primary_key=True)
    payment_id = Varchar()
    checkout_id = Varchar()
    brand_id = Varchar()
    order_id = Text()
    provider = Text()
    demo = Boolean()
    origin = Text()
    state = Text()
    amount = BigInt()
    currency = Text()
    refunded_before = BigInt()
    attempt_id = Varchar()
    reference = Text(null=True)
    reason = Text(null=True)
    message = Text(null=True)
    check_at = BigInt(null=True)
    checks = BigInt()
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()
