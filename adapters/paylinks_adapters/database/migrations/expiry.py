"""Migration 61: what checkouts whose time is over are found by, those at a bank's step among them."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
DROP INDEX checkouts_expired;
CREATE INDEX checkouts_unpaid ON checkouts (expires_at) WHERE state IN ('open', 'failed', 'processing');
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
