"""Migration 2: the audit log."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE audit_entries (
    id VARCHAR(64) PRIMARY KEY,
    organization_id VARCHAR(64) NOT NULL,
    brand_id VARCHAR(64),
    actor_id VARCHAR(64) NOT NULL,
    actor_email TEXT,
    actor_kind TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    changes TEXT NOT NULL,
    ip TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_entries_organization ON audit_entries (organization_id, created_at, id);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
