"""The table of salespeople."""

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

__all__ = ["SalespersonTable"]


class SalespersonTable(Table, tablename="salespeople"):
    """Salespeople of all brands."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    email = Text()
    name = Text()
    password_hash = Text()
    commission_rate = BigInt()
    status = Text()
    created_at = BigInt()
    version = BigInt()
    searched = Text()
