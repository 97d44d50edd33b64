"""The table of what providers have told us by themselves."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["IncomingEventTable"]


class IncomingEventTable(Table, tablename="incoming_events"):
    """One row per event of a provider."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    provider = Varchar()
    event_id = Text()
    type = Text()
    demo = Boolean()
    method = Text()
    body = Text()
    encoding = Text()
    headers = JSON()
    query = JSON()
    kept = JSON()
    state = Text()
    checkout_id = Varchar(null=True)
    error = Text(null=True)
    attempts = BigInt()
    process_at = BigInt(null=True)
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()
    searched = Text()
