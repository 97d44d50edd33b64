"""Migration 11: what providers have told us by themselves."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE incoming_events (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    provider VARCHAR(64) NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    demo BOOLEAN NOT NULL,
    method TEXT NOT NULL,
    body TEXT NOT NULL,
    encoding TEXT NOT NULL,
    headers TEXT NOT NULL,
    query TEXT NOT NULL,
    kept TEXT NOT NULL,
    state TEXT NOT NULL,
    checkout_id VARCHAR(64),
    error TEXT,
    attempts BIGINT NOT NULL,
    process_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX incoming_events_event ON incoming_events (brand_id, provider, event_id);
CREATE INDEX incoming_events_process_at ON incoming_events (process_at) WHERE process_at IS NOT NULL;
CREATE INDEX incoming_events_checkout ON incoming_events (checkout_id) WHERE checkout_id IS NOT NULL;
CREATE INDEX incoming_events_brand ON incoming_events (brand_id, created_at, id);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
