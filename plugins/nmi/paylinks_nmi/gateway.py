"""One merchant's account at NMI itself, with the operations that the platform offers under NMI's name."""

from typing import ClassVar

from paylinks_ports import Order, PaymentResult, SavedMethod, operation

from .direct_post import DirectPostGateway
from .operations import ProcessPaymentBody, ProcessUpsellBody, payment_processed

__all__ = ["NmiGateway"]


class NmiGateway(DirectPostGateway):
    """NMI, at its own host; a white label's host is set as the plugin's ``api_base``."""

    host: ClassVar[str] = "https://secure.nmi.com"
    title: ClassVar[str] = "NMI"

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(
        self,
        order: Order,
        reference: str | None,  # noqa: ARG002 - nothing is open
        body: ProcessPaymentBody,
    ) -> PaymentResult:
        """Charge a Collect.js token."""
        return await self.sell(order, body.payment_token, save_card=body.save_card)

    @operation("process-upsell", verb="charge_saved", answer=payment_processed)
    async def process_upsell(
        self,
        order: Order,
        saved: SavedMethod,
        body: ProcessUpsellBody,  # noqa: ARG002 - the platform has read it
    ) -> PaymentResult:
        """Charge the card that a paid order has kept."""
        return await self.charge_saved(order, saved)
