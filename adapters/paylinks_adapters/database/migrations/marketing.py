"""Migration 40: what marketing systems are told, and accounts that wait."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE marketing_notices (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    integration VARCHAR(64) NOT NULL,
    demo BOOLEAN NOT NULL,
    payment_id VARCHAR(64) NOT NULL,
    checkout_id VARCHAR(64) NOT NULL,
    status TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    reason TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX marketing_notices_payment ON marketing_notices (payment_id, integration);
CREATE INDEX marketing_notices_checkout ON marketing_notices (checkout_id);
CREATE INDEX marketing_notices_due ON marketing_notices (next_at) WHERE status IN ('pending', 'sending');
CREATE INDEX marketing_notices_over ON marketing_notices (updated_at) WHERE status NOT IN ('pending', 'sending');

CREATE TABLE marketing_pauses (
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    integration VARCHAR(64) NOT NULL,
    demo BOOLEAN NOT NULL,
    until BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id, integration, demo)
);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
