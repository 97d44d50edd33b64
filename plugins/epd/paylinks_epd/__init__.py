"""Easy Pay Direct for Paylinks: announces the provider, which is NMI's gateway at another host."""

from typing import ClassVar

from msgspec import structs

from paylinks_nmi import PROVIDER as NMI
from paylinks_nmi import DirectPostGateway, NmiCredentials, browser_part
from paylinks_ports import PaymentProvider, Simulator, hookimpl

__all__ = ["PROVIDER", "EpdCredentials", "EpdGateway", "payment_provider"]


class EpdCredentials(NmiCredentials, frozen=True, kw_only=True, rename="camel"):
    """NMI's fields, with keys of the Easy Pay Direct Gateway; keys of EPD Commerce (``epd_live_…``) are no use here."""


class EpdGateway(DirectPostGateway):
    """Easy Pay Direct's white label of NMI's gateway."""

    host: ClassVar[str] = "https://secure.easypaydirectgateway.com"
    title: ClassVar[str] = "Easy Pay Direct"


PROVIDER = PaymentProvider(
    name="epd",
    title=EpdGateway.title,
    credentials=EpdCredentials,
    gateway=EpdGateway,
    # Its answers are the same at every host.
    simulator=Simulator(
        credentials=EpdCredentials(**structs.asdict(NMI.simulator.credentials)), answer=NMI.simulator.answer
    ),
    idempotency=NMI.idempotency,
    lookup=NMI.lookup,
    browser=browser_part(EpdGateway.host),
)


@hookimpl
def payment_provider() -> PaymentProvider[EpdCredentials]:
    """Announce Easy Pay Direct."""
    return PROVIDER
