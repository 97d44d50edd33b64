"""UltraCart for Paylinks: announces the provider."""

from paylinks_ports import BrowserHosts, BrowserPart, Idempotency, Lookup, PaymentProvider, hookimpl

from .credentials import UltraCartCredentials, UltraCartOptions
from .gateway import UltraCartGateway
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "UltraCartCredentials", "UltraCartGateway", "UltraCartOptions", "payment_provider"]

_SECURE, _VAULT = "https://secure.ultracart.com", "https://token.ultracart.com"

PROVIDER = PaymentProvider(
    name="ultracart",
    title="UltraCart",
    credentials=UltraCartCredentials,
    options=UltraCartOptions,
    gateway=UltraCartGateway,
    simulator=SIMULATOR,
    idempotency=Idempotency(),
    # A call waits for its turn at the account, and a gateway of a bank behind UltraCart may take a minute.
    timeout_seconds=90,
    # An order that is just being made is not found yet, so not finding one proves nothing; an order's total neither,
    # while a refund may still be on its way.
    lookup=Lookup(
        by_reference="positive", by_attempt="positive", refund_by_reference="positive", refund_by_id="positive"
    ),
    browser=BrowserPart(
        label="Card",
        package=__name__,
        module="browser.js",
        hosts=BrowserHosts(script=(_SECURE, _VAULT), frame=(_VAULT,)),
    ),
)


@hookimpl
def payment_provider() -> PaymentProvider[UltraCartCredentials]:
    """Announce UltraCart."""
    return PROVIDER
