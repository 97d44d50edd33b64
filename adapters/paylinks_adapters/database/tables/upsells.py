"""The table of upsell sessions."""

from piccolo.columns import JSON, BigInt, Text, Varchar
from piccolo.table import Table

__all__ = ["UpsellSessionTable"]


class UpsellSessionTable(Table, tablename="upsell_sessions"):
    """One row per session."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    checkout_id = Varchar()
    order_id = Text()
    provider = Text()
    currency = Text()
    customer_email = Text()
    state = Text()
    offers = JSON()
    metadata = JSON()
    theme_id = Text(null=True)
    completion_redirect_url = Text(null=True)
    fingerprint = Text()
    expires_at = BigInt()
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()
    searched = Text()
