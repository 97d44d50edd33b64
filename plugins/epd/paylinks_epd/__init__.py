"""Easy Pay Direct for Paylinks: announces the provider, which is NMI's gateway at another host."""

from paylinks_nmi import IDEMPOTENCY, LOOKUP, browser_part
from paylinks_ports import PaymentProvider, hookimpl

from .credentials import EpdCredentials
from .gateway import EpdGateway
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "EpdCredentials", "EpdGateway", "payment_provider"]

PROVIDER = PaymentProvider(
    name="epd",
    title="Easy Pay Direct",
    credentials=EpdCredentials,
    gateway=EpdGateway,
    simulator=SIMULATOR,
    idempotency=IDEMPOTENCY,
    lookup=LOOKUP,
    browser=browser_part(EpdGateway.host),
)


@hookimpl
def payment_provider() -> PaymentProvider[EpdCredentials]:
    """Announce Easy Pay Direct."""
    return PROVIDER
