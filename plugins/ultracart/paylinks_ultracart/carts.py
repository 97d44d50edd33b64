"""Carts at UltraCart: opened, filled, told of, and made ready to be paid. No money moves here."""

from decimal import Decimal

from paylinks_ports import CredentialsRejected, Order, ProviderRefused, Started, from_major, nothing_happened

from . import bodies
from .api import Api
from .documents import Document, Json, amount, document
from .operations import ProcessPaymentBody
from .wire import Carted, redact

__all__ = ["CartGone", "Carts", "check_currency"]

_PATH = "/checkout/cart"
_EXPAND = {"_expand": "billing,checkout,items,payment,shipping,summary"}


class CartGone(ProviderRefused):
    """The cart can't be read any more: it has become an order, or has ended."""


def check_currency(order: Order, base_currency: object) -> None:
    """Return where an order is in the account's base currency; where that is not known, any is.

    Raises:
        ProviderRefused: it is not.

    """
    currency = order.money.currency
    if base_currency not in (None, currency):
        details = f"options.currency: the account's base currency is {base_currency}, and the order's {currency}"
        raise ProviderRefused("UltraCart charges in its account's base currency only", details=details)


class Carts:
    """The carts of one account."""

    def __init__(self, api: Api, merchant_id: str) -> None:
        self._api = api
        self._merchant_id = merchant_id

    async def open(self) -> str:
        """Open an empty cart and give its id; without a browser's cookie each read makes one (CheckoutApi.getCart)."""
        cart = await self._call("GET", _PATH)
        named = cart.fields.get("merchant_id")
        if named is not None and str(named).upper() != self._merchant_id.upper():
            raise CredentialsRejected("The simple key belongs to another UltraCart account than the merchant id")
        return cart.text("cart_id")

    async def fill(self, order: Order, items: list[Json], shipping: Decimal | None) -> str:
        """Open a cart for an order and fill it; give its id."""
        cart_id = await self.open()
        await self._call("PUT", _PATH, bodies.cart(order, cart_id, items, shipping))
        return cart_id

    async def tell(self, order: Order, cart_id: str) -> Started:
        """Read a cart, and tell what UltraCart's hosted fields need and what it comes to."""
        cart = await self._get(order, cart_id)
        browser = {"cartId": cart_id, "merchantId": self._merchant_id}
        total, currency = amount(cart.view("summary"), "total"), order.money.currency
        if not total.is_nan():
            try:
                browser |= {"cartTotal": str(from_major(total, currency).amount), "cartCurrency": currency}
            except ValueError as error:
                raise nothing_happened("UltraCart", "doubt", str(error)) from None
        return Started(reference=cart_id, browser=browser)

    async def pay(self, order: Order, cart_id: str, card: ProcessPaymentBody) -> Json:
        """Put the card into a cart, and give it back as it goes to be finalized.

        Raises:
            CartGone: it is no cart any more.
            ProviderRefused: it comes to another amount than the order's.

        """
        filled = bodies.paying(await self._get(order, cart_id), order, card)
        cart = await self._call("PUT", _PATH, filled)
        check_currency(order, cart.fields.get("base_currency_code"))
        total = amount(cart.view("summary"), "total")
        if total != order.money.major:
            details = f"amount: the cart comes to {total}, and the order to {order.money}"
            raise ProviderRefused("UltraCart's cart has another total", details=details)
        return filled

    async def _get(self, order: Order, cart_id: str) -> Document:
        if not (cart_id.isascii() and cart_id.isalnum()):
            raise ProviderRefused("This is no cart of UltraCart's", details="cartId: is not one")
        try:
            cart = await self._call("GET", f"{_PATH}/{cart_id}")
        except ProviderRefused as refused:
            if "not found" in (refused.details or "").lower():
                raise CartGone(refused.message, details=refused.details) from None
            raise
        if not cart.views("items") and not cart.mark("custom_field2"):
            raise CartGone("UltraCart's cart is empty", details="cartId: there is nothing in it")
        if not cart.is_of(order):
            raise ProviderRefused("UltraCart's cart is another order's", details="cartId: is not this order's")
        return cart

    async def _call(self, method: str, path: str, body: Json | None = None) -> Document:
        answer = await self._api.read(method, path, Carted, query=_EXPAND, body=body)
        if answer.errors or answer.success is False:
            told = redact(" ".join(answer.errors or []))
            raise ProviderRefused("UltraCart refuses this cart", details=told or None)
        return document(answer.cart, "cart_id")
