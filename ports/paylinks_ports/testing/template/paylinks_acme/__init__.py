"""Acme for Paylinks: announces the provider."""

from paylinks_ports import Idempotency, Lookup, PaymentProvider, hookimpl

from .credentials import AcmeCredentials
from .gateway import AcmeGateway
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "AcmeCredentials", "AcmeGateway", "payment_provider"]

PROVIDER = PaymentProvider(
    name="acme",
    title="Acme",
    credentials=AcmeCredentials,
    gateway=AcmeGateway,
    simulator=SIMULATOR,
    # Only what the provider promises: the platform decides by these two whether money could move twice.
    idempotency=Idempotency(hours=24, powers=frozenset({"charge"})),
    lookup=Lookup(by_reference="authoritative", by_attempt="authoritative"),
)


@hookimpl
def payment_provider() -> PaymentProvider[AcmeCredentials]:
    """Announce Acme."""
    return PROVIDER
