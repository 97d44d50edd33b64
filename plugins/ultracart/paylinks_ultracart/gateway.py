"""One merchant's account at UltraCart: the platform's verbs (www.ultracart.com/api/, REST API v2)."""

import httpx
import msgspec

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    Order,
    PaymentResult,
    Pending,
    ProviderRefused,
    RefundFailed,
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

from . import bodies, outcomes, refunds, webhooks, wire
from .amounts import check_currency
from .api import Api, Refusal, as_error
from .bodies import HostedCard
from .cards import hosted_card
from .carts import CartGone, Carts
from .credentials import UltraCartCredentials, UltraCartOptions
from .declines import is_of_card
from .ids import fit, is_order_id
from .lines import lines_of
from .operations import CartItem, CreateCartBody, ProcessPaymentBody, cart_created, processed
from .orders import WHOLE, Orders, not_charged, not_successful
from .redaction import redact

__all__ = ["UltraCartGateway"]


class UltraCartGateway:
    """Fills carts, makes orders of them, reads orders and gives their money back.

    A cart becomes an order once; the order's custom field 1 holds our attempt's id and field 2 the merchant's order id.
    """

    def __init__(
        self,
        credentials: UltraCartCredentials,
        client: httpx.AsyncClient,
        options: UltraCartOptions = UltraCartOptions(),  # noqa: B008 - it is frozen
    ) -> None:
        self._credentials = credentials
        self._options = options
        self._demo = credentials.demo
        self._api = Api(credentials, client)
        self._carts = Carts(self._api, credentials)
        self._orders = Orders(self._api)

    async def start(self, order: Order, reference: str | None) -> Started:
        """Fill a cart with the order's items at its own prices, or read again the one that is open."""
        return await self._start(order, reference, ())

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Make an order of the cart and have its card charged; the other tokens are in `order.extra`."""
        extra = order.extra
        card = hosted_card(
            payment_token,
            cvv_token=extra.get("cvvToken"),
            month=extra.get("cardExpirationMonth"),
            year=extra.get("cardExpirationYear"),
            type=extra.get("cardType"),
            demo=self._demo,
        )
        try:
            return await self._charge(order, reference, (), card)
        except CartGone:
            # A declined try that UltraCart kept as an order has used its cart up; the order's items go into another.
            return await self._charge(order, None, (), card)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Order more with the payment of an earlier order, whose id is the saved method."""
        check_currency(order.money, self._base_currency)
        body = bodies.importing(order, saved.method, lines_of(order, self._options, demo=self._demo))
        answer = await self._api.ask("POST", "/channel_partner/import", wire.Imported, body=body)
        if isinstance(answer, Refusal):
            return not_charged(answer)
        if answer.success and answer.order_id:
            return await self._orders.settle(order, answer.order_id)
        told = list(answer.import_errors or [])
        if answer.error is not None and answer.error.user_message:
            told.append(answer.error.user_message)
        if told and not answer.order_id and not is_of_card(" ".join(told)):
            raise ProviderRefused("UltraCart refuses this order", details=redact(" ".join(told)))
        return not_successful(answer.order_id, told, stored=bool(answer.order_id))

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the order, or search for the attempt's where only a cart is known.

        The search is asked of the origin, for the cache lags; an order that is just being made is in neither.
        """
        if reference is not None and is_order_id(reference):
            return outcomes.read(order, (await self._orders.get(reference))[1])
        return await self._orders.search(order)

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Close an order that waits unpaid; a cart can be paid through us alone, so it is closed as it is."""
        if not is_order_id(reference):
            found = await self.look_up(order, None)
            return Canceled(reference=reference) if isinstance(found, NotFound) else found
        result = outcomes.read(order, (await self._orders.get(reference))[1])
        if isinstance(result, Pending):  # and never a paid one: canceling that would give its money back
            result = await self._orders.close(order, reference)
        # A declined one that UltraCart has rejected can't be charged any more.
        return Canceled(reference=reference) if isinstance(result, Declined) else result

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Raise the order's refunded totals by this refund, once; where they show it already, it is done."""
        raw, found = await self._orders.get(refund.reference, WHOLE)
        self._refuse_foreign(order, found)
        seen = refunds.read(refund, found)
        if isinstance(seen, Unknown):
            raise ProviderRefused(
                "UltraCart's refunded total is of other refunds than the known ones", details=seen.message
            )
        if not isinstance(seen, NotFound):
            return seen
        reason = self._options.refund_reason or fit(refund.refund_id)
        path = f"/order/orders/{refund.reference}/refund"
        body = bodies.refunding(raw, found, refund, reason)
        answer = await self._api.ask("PUT", path, wire.OrderAnswer, query=WHOLE, body=body)
        if isinstance(answer, Refusal):
            if answer.kind == "refused":
                return RefundFailed(message=answer.message or "UltraCart refuses this refund")
            if answer.kind == "doubt":
                return Unknown(message="UltraCart's answer does not say whether it was refunded")
            raise as_error(answer)
        try:
            after = refunds.read(refund, msgspec.json.decode(answer.order, type=wire.Order))
        except msgspec.DecodeError:
            return Unknown(message="UltraCart's answer does not say whether it was refunded")
        return Unknown(message="UltraCart took the refund, and shows none") if isinstance(after, NotFound) else after

    async def look_up_refund(
        self,
        order: Order,
        refund: RefundOrder,
        reference: str | None,  # noqa: ARG002 - UltraCart gives a refund no id
    ) -> RefundLookUpResult:
        """Read the order's refunded total: it is that of all refunds before this one, or with this one."""
        _, found = await self._orders.get(refund.reference)
        self._refuse_foreign(order, found)
        return refunds.read(refund, found)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the Basic password, which is all that UltraCart sends."""
        webhooks.verify_webhook(self._credentials, request)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read the events as hints."""
        return webhooks.read_webhook(request)

    async def check_credentials(self) -> None:
        """Open a cart, which names the account that the key belongs to, and search for an order that nobody has."""
        await self._carts.open()
        body = {"custom_field_1": "paylinks-credentials-check", "query_target": "cache"}
        await self._api.read("POST", "/order/orders/query", wire.Orders, query={"_limit": "1"}, body=body)

    @operation("create-cart", verb="start", answer=cart_created)
    async def create_cart(self, order: Order, reference: str | None, body: CreateCartBody) -> Started:
        """Fill a cart with items of the catalogue, at its prices, or with the order's own."""
        return await self._start(order, reference, body.items)

    @operation("process-payment", verb="charge", answer=processed)
    async def process_payment(self, order: Order, reference: str | None, body: ProcessPaymentBody) -> PaymentResult:
        """Charge what UltraCart's hosted fields made of the card."""
        if body.cart_id is not None and reference not in (None, body.cart_id):
            raise ProviderRefused("This cart is not the order's", details="cartId: is not this order's")
        card = hosted_card(
            body.payment_token,
            cvv_token=body.cvv_token,
            month=body.card_expiration_month,
            year=body.card_expiration_year,
            type=body.card_type,
            demo=self._demo,
        )
        return await self._charge(order, body.cart_id or reference, body.items, card)

    @property
    def _base_currency(self) -> str | None:
        return None if self._demo else self._options.currency

    async def _start(self, order: Order, reference: str | None, items: tuple[CartItem, ...]) -> Started:
        if reference is not None and is_order_id(reference):
            # It is an order already, which came to nothing; the browser may bring another card for the next one.
            return Started(reference=reference, browser={"merchantId": self._credentials.merchant_id})
        return await self._carts.tell(order, reference or await self._filled(order, items))

    async def _filled(self, order: Order, items: tuple[CartItem, ...]) -> str:
        check_currency(order.money, self._base_currency)
        if items and not self._demo:
            return await self._carts.fill(order, bodies.chosen(items), None)
        named = UltraCartOptions(default_item=items[0].item_id) if items else self._options
        lines = lines_of(order, named, demo=self._demo)
        return await self._carts.fill(order, bodies.priced(order, lines), lines.extra)

    async def _charge(
        self, order: Order, reference: str | None, items: tuple[CartItem, ...], card: HostedCard
    ) -> PaymentResult:
        """Charge once: nothing but the last call can move money, and it is made only for the order's own amount."""
        check_currency(order.money, self._base_currency)
        if reference is not None and is_order_id(reference):
            reference = None  # an earlier try that came to nothing used its cart up
        cart_id = await self._filled(order, items) if reference is None or items else reference
        filled = await self._carts.pay(order, cart_id, card)
        answer = await self._api.ask(
            "POST", "/checkout/cart/finalizeOrder", wire.Finalized, body=bodies.finalizing(filled)
        )
        if isinstance(answer, Refusal):
            return not_charged(answer, cart_id)
        if answer.successful and answer.order_id:
            return await self._orders.settle(order, answer.order_id, answer.order)
        return not_successful(answer.order_id or cart_id, answer.errors or [], stored=bool(answer.order_id))

    @staticmethod
    def _refuse_foreign(order: Order, found: wire.Order) -> None:
        if not outcomes.is_ours(order, found):
            raise ProviderRefused("UltraCart's order is another order's")
