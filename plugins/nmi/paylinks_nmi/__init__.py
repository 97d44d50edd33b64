"""NMI for Paylinks: announces the provider. `paylinks_epd`, the same gateway at another host, stands on it."""

from paylinks_ports import BrowserHosts, BrowserPart, Idempotency, Lookup, PaymentProvider, hookimpl

from .credentials import NmiCredentials
from .gateway import DirectPostGateway, NmiGateway
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "DirectPostGateway", "NmiCredentials", "NmiGateway", "browser_part", "payment_provider"]


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
    # The Payment API knows no idempotency key, and its check for duplicates is no promise.
    idempotency=Idempotency(),
    # The search may lag some seconds behind a sale: what is found is proof, and what is not found is none.
    lookup=Lookup(
        by_reference="positive", by_attempt="positive", refund_by_reference="positive", refund_by_id="positive"
    ),
    browser=browser_part(NmiGateway.host),
)


@hookimpl
def payment_provider() -> PaymentProvider[NmiCredentials]:
    """Announce NMI."""
    return PROVIDER
