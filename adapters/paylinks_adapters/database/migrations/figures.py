"""Migration 60: what a brand's figures and its upsell sessions are found by."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE INDEX payments_brand ON payments (brand_id, created_at);
CREATE INDEX upsell_sessions_brand ON upsell_sessions (brand_id, created_at, id);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
