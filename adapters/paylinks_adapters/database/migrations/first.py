"""Migration 1: tenants, settings, checkouts, payments and their events, and what simulators remember."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE organizations (
    id VARCHAR(64) PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organizations_slug ON organizations (slug);

CREATE TABLE brands (
    id VARCHAR(64) PRIMARY KEY,
    organization_id VARCHAR(64) NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    allowed_origins TEXT NOT NULL,
    default_provider TEXT,
    routes_payments BOOLEAN NOT NULL,
    allowed_currencies TEXT NOT NULL,
    theme TEXT NOT NULL,
    test BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX brands_slug ON brands (organization_id, slug);
CREATE INDEX brands_created_at ON brands (created_at, id);

CREATE TABLE api_keys (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    name TEXT NOT NULL,
    mode TEXT NOT NULL,
    prefix TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    signing_secret TEXT NOT NULL,
    scopes TEXT NOT NULL,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys_key_hash ON api_keys (key_hash);

CREATE TABLE plugin_settings (
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    plugin VARCHAR(64) NOT NULL,
    enabled BOOLEAN NOT NULL,
    priority BIGINT NOT NULL,
    credentials TEXT,
    options TEXT,
    list_ids TEXT NOT NULL,
    list_names TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (brand_id, plugin)
);

CREATE TABLE checkouts (
    id VARCHAR(64) PRIMARY KEY,
    brand_id VARCHAR(64) NOT NULL REFERENCES brands (id),
    order_id TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    claims TEXT NOT NULL,
    payment_id VARCHAR(64),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attention TEXT,
    salesperson_id VARCHAR(64),
    commission_rate BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX checkouts_order ON checkouts (brand_id, order_id);
CREATE UNIQUE INDEX checkouts_code ON checkouts (code);
CREATE INDEX checkouts_salesperson ON checkouts (salesperson_id, created_at) WHERE salesperson_id IS NOT NULL;
CREATE INDEX checkouts_expired ON checkouts (expires_at) WHERE state IN ('open', 'failed');

CREATE TABLE payments (
    id VARCHAR(64) PRIMARY KEY,
    checkout_id VARCHAR(64) NOT NULL REFERENCES checkouts (id),
    brand_id VARCHAR(64) NOT NULL,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    upsell_id VARCHAR(64),
    offer_id TEXT,
    description TEXT,
    provider TEXT NOT NULL,
    demo BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    attempt_id VARCHAR(64) NOT NULL,
    opened TEXT,
    reference TEXT,
    transaction_id TEXT,
    saved_method TEXT,
    saved_customer TEXT,
    decline_code TEXT,
    decline_message TEXT,
    decline_retryable BOOLEAN NOT NULL,
    check_at BIGINT,
    checks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX payments_checkout ON payments (checkout_id);
CREATE INDEX payments_saved ON payments (saved_customer) WHERE saved_customer IS NOT NULL;
CREATE UNIQUE INDEX payments_offer ON payments (upsell_id, offer_id) WHERE upsell_id IS NOT NULL;
CREATE INDEX payments_check_at ON payments (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE payment_events (
    id VARCHAR(64) PRIMARY KEY,
    payment_id VARCHAR(64) NOT NULL,
    checkout_id VARCHAR(64) NOT NULL,
    type TEXT NOT NULL,
    attempt_id VARCHAR(64) NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX payment_events_checkout ON payment_events (checkout_id, at);

CREATE TABLE simulator_entries (
    space TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (space, name)
);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
