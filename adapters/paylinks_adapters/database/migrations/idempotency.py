"""Migration 21: idempotency keys and the answers kept under them."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE idempotency_keys (
    id VARCHAR(64) PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    claim TEXT NOT NULL,
    answer TEXT NOT NULL,
    free_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_free_at ON idempotency_keys (free_at);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
