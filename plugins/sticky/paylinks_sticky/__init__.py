"""Sticky.io for Paylinks: announces the provider."""

from paylinks_ports import Idempotency, Lookup, PaymentProvider, hookimpl

from .gateway import StickyGateway
from .settings import StickyCredentials, StickyOptions
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "StickyCredentials", "StickyGateway", "StickyOptions", "payment_provider"]

PROVIDER = PaymentProvider(
    name="sticky",
    title="Sticky.io",
    credentials=StickyCredentials,
    options=StickyOptions,
    gateway=StickyGateway,
    simulator=SIMULATOR,
    idempotency=Idempotency(),
    # An order is found by the attempt id in it; how soon a new one is found is nowhere said, so absence proves nothing.
    lookup=Lookup(
        by_reference="positive", by_attempt="positive", refund_by_reference="positive", refund_by_id="positive"
    ),
)


@hookimpl
def payment_provider() -> PaymentProvider[StickyCredentials]:
    """Announce Sticky.io."""
    return PROVIDER
