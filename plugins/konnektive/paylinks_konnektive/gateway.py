"""One merchant's account at Konnektive: the platform's verbs over its API (apidocs.checkoutchamp.com)."""

import httpx
from msgspec.structs import replace

from paylinks_ports import (
    Card,
    CredentialsRejected,
    LookUpResult,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    PaymentResult,
    Pending,
    ProviderRefused,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    operation,
)

from . import parameters, refunds, webhooks
from .catalogue import Cart, Chosen, fill
from .client import KonnektiveClient
from .credentials import KonnektiveCredentials
from .declines import declined
from .operations import ProcessPaymentBody, payment_processed
from .options import KonnektiveOptions
from .orders import OPEN, Orders
from .outcomes import DECLINES, charged, is_over, is_this_attempts, paid
from .sentences import kind_of
from .simulator.cards import card_of
from .wire import View

__all__ = ["KonnektiveGateway"]

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
        return await self._charge(order, reference, parameters.raw_card(card), None)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Pay a new order with the card on file of the customer of an earlier one."""
        if saved.customer is None:
            raise ProviderRefused("Konnektive charges a customer's card on file", details="customerId: is missing")
        return await self._charge(order, None, parameters.card_on_file(saved.customer), None)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the order of this payment; one that is still open tells nothing of a charge that may be under way."""
        view = await self._orders.find(order, reference)
        return NotFound() if view is None else await self._viewed(order, view)

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the order names itself
        """Refund the order."""
        return await refunds.give_back(self._konnektive, refund)

    async def look_up_refund(
        self,
        order: Order,
        refund: RefundOrder,
        reference: str | None,  # noqa: ARG002 - Konnektive gives refunds no id that a refund's answer tells
    ) -> RefundLookUpResult:
        """Read how much the order's transactions have given back."""
        return await refunds.find(self._konnektive, order, refund)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Compare the secret that the postback carries."""
        webhooks.verify(request, self._credentials.webhook_secret)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read which order it is about; what it says of it is not believed."""
        return webhooks.read(request)

    async def check_credentials(self) -> None:
        """Read the campaign."""
        campaign = self._options.campaign_id or self._credentials.campaign_id
        try:
            await self._konnektive.find("/campaign/query/", {"campaignId": campaign} if campaign else {})
        except ProviderRefused as refused:
            raise CredentialsRejected("Konnektive does not show the campaign", details=refused.details) from None

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(
        self, order: Order, reference: str | SavedMethod | None, body: ProcessPaymentBody
    ) -> PaymentResult:
        """Charge a card, or the customer's card on file, for products of the campaign, at the order's own amount."""
        order = replace(order, ip_address=body.ip_address or order.ip_address)
        if isinstance(reference, SavedMethod):
            on_file = parameters.card_on_file(reference.customer or reference.method)
            return await self._charge(order, None, on_file, body.chosen)
        card = body.raw_card
        if card is None and self._credentials.demo:
            card = card_of(body.payment_token or "")
        if card is None:
            raise ProviderRefused("Konnektive charges a card or a customer", details="card: is missing")
        return await self._charge(order, reference, parameters.raw_card(card), body.chosen)

    async def _charge(
        self, order: Order, reference: str | None, source: dict[str, str], chosen: Chosen | None
    ) -> PaymentResult:
        cart = fill(order, self._credentials, self._options, chosen)
        async with self._konnektive.before_money():
            ready = await self._ready(order, reference, cart)
        if not isinstance(ready, tuple):
            return ready
        reference, sales = ready
        return await self._pay(order, parameters.sale(order, cart, reference, sales) | source, reference)

    async def _ready(self, order: Order, reference: str | None, cart: Cart) -> tuple[str, int] | PaymentResult:
        """Give the order that can be charged and how many sales it has had, or what it has come to already."""
        view = await self._orders.take(order, cart, reference)
        reference = view.text("orderId")
        if view.text("orderStatus") not in OPEN:
            # It was paid meanwhile, as after a bank's page; whether anything can be charged twice is never tried.
            return _earlier(await self._viewed(order, view), view)
        if view.text("currencyCode") not in ("", order.money.currency):
            raise ProviderRefused("This campaign charges in another currency", details="options.currency: is wrong")
        sales = await self._orders.sales(reference)
        return Unknown(message=_PAID_AND_OPEN, reference=reference) if _succeeded(sales) else (reference, len(sales))

    async def _pay(self, order: Order, asked: dict[str, str], reference: str) -> PaymentResult:
        answer = await self._konnektive.submit("/order/import/", asked)
        if answer is None:
            return Unknown(message="Konnektive's answer was lost", reference=reference)
        if answer.result != "ERROR":
            return charged(order, answer, reference)
        match kind_of(answer.sentence):
            case "declined":
                return declined(answer.sentence, await self._response_type(reference), reference)
            case "refused" | "nothing_found":
                raise self._konnektive.error(answer)
            case _:
                message = "Konnektive's answer does not say whether it was charged"
                return Unknown(message=message, reference=reference)

    async def _response_type(self, reference: str) -> str:
        """Read whether the last decline was a soft or a hard one; not to know it changes nothing about the decline."""
        try:
            sales = await self._orders.sales(reference)
        except PaylinksError:
            return ""
        return sales[0].text("responseType") if sales else ""

    async def _viewed(self, order: Order, view: View) -> LookUpResult:
        reference = view.text("orderId")
        match view.text("orderStatus"):
            case "COMPLETE":
                return paid(order, view, reference)
            case "PENDING":
                return Pending(reference=reference)
            case "PARTIAL" | "DECLINED":
                return await self._still_open(order, view, reference)
            case _:
                return Unknown(message="It was refunded or canceled at Konnektive's desk", reference=reference)

    async def _still_open(self, order: Order, view: View, reference: str) -> LookUpResult:
        """Tell this attempt's decline from an earlier one's: its transaction is one more than there were before it."""
        if not is_this_attempts(order, view):
            return NotFound()
        sales = await self._orders.sales(reference)
        if _succeeded(sales):
            return Unknown(message=_PAID_AND_OPEN, reference=reference)
        if not is_over(view, sales) or sales[0].text("responseType") not in DECLINES:
            return NotFound()
        return declined(sales[0].text("responseText"), sales[0].text("responseType"), reference)


def _succeeded(sales: tuple[View, ...]) -> bool:
    return any(view.text("responseType") == "SUCCESS" for view in sales)


def _earlier(result: LookUpResult, view: View) -> PaymentResult:
    """Give what an order of this payment has come to, in place of charging it once more."""
    if isinstance(result, Paid | Pending | Unknown):
        return result
    return Unknown(message="Konnektive's order is no longer open", reference=view.text("orderId"))
