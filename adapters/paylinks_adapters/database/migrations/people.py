"""Migration 30: people, their memberships, sessions and secrets; salespeople; mail kept in development."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE users (
    id VARCHAR(64) PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    email_verified BOOLEAN NOT NULL,
    password_hash TEXT,
    second_factor TEXT,
    second_factor_enabled BOOLEAN NOT NULL,
    second_factor_step BIGINT NOT NULL,
    second_factor_misses BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE memberships (
    id VARCHAR(64) PRIMARY KEY,
    user_id VARCHAR(64) NOT NULL REFERENCES users (id),
    organization_id VARCHAR(64) NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    brand_ids TEXT NOT NULL,
    accepted_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX memberships_person ON memberships (user_id, organization_id);
CREATE INDEX memberships_organization ON memberships (organization_id, created_at, id);

CREATE TABLE recovery_codes (
    user_id VARCHAR(64) NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE identities (
    provider VARCHAR(64) NOT NULL,
    subject TEXT NOT NULL,
    user_id VARCHAR(64) NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);

CREATE TABLE sessions (
    id VARCHAR(64) PRIMARY KEY,
    kind TEXT NOT NULL,
    person_id VARCHAR(64) NOT NULL,
    organization_id VARCHAR(64) NOT NULL,
    brand_id VARCHAR(64),
    pending BOOLEAN NOT NULL,
    tries BIGINT NOT NULL,
    proved_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (kind, person_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE login_tokens (
    id VARCHAR(64) PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id VARCHAR(64) REFERENCES users (id),
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX login_tokens_user ON login_tokens (user_id, purpose);
CREATE INDEX login_tokens_expires_at ON login_tokens (expires_at);

CREATE TABLE salespeople (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    commission_rate BIGINT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX salespeople_email ON salespeople (email, brand_id);
CREATE INDEX salespeople_brand ON salespeople (brand_id, created_at, id);

CREATE TABLE mails (
    id VARCHAR(64) PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX mails_created_at ON mails (created_at, id);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
