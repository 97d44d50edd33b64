"""Carts at UltraCart: opened, filled, told of, and made ready to be paid. No money moves here."""

from decimal import Decimal

import msgspec

from paylinks_ports import CredentialsRejected, Order, ProviderRefused, ProviderUnavailable, Started, from_major

from . import bodies
from .api import Api
from .bodies import HostedCard
from .credentials import UltraCartCredentials
from .ids import fit
from .redaction import redact
from .wire import Cart, Carted

__all__ = ["CartGone", "Carts"]

_PATH = "/checkout/cart"
_NOT_FOUND = "not found"
_EXPAND = {"_expand": "billing,checkout,items,payment,shipping,summary"}


class CartGone(ProviderRefused):
    """The cart can't be read any more: it has become an order, or has ended."""


class Carts:
    """The carts of one account."""

    def __init__(self, api: Api, credentials: UltraCartCredentials) -> None:
        self._api = api
        self._credentials = credentials

    async def open(self) -> Cart:
        """Open an empty cart; without a browser's cookie each read makes a new one (CheckoutApi.getCart)."""
        _, cart = _cart(await self._api.read("GET", _PATH, Carted, query=_EXPAND))
        if cart.merchant_id is not None and cart.merchant_id.upper() != self._credentials.merchant_id.upper():
            raise CredentialsRejected("The simple key belongs to another UltraCart account than the merchant id")
        return cart

    async def fill(self, order: Order, items: list[dict[str, object]], extra: int | None) -> str:
        """Open a cart for an order and fill it; give its id."""
        opened = await self.open()
        await self._put(bodies.cart(order, opened.cart_id, items, extra))
        return opened.cart_id

    async def tell(self, order: Order, cart_id: str) -> Started:
        """Read a cart, and tell what UltraCart's hosted fields need and what it comes to."""
        _, cart = await self._get(order, cart_id)
        browser = {"cartId": cart_id, "merchantId": self._credentials.merchant_id}
        total = _total(cart)
        if total is not None:
            currency = order.money.currency
            try:
                browser |= {"cartTotal": str(from_major(total, currency).amount), "cartCurrency": currency}
            except ValueError as error:
                raise ProviderUnavailable("UltraCart's answer can't be used", details=str(error)) from None
        return Started(reference=cart_id, browser=browser)

    async def pay(self, order: Order, cart_id: str, card: HostedCard) -> dict[str, object]:
        """Put the card into a cart, and give it back as it goes to be finalized.

        Raises:
            CartGone: it is no cart any more.
            ProviderRefused: it comes to another amount than the order's.

        """
        raw, _ = await self._get(order, cart_id)
        filled = bodies.paying(raw, order, card)
        cart = await self._put(filled)
        if cart.base_currency_code not in (None, order.money.currency):
            details = f"currency: the account's base currency is {cart.base_currency_code}"
            raise ProviderRefused("UltraCart charges in its account's base currency only", details=details)
        total = _total(cart)
        if total != order.money.major:
            details = f"amount: the cart comes to {total}, and the order to {order.money}"
            raise ProviderRefused("UltraCart's cart has another total", details=details)
        return filled

    async def _get(self, order: Order, cart_id: str) -> tuple[dict[str, object], Cart]:
        if not cart_id.isalnum():
            raise ProviderRefused("This is no cart of UltraCart's", details="cartId: is not one")
        try:
            raw, cart = _cart(await self._api.read("GET", f"{_PATH}/{cart_id}", Carted, query=_EXPAND))
        except ProviderRefused as refused:
            if _NOT_FOUND in (refused.details or "").lower():
                raise CartGone(refused.message, details=refused.details) from None
            raise
        if cart.checkout is None and not cart.items:
            raise CartGone("UltraCart's cart is empty", details="cartId: there is nothing in it")
        if cart.checkout is None or cart.checkout.custom_field2 != fit(order.order_id):
            raise ProviderRefused("UltraCart's cart is another order's", details="cartId: is not this order's")
        return raw, cart

    async def _put(self, filled: dict[str, object]) -> Cart:
        return _cart(await self._api.read("PUT", _PATH, Carted, query=_EXPAND, body=filled))[1]


def _cart(answer: Carted) -> tuple[dict[str, object], Cart]:
    """Read a cart, as it came and as we understand it."""
    if answer.errors or answer.success is False:
        told = redact(" ".join(answer.errors or []))
        raise ProviderRefused("UltraCart refuses this cart", details=told or None)
    try:
        raw = msgspec.json.decode(answer.cart, type=dict[str, object])
        return raw, msgspec.json.decode(answer.cart, type=Cart)
    except msgspec.DecodeError:
        raise ProviderUnavailable("UltraCart's answer can't be used") from None


def _total(cart: Cart) -> Decimal | None:
    return cart.summary.total.value if cart.summary and cart.summary.total else None
