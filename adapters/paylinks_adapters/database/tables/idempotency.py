"""The table of idempotency keys."""

from piccolo.columns import JSON, BigInt, Text, Varchar
from piccolo.table import Table

__all__ = ["IdempotencyKeyTable"]


class IdempotencyKeyTable(Table, tablename="idempotency_keys"):
    """Callers' keys and the answers kept under them."""

    id = Varchar(primary_key=True)
    fingerprint = Text()
    claim = Text()
    answer = JSON()
    free_at = BigInt()
