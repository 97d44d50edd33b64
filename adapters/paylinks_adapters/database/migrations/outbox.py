"""Migration 20: the outbox, which is events, endpoints, brands' webhook secrets, and deliveries."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE outgoing_events (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL,
    checkout_id VARCHAR(64),
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    webhook_url TEXT,
    created_at BIGINT NOT NULL,
    fanned_at BIGINT
);
CREATE INDEX outgoing_events_waiting ON outgoing_events (id) WHERE fanned_at IS NULL;
CREATE INDEX outgoing_events_created_at ON outgoing_events (created_at);

CREATE TABLE endpoints (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    description TEXT,
    enabled BOOLEAN NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_until BIGINT,
    failing_since BIGINT,
    disabled_reason TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX endpoints_brand ON endpoints (brand_id, created_at, id);

CREATE TABLE webhook_secrets (
    brand_id VARCHAR(64) PRIMARY KEY REFERENCES brands (id),
    secret TEXT NOT NULL,
    previous_secret TEXT NOT NULL,
    previous_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE deliveries (
    id VARCHAR(64) PRIMARY KEY,
    event_id VARCHAR(64) NOT NULL,
    event_type TEXT NOT NULL,
    brand_id VARCHAR(64) NOT NULL,
    endpoint_id VARCHAR(64),
    url TEXT NOT NULL,
    lane TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    locked_until BIGINT,
    attempted_at BIGINT,
    response_status BIGINT,
    response_headers TEXT NOT NULL,
    response_body TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX deliveries_next_at ON deliveries (next_at) WHERE status = 'pending';
CREATE INDEX deliveries_taken ON deliveries (lane) WHERE status = 'pending' AND locked_until IS NOT NULL;
CREATE INDEX deliveries_lane ON deliveries (lane) WHERE status = 'pending';
CREATE INDEX deliveries_late ON deliveries (lane, next_at) WHERE status = 'pending' AND attempts >= 2;
CREATE INDEX deliveries_young ON deliveries (lane, event_id) WHERE status = 'pending' AND attempts < 2;
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, created_at, id);
CREATE INDEX deliveries_created_at ON deliveries (created_at);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
