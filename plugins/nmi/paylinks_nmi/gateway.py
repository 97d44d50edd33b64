"""One merchant's account at a gateway that speaks NMI's Payment API, under any of its brands; and at NMI itself."""

from typing import ClassVar

import httpx

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    PaymentResult,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    nothing_happened,
    operation,
)

from . import refunds, webhooks
from .api import Api
from .credentials import NmiCredentials
from .declines import declined, redact
from .operations import ProcessPaymentBody, ProcessUpsellBody, payment_processed
from .parameters import major, sale
from .transactions import judge, taken

__all__ = ["DirectPostGateway", "NmiGateway"]

_NOBODY = "paylinks-credentials-check"  # an order id that no attempt has

_KEPT = {"customer_vault": "add_customer", "initiated_by": "customer", "stored_credential_indicator": "stored"}
"""Keeps the card in the Customer Vault if the sale succeeds ("Credential on File", the first transaction)."""

_USED = {"initiated_by": "customer", "stored_credential_indicator": "used"}
"""The customer, who is there, asks to use a kept card ("Unscheduled, Customer Initiated")."""


class DirectPostGateway:
    """Sales, saved cards, refunds, reports and webhooks; a brand of the gateway is a host and a title."""

    host: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, credentials: NmiCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._api = Api(client, host=self.host, title=self.title, security_key=credentials.security_key)
        self._has_vault = True  # until the gateway says otherwise

    async def start(self, order: Order, reference: str | None) -> Started:  # noqa: ARG002 - nothing is ever open
        """Tell the browser what Collect.js needs; the gateway opens nothing before the sale."""
        major(order.money)  # what can't be charged is refused here
        browser = {"collectJsUrl": f"{self.host}/token/Collect.js"}
        if self._credentials.tokenization_key:
            browser["tokenizationKey"] = self._credentials.tokenization_key
        return Started(browser=browser)

    async def charge(
        self, order: Order, reference: str | None, payment_token: str, *, save_card: bool = True
    ) -> PaymentResult:
        """Charge what Collect.js made of the customer's card, which is good for one request."""
        del reference  # nothing is open
        return await self._sell(order, payment_token=payment_token, **(_KEPT if save_card and self._has_vault else {}))

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(self, order: Order, reference: str | None, body: ProcessPaymentBody) -> PaymentResult:
        """Charge a Collect.js token."""
        return await self.charge(order, reference, body.payment_token, save_card=body.save_card)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Charge a card of the Customer Vault, with the customer there."""
        return await self._sell(order, customer_vault_id=saved.method, **_USED)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Search for the attempt, and only then read the transaction that is known.

        A payment keeps its transaction's id over a new attempt, so what that one came to says nothing of this attempt,
        unless it took money. The search may lag behind by some seconds: finding nothing is no proof.
        """
        result = judge(order.money.currency, await self._api.find("order_id", order.attempt_id))
        if not isinstance(result, NotFound) or reference is None:
            return result
        found = await self._api.find("transaction_id", reference)
        known = judge(order.money.currency, found)
        ours = any(one.order_id == order.attempt_id for one in found)
        return known if ours or isinstance(known, Paid) else NotFound()

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the refund says all
        """Void what has not settled and goes back as a whole; refund anything else."""
        return await refunds.refund(self._api, refund)

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:  # noqa: ARG002 - the refund says all
        """Search for the refund's own id, read its transaction, or find its sale voided."""
        return await refunds.look_up_refund(self._api, refund, reference)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the signature with the brand's signing key."""
        webhooks.verify(self._credentials.webhook_signing_key, request)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read the one event of a call."""
        return webhooks.read(request)

    async def check_credentials(self) -> None:
        """Search for nothing, which only an accepted key may; that it may charge, too, is seen with the first sale."""
        await self._api.find("order_id", _NOBODY)

    async def _sell(self, order: Order, **instrument: str) -> PaymentResult:
        answer = await self._api.transact(**sale(order, self._credentials.processor_id), **instrument)
        # What is said of another order is not this one's.
        match answer.verdict if answer.order_id in ("", order.attempt_id) else "doubt":
            case "approved" if answer.order_id:
                # Payment API, "partial payments": the bank may approve less than was asked for, and yet it is approved.
                # The answer names no currency, so that is the one that was asked for.
                return taken(answer, answer.amount_authorized or major(order.money), order.money.currency)
            case "declined":
                return declined(answer.code, answer.text)
            case "no_vault":
                # The token is burned by this request, so charging it again without the vault would be refused.
                first, self._has_vault = self._has_vault, False
                message = f"{self.title} keeps no cards for this merchant, and charged nothing"
                return Declined(code="processing_error", message=message, retryable=first)
            case "refused":
                raise nothing_happened(self.title, "refused", redact(answer.text))
            case verdict:
                return await self._resolve(order, duplicate=verdict == "duplicate")

    async def _resolve(self, order: Order, *, duplicate: bool) -> PaymentResult:
        """Search for a sale whose answer says nothing for sure; it is never sent again.

        A duplicate has the same amount and card as a sale of the last twenty minutes: this very attempt, come twice; an
        earlier attempt of the same payment; or another order, and then nothing was charged for this one. The REFID in
        its text is that of the refused call and names no transaction.
        """
        doubt = Unknown(message=f"{self.title} does not say whether it was charged")
        try:
            result = judge(order.money.currency, await self._api.find("order_id", order.attempt_id))
            # The refused call may be in the report itself, as one that failed.
            if duplicate and isinstance(result, NotFound | Canceled | Declined):
                found = await self._api.find("merchant_defined_field_2", order.payment_id)
                earlier = judge(order.money.currency, found)
                # Attempts that took nothing are no news.
                result = result if isinstance(earlier, NotFound | Canceled | Declined) else earlier
        except PaylinksError:
            return doubt
        match result:
            case Canceled():
                return Declined(code="processing_error", message="The gateway has undone the charge", retryable=True)
            case NotFound() if duplicate:
                message = f"{self.title} refused a second charge of this amount to this card within a short time"
                return Declined(code="duplicate_transaction", message=message, retryable=True)
            case NotFound():
                return doubt
            case _:
                return result


class NmiGateway(DirectPostGateway):
    """NMI, at its own host; a white label's host is set as the plugin's ``api_base``."""

    host: ClassVar[str] = "https://secure.nmi.com"
    title: ClassVar[str] = "NMI"

    @operation("process-upsell", verb="charge_saved", answer=payment_processed)
    async def process_upsell(self, order: Order, saved: SavedMethod, body: ProcessUpsellBody) -> PaymentResult:  # noqa: ARG002 - the platform has read it
        """Charge the card that a paid order has kept."""
        return await self.charge_saved(order, saved)
