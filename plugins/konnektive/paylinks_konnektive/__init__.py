"""Konnektive (CheckoutChamp) for Paylinks: announces the provider."""

from paylinks_ports import Idempotency, Lookup, PaymentProvider, hookimpl

from .gateway import KonnektiveGateway
from .settings import KonnektiveCredentials, KonnektiveOptions
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "KonnektiveCredentials", "KonnektiveGateway", "KonnektiveOptions", "payment_provider"]

PROVIDER = PaymentProvider(
    name="konnektive",
    title="Konnektive / CheckoutChamp",
    credentials=KonnektiveCredentials,
    options=KonnektiveOptions,
    gateway=KonnektiveGateway,
    simulator=SIMULATOR,
    idempotency=Idempotency(),
    # An order that is still open may be one whose charge is under way, so only what is there proves anything.
    lookup=Lookup(
        by_reference="positive", by_attempt="positive", refund_by_reference="positive", refund_by_id="positive"
    ),
)


@hookimpl
def payment_provider() -> PaymentProvider[KonnektiveCredentials]:
    """Announce Konnektive."""
    return PROVIDER
