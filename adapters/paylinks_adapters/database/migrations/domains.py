"""Migration 41: brands' domains."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE domains (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    host TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    preferred BOOLEAN NOT NULL,
    reason TEXT,
    missing_since BIGINT,
    lapses_at BIGINT,
    checked_at BIGINT,
    check_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX domains_brand ON domains (brand_id, host);
CREATE UNIQUE INDEX domains_verified ON domains (host) WHERE verified;
CREATE INDEX domains_check_at ON domains (check_at);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
