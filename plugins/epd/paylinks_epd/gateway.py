"""One merchant's account at the Easy Pay Direct Gateway, with the operation that the platform offers under its name."""

from typing import ClassVar

from paylinks_nmi import DirectPostGateway, ProcessPaymentBody, payment_processed
from paylinks_ports import Order, PaymentResult, operation

__all__ = ["EpdGateway"]


class EpdGateway(DirectPostGateway):
    """Easy Pay Direct's white label of NMI's gateway."""

    host: ClassVar[str] = "https://secure.easypaydirectgateway.com"
    title: ClassVar[str] = "Easy Pay Direct"

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(
        self,
        order: Order,
        reference: str | None,  # noqa: ARG002 - nothing is open
        body: ProcessPaymentBody,
    ) -> PaymentResult:
        """Charge a Collect.js token."""
        return await self.sell(order, body.payment_token, save_card=body.save_card)
