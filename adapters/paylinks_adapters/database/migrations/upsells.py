"""Migration 3: upsell sessions."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE upsell_sessions (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    checkout_id VARCHAR(64) NOT NULL REFERENCES checkouts (id),
    order_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    currency TEXT NOT NULL,
    customer_email TEXT NOT NULL,
    state TEXT NOT NULL,
    offers TEXT NOT NULL,
    metadata TEXT NOT NULL,
    theme_id TEXT,
    completion_redirect_url TEXT,
    fingerprint TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX upsell_sessions_order ON upsell_sessions (brand_id, order_id);
CREATE INDEX upsell_sessions_checkout ON upsell_sessions (checkout_id);
CREATE INDEX upsell_sessions_expired ON upsell_sessions (expires_at) WHERE state = 'active';
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
