"""NMI for Paylinks: announces the provider. `paylinks_epd`, the same gateway at another host, stands on it."""

from paylinks_ports import BrowserHosts, BrowserPart, Idempotency, Lookup, PaymentProvider, hookimpl

from .credentials import NmiCredentials
from .direct_post import DirectPostGateway
from .gateway import NmiGateway
from .operations import PaymentProcessed, ProcessPaymentBody, payment_processed
from .simulator import SIMULATOR, answer

__all__ = [
    "IDEMPOTENCY",
    "LOOKUP",
    "PROVIDER",
    "DirectPostGateway",
    "NmiCredentials",
    "NmiGateway",
    "PaymentProcessed",
    "ProcessPaymentBody",
    "answer",
    "browser_part",
    "payment_processed",
    "payment_provider",
]

# The Payment API knows no idempotency key, and its check for duplicates is no promise.
IDEMPOTENCY = Idempotency()
# The search may lag some seconds behind a sale: what is found is proof, and what is not found is none.
LOOKUP = Lookup(by_reference="positive", by_attempt="positive", refund_by_reference="positive", refund_by_id="positive")


def browser_part(host: str) -> BrowserPart:
    """Tell how a page takes cards with the Collect.js of a gateway's host; all it loads and calls is there."""
    hosts = BrowserHosts(script=(host,), frame=(host,), connect=(host,))
    return BrowserPart(label="Card", package=__name__, module="browser.js", hosts=hosts)


PROVIDER = PaymentProvider(
    name="nmi",
    title="NMI",
    credentials=NmiCredentials,
    gateway=NmiGateway,
    simulator=SIMULATOR,
    idempotency=IDEMPOTENCY,
    lookup=LOOKUP,
    browser=browser_part(NmiGateway.host),
)


@hookimpl
def payment_provider() -> PaymentProvider[NmiCredentials]:
    """Announce NMI."""
    return PROVIDER
