"""Migration 10: refunds, and what payments and orders are found by."""

from .dialects import Dialect, statements_of

__all__ = ["statements"]

_TABLES = """
CREATE TABLE refunds (
    id VARCHAR(64) PRIMARY KEY,
    payment_id VARCHAR(64) NOT NULL REFERENCES payments (id),
    checkout_id VARCHAR(64) NOT NULL,
    brand_id VARCHAR(64) NOT NULL,
    order_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    demo BOOLEAN NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    refunded_before BIGINT NOT NULL,
    attempt_id VARCHAR(64) NOT NULL,
    reference TEXT,
    reason TEXT,
    message TEXT,
    check_at BIGINT,
    checks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX refunds_checkout ON refunds (checkout_id);
CREATE INDEX refunds_check_at ON refunds (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX refunds_reference ON refunds (reference, brand_id, provider) WHERE reference IS NOT NULL;

CREATE INDEX payments_reference ON payments (reference, brand_id, provider) WHERE reference IS NOT NULL;
CREATE INDEX payments_attempt ON payments (attempt_id);
CREATE INDEX payments_order ON payments (brand_id, order_id);
CREATE INDEX payments_paid ON payments (updated_at) WHERE state = 'paid';
CREATE INDEX payment_events_attempt ON payment_events (attempt_id);
CREATE INDEX checkouts_brand ON checkouts (brand_id, created_at, id);
"""


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)
