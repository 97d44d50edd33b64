"""One merchant's account at UltraCart: the platform's verbs (www.ultracart.com/api/, REST API v2)."""

import httpx
from msgspec.structs import replace

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
    decimals,
    operation,
)

from . import bodies, orders, refunds, webhooks, wire
from .api import Api
from .cards import read_card, whole_card
from .carts import CartGone, Carts, check_currency
from .credentials import UltraCartCredentials, UltraCartOptions
from .declines import reason
from .documents import Document, fit, is_order_id
from .operations import CartItem, CreateCartBody, ProcessPaymentBody, cart_created, processed
from .orders import Orders

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
        self._demo = credentials.demo
        # In demo mode everything is in the catalogue.
        self._options = replace(options, default_item=options.default_item or ("DEMO" if self._demo else None))
        self._api = Api(credentials, client)
        self._carts = Carts(self._api, credentials.merchant_id)
        self._orders = Orders(self._api)

    async def start(self, order: Order, reference: str | None) -> Started:
        """Fill a cart with the order's items at its own prices, or read again the one that is open."""
        return await self.create_cart(order, reference, CreateCartBody())

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Make an order of the cart and have its card charged; the other tokens are in `order.extra`."""
        card = read_card(payment_token, order.extra)
        try:
            return await self.process_payment(order, reference, card)
        except CartGone:
            # A declined try that UltraCart kept as an order has used its cart up; the order's items go into another.
            return await self.process_payment(order, None, card)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Order more with the payment of an earlier order, whose id is the saved method."""
        self._check_currency(order)
        body = bodies.importing(order, saved.method, self._options)
        return await self._orders.make(order, "/channel_partner/import", wire.Imported, body)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the order, or search for the attempt's where only a cart is known.

        The search is asked of the origin, for the cache lags; an order that is just being made is in neither.
        """
        if reference is not None and is_order_id(reference):
            return orders.read(order, await self._orders.get(reference))
        return await self._orders.search(order)

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Close an order that waits unpaid; a cart can be paid through us alone, so it is closed as it is."""
        if not is_order_id(reference):
            found = await self._orders.search(order)
            return Canceled(reference=reference) if isinstance(found, NotFound) else found
        result = await self.look_up(order, reference)
        if isinstance(result, Pending):  # and never a paid one: canceling that would give its money back
            result = await self._orders.close(order, reference)
        # A declined one that UltraCart has rejected can't be charged any more.
        return Canceled(reference=reference) if isinstance(result, Declined) else result

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Raise the order's refunded totals by this refund, once; where they show it already, it is done."""
        found = await self._orders.own(order, refund.reference, orders.WHOLE)
        seen = refunds.read(refund, found)
        if isinstance(seen, Unknown):
            message = "UltraCart's refunded total is of other refunds than the known ones"
            raise ProviderRefused(message, details=seen.message)
        if not isinstance(seen, NotFound):
            return seen
        body = refunds.refunding(found, refund, self._options.refund_reason or fit(refund.refund_id))
        path, query = f"/order/orders/{refund.reference}/refund", {"_expand": orders.WHOLE}
        try:
            answer = await self._api.ask("PUT", path, wire.OrderAnswer, query=query, body=body)
        except ProviderRefused as refused:
            if reason(refused.details or "") is not None:
                return RefundFailed(message=refused.details or "UltraCart refuses this refund")
            answer = None  # the gateway behind it did not answer
        if answer is None:
            return Unknown(message="UltraCart's answer does not say whether it was refunded")
        after = refunds.read(refund, Document(answer.order))
        return Unknown(message="UltraCart took the refund, and shows none") if isinstance(after, NotFound) else after

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        """Read the order's refunded total: it is that of all refunds before this one, or with this one."""
        del reference  # UltraCart gives a refund no id
        return refunds.read(refund, await self._orders.own(order, refund.reference))

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the Basic password, which is all that UltraCart sends."""
        webhooks.verify_webhook(self._credentials.webhook_secret, request)

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
        if reference is not None and is_order_id(reference):
            # It is an order already, which came to nothing; the browser may bring another card for the next one.
            return Started(reference=reference, browser={"merchantId": self._credentials.merchant_id})
        return await self._carts.tell(order, reference or await self._filled(order, body.items))

    @operation("process-payment", verb="charge", answer=processed)
    async def process_payment(self, order: Order, reference: str | None, body: ProcessPaymentBody) -> PaymentResult:
        """Charge what UltraCart's hosted fields made of the card."""
        if body.cart_id is not None and reference not in (None, body.cart_id):
            raise ProviderRefused("This cart is not the order's", details="cartId: is not this order's")
        self._check_currency(order)
        card = whole_card(body, demo=self._demo)
        cart_id = body.cart_id or reference
        if cart_id is None or body.items or is_order_id(cart_id):
            # An earlier try that came to nothing, and is an order now, used its cart up.
            cart_id = await self._filled(order, body.items)
        # Nothing but the last call can move money, and it is made only for the order's own amount.
        finalizing = bodies.finalizing(await self._carts.pay(order, cart_id, card))
        return await self._orders.make(order, "/checkout/cart/finalizeOrder", wire.Finalized, finalizing, cart_id)

    async def _filled(self, order: Order, items: tuple[CartItem, ...]) -> str:
        self._check_currency(order)
        if items and not self._demo:
            return await self._carts.fill(order, bodies.chosen(items), None)
        options = UltraCartOptions(default_item=items[0].item_id) if items else self._options
        return await self._carts.fill(order, *bodies.priced(order, options))

    def _check_currency(self, order: Order) -> None:
        # UltraCart's documents show cents and say nothing of currencies with three digits: those are refused.
        decimals(order.money, 0, 2)
        check_currency(order, None if self._demo else self._options.currency)
