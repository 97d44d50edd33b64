"""The table of brands' domains."""

from piccolo.columns import BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["DomainTable"]


class DomainTable(Table, tablename="domains"):
    """One row per brand and host."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    host = Text()
    nonce = Text()
    verified = Boolean()
    preferred = Boolean()
    reason = Text(null=True)
    missing_since = BigInt(null=True)
    lapses_at = BigInt(null=True)
    checked_at = BigInt(null=True)
    check_at = BigInt()
    created_at = BigInt()
    version = BigInt()
