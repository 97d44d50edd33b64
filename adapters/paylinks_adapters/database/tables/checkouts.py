"""The table of checkouts."""

from piccolo.columns import JSON, BigInt, Text, Varchar
from piccolo.table import Table

__all__ = ["CheckoutTable"]


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
    salesperson_id = Varchar(null=True)
    commission_rate = BigInt()
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()
    searched = Text()
    searched_order = Text()
