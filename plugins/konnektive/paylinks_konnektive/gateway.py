"""One merchant's account at Konnektive: the platform's verbs over its API (apidocs.checkoutchamp.com)."""

import re

import httpx
from msgspec.structs import replace

from paylinks_ports import (
    Card,
    CredentialsRejected,
    LookUpResult,
    Money,
    NotFound,
    Order,
    PaylinksError,
    PaymentResult,
    ProviderRefused,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    judge_total,
    operation,
    read_amount,
    read_postback,
    verify_postback,
    write_amount,
)

from .catalogue import fill
from .client import KonnektiveClient
from .operations import ProcessPaymentBody, payment_processed
from .orders import Orders, is_over, succeeded
from .parameters import attempt_of, card_on_file, raw_card, sale, shorten
from .results import RETRYABLE, charged, declined, settled
from .settings import KonnektiveCredentials, KonnektiveOptions
from .simulator.cards import card_of

__all__ = ["KonnektiveGateway"]

_ORDER = re.compile(r"[A-Za-z0-9-]{1,40}")
_PAID_AND_OPEN = "Konnektive shows a sale that succeeded in an order that is still open"


class KonnektiveGateway:
    """Opens orders by a lead, and pays them with a raw card or the customer's card on file."""

    def __init__(
        self, credentials: KonnektiveCredentials, client: httpx.AsyncClient, *, options: KonnektiveOptions | None = None
    ) -> None:
        self._credentials = credentials
        self._options = options or KonnektiveOptions()
        self._konnektive = KonnektiveClient(credentials, client)
        self._orders = Orders(self._konnektive)

    async def start(self, order: Order, reference: str | None) -> Started:
        """Import a lead, once the order is sure to be sellable: it mints the order's id before any card."""
        cart = fill(order, self._credentials, self._options)
        return Started(reference=reference or await self._orders.lead(order, cart))

    async def charge_card(self, order: Order, reference: str | None, card: Card) -> PaymentResult:
        """Pay the lead's order with a raw card, for Konnektive knows no token of one."""
        return await self._charge(order, reference, raw_card(card))

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Pay a new order with the card on file of the customer of an earlier one."""
        if saved.customer is None:
            raise ProviderRefused("Konnektive charges a customer's card on file", details="customerId: is missing")
        return await self._charge(order, None, card_on_file(saved.customer))

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(
        self, order: Order, reference: str | SavedMethod | None, body: ProcessPaymentBody
    ) -> PaymentResult:
        """Charge a card, or the customer's card on file, for products of the campaign, at the order's own amount."""
        order = replace(order, ip_address=body.ip_address or order.ip_address)
        if isinstance(reference, SavedMethod):
            return await self._charge(order, None, card_on_file(reference.customer or reference.method), body)
        card = body.raw_card or (card_of(body.payment_token or "") if self._credentials.demo else None)
        if card is None:
            raise ProviderRefused("Konnektive charges a card or a customer", details="card: is missing")
        return await self._charge(order, reference, raw_card(card), body)

    async def _charge(
        self, order: Order, reference: str | None, source: dict[str, str], chosen: ProcessPaymentBody | None = None
    ) -> PaymentResult:
        cart = fill(order, self._credentials, self._options, chosen)
        async with self._konnektive.before_money():
            view = await self._orders.take(order, cart, reference)
            reference = view.text("orderId")
            if done := settled(order, view, reference):
                # It was paid meanwhile, as after a bank's page; whether anything can be charged twice is never tried.
                return done
            if view.text("currencyCode") not in ("", order.money.currency):
                raise ProviderRefused("This campaign charges in another currency", details="options.currency: is wrong")
            sales = await self._orders.sales(reference)
        if succeeded(sales):
            return Unknown(message=_PAID_AND_OPEN, reference=reference)
        answer = await self._konnektive.submit("/order/import/", sale(order, cart, reference, len(sales)) | source)
        match answer.kind:
            case "declined":
                return declined(answer.sentence, await self._response_type(reference), reference)
            case "refused" | "nothing_found":
                raise answer.error
            case _:
                return charged(order, answer, reference)

    async def _response_type(self, reference: str) -> str:
        """Read whether the last decline was a soft or a hard one; not to know it changes nothing about the decline."""
        try:
            sales = await self._orders.sales(reference)
        except PaylinksError:
            return ""
        return sales[0].text("responseType") if sales else ""

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the order of this payment; one that is still open tells nothing of a charge that may be under way."""
        view = await self._orders.find(order, reference)
        if view is None:
            return NotFound()
        reference = view.text("orderId")
        if done := settled(order, view, reference):
            return done
        # This attempt's decline is told from an earlier one's: its sale is one more than there were before it.
        if view.text("custom1") != shorten(order.attempt_id):
            return NotFound()
        sales = await self._orders.sales(reference)
        if succeeded(sales):
            return Unknown(message=_PAID_AND_OPEN, reference=reference)
        if not is_over(view, sales) or sales[0].text("responseType") not in RETRYABLE:
            return NotFound()
        return declined(sales[0].text("responseText"), sales[0].text("responseType"), reference)

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the order names itself
        """Refund the order; there is no place for an id of ours."""
        much = {"fullRefund": "1"} if refund.whole else {"refundAmount": write_amount(refund.money)}
        answer = await self._konnektive.submit("/order/refund/", {"orderId": refund.reference} | much)
        match answer.kind:
            case "success":
                return Refunded(reference=refund.refund_id, money=refund.money)
            case "refused" | "declined" | "nothing_found":
                return RefundFailed(message=answer.sentence)
            case _:
                return Unknown(message="Konnektive's answer is lost, or does not say whether it was refunded")

    async def look_up_refund(
        self,
        order: Order,
        refund: RefundOrder,
        reference: str | None,  # noqa: ARG002 - Konnektive gives refunds no id that a refund's answer tells
    ) -> RefundLookUpResult:
        """Compare what the order has given back altogether with what it must have, if this refund was made."""
        given = 0
        for view in await self._orders.transactions(refund.reference, "REFUND", "VOID"):
            if view.text("responseType") != "SUCCESS":
                continue
            currency = view.text("currencyCode") or order.money.currency
            try:
                back = read_amount(view.text("totalAmount").removeprefix("-"), currency)
            except ValueError:
                back = None
            if back is None or back.currency != refund.money.currency:
                raise ProviderUnavailable("Konnektive's transaction does not say what it gave back")
            given += back.amount
        return judge_total(refund, Money(given, refund.money.currency))

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Compare the secret that the postback carries."""
        verify_postback(request, self._credentials.webhook_secret)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read which order it is about, by the template in the README; what it says of it is not believed."""
        return read_postback(request, order="orderId", shape=_ORDER, attempt="custom1", read_attempt=attempt_of)

    async def check_credentials(self) -> None:
        """Read the campaign."""
        campaign = self._options.campaign_id or self._credentials.campaign_id
        try:
            await self._konnektive.find("/campaign/query/", {"campaignId": campaign} if campaign else {})
        except ProviderRefused as refused:
            raise CredentialsRejected("Konnektive does not show the campaign", details=refused.details) from None
