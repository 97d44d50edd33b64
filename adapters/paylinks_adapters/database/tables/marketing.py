"""The tables of what marketing systems are told, and of accounts that wait."""

from piccolo.columns import BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["MarketingNoticeTable", "MarketingPauseTable"]


class MarketingNoticeTable(Table, tablename="marketing_notices"):
    """One row per paid order and system."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    integration = Varchar()
    demo = Boolean()
    payment_id = Varchar()
    checkout_id = Varchar()
    status = Text()
    next_at = BigInt()
    attempts = BigInt()
    failures = BigInt()
    reason = Text(null=True)
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()


class MarketingPauseTable(Table, tablename="marketing_pauses"):
    """Accounts that wait; the primary key in the database is brand, integration and demo."""

    brand_id = Varchar(primary_key=True)
    integration = Varchar()
    demo = Boolean()
    until = BigInt()
    reason = Text()
    created_at = BigInt()
