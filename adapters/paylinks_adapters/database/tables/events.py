"""The tables of the outbox."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["DeliveryTable", "EndpointTable", "OutgoingEventTable", "WebhookSecretTable"]


class OutgoingEventTable(Table, tablename="outgoing_events"):
    """What brands are told of; `data` is text, so that every delivery sends the same bytes."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    checkout_id = Varchar(null=True)
    type = Text()
    data = Text()
    webhook_url = Text(null=True)
    created_at = BigInt()
    fanned_at = BigInt(null=True)


class EndpointTable(Table, tablename="endpoints"):
    """Addresses that brands have chosen."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    url = Text()
    events = JSON()
    description = Text(null=True)
    enabled = Boolean()
    secret = Text()
    previous_secret = Text(null=True)
    previous_until = BigInt(null=True)
    failing_since = BigInt(null=True)
    disabled_reason = Text(null=True)
    created_at = BigInt()
    version = BigInt()
    searched = Text()


class WebhookSecretTable(Table, tablename="webhook_secrets"):
    """What brands' deliveries to checkouts' own addresses are signed with."""

    brand_id = Varchar(primary_key=True)
    secret = Text()
    previous_secret = Text()
    previous_until = BigInt()
    updated_at = BigInt()


class DeliveryTable(Table, tablename="deliveries"):
    """Events on their way to addresses."""

    id = Varchar(primary_key=True)
    event_id = Varchar()
    event_type = Text()
    brand_id = Varchar()
    endpoint_id = Varchar(null=True)
    url = Text()
    lane = Text()
    status = Text()
    attempts = BigInt()
    next_at = BigInt()
    locked_until = BigInt(null=True)
    attempted_at = BigInt(null=True)
    response_status = BigInt(null=True)
    response_headers = JSON()
    response_body = Text(null=True)
    error = Text(null=True)
    created_at = BigInt()
    version = BigInt()
    searched = Text()
