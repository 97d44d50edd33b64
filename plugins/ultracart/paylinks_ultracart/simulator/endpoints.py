"""UltraCart's calls, one function each."""

from decimal import Decimal
from typing import TypeVar

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .books import (
    CartRecord,
    OrderRecord,
    add_cart,
    by_field,
    change_cart,
    change_order,
    find_cart,
    find_order,
    now_dts,
)
from .cards import behaviour_of, burn
from .faults import UltraCartFault
from .ordering import Draft, accident, lost, order_of, tell, view
from .reckoning import CATALOGUE_PRICE, errors_of, reckon
from .refunding import refund_to
from .shapes import Address, Cart, Checkout, Finalize, Import, Order, OrderItem, Query, money

__all__ = ["Call", "cancel", "finalize", "get_cart", "get_order", "import_order", "put_cart", "query", "refund"]

T = TypeVar("T", bound=Struct)
Json = dict[str, object]

_CACHE_LAG_MS = 120_000
_KEPT_AFTER = 3
_DEFAULT_CURRENCY = "USD"


class Call(Struct, frozen=True, kw_only=True):
    """Who asks for what: `name` is the id in the path, `expand` what is to be written out."""

    world: SimulatedWorld
    request: httpx.Request
    merchant_id: str
    name: str
    expand: str

    def body(self, to: type[T]) -> T:
        """Read the body, strictly.

        Raises:
            UltraCartFault: it does not fit.

        """
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise UltraCartFault(400, "Content-Type must be application/json")
        try:
            return msgspec.json.decode(self.request.content, type=to)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UltraCartFault(400, str(error)) from error


def _shown(cart: Cart, errors: list[str] | None = None) -> Json:
    shown: Json = msgspec.to_builtins(cart, builtin_types=(Decimal,))
    shown.pop("payment", None)  # tokens go in and never come out
    return {"cart": shown, "errors": errors or []}


async def get_cart(call: Call) -> Json:
    """``GET /checkout/cart`` makes one, ``GET /checkout/cart/{cart_id}`` reads one."""
    if call.name:
        return _shown((await find_cart(call.world, call.name)).cart)
    return _shown((await add_cart(call.world, call.merchant_id)).cart)


async def put_cart(call: Call) -> Json:
    """``PUT /checkout/cart`` replaces a cart and reckons it."""
    cart = call.body(Cart)
    if errors := errors_of(cart):
        return _shown((await find_cart(call.world, cart.cart_id)).cart, errors)
    cart = reckon(cart, cart.currency_code or _DEFAULT_CURRENCY)
    cart.merchant_id = call.merchant_id

    def edit(record: CartRecord) -> None:
        if record.order_id is not None:
            raise UltraCartFault(400, "Cart not found", code="NOT_FOUND")
        record.cart = cart

    await change_cart(call.world, cart.cart_id, edit)
    return _shown(cart)


async def finalize(call: Call) -> Json:
    """``POST /checkout/cart/finalizeOrder`` makes an order of a cart, once, and asks the gateway."""
    asked = call.body(Finalize)
    cart = asked.cart
    if cart.payment is None:
        return {"successful": False, "errors": ["Payment information is missing"]}
    token = cart.payment.credit_card.card_number_token
    word, how = behaviour_of(token, call.world)
    accident(word, call.request)
    if burned := await burn(token, call.world):
        return {"successful": False, "errors": [burned]}
    declined, kept = how.error is not None, False

    def edit(record: CartRecord) -> None:
        nonlocal kept
        if record.order_id is not None:
            raise UltraCartFault(400, "Cart not found", code="NOT_FOUND")
        record.declines += declined
        # "Charge During Checkout": after some declines of one cart UltraCart keeps the order by itself.
        kept = declined and (how.kept or record.declines % _KEPT_AFTER == 0)
        if not declined or kept:
            record.order_id = "taken"

    await change_cart(call.world, cart.cart_id, edit)
    if declined and not kept:
        return {"successful": False, "errors": [how.error]}
    cart = reckon(cart, cart.currency_code or _DEFAULT_CURRENCY)
    currency, summary = cart.base_currency_code or _DEFAULT_CURRENCY, cart.summary
    draft = Draft(
        currency=currency,
        items=[
            _sold(one.item_id, one.quantity, one.unit_cost.value if one.unit_cost else CATALOGUE_PRICE, currency)
            for one in cart.items
        ],
        shipping_total=summary.shipping_handling.value if summary and summary.shipping_handling else Decimal(0),
        tax=summary.tax.value if summary and summary.tax else Decimal(0),
        checkout=_kept(cart.checkout or Checkout()),
        billing=replace(cart.billing, email_confirm=None) if cart.billing else None,
        shipping=cart.shipping,
    )
    order = await order_of(call.world, call.merchant_id, draft, how)
    lost(word, call.request)
    if how.mute is not None:
        return {"successful": False, "errors": [how.mute]}
    return {"successful": True, "order_id": order.order_id, "errors": [], "order": view(order, "")}


async def import_order(call: Call) -> Json:
    """``POST /channel_partner/import`` makes an order, and charges an earlier order's payment for it."""
    asked = call.body(Import)
    word, how = behaviour_of("", call.world)
    accident(word, call.request)
    try:
        prior = await find_order(call.world, asked.use_prior_payment_information_from_order_id)
    except UltraCartFault:
        return {"success": False, "import_errors": ["The prior order does not exist"], "import_warnings": []}
    if how.error is not None:
        return {"success": False, "import_errors": [how.error], "import_warnings": []}
    currency = prior.order.currency_code
    draft = Draft(
        currency=currency,
        items=[
            _sold(
                one.merchant_item_id,
                one.quantity,
                CATALOGUE_PRICE if one.arbitrary_unit_cost is None else one.arbitrary_unit_cost,
                currency,
            )
            for one in asked.items
        ],
        shipping_total=asked.arbitrary_shipping_handling_total or Decimal(0),
        tax=asked.arbitrary_tax or Decimal(0),
        checkout=Checkout(custom_field1=asked.custom_field1, custom_field2=asked.custom_field2),
        billing=Address(first_name=asked.billto_first_name, last_name=asked.billto_last_name, email=asked.email),
    )
    order = await order_of(call.world, call.merchant_id, draft, how)
    lost(word, call.request)
    return {"success": True, "order_id": order.order_id, "import_errors": [], "import_warnings": [], "metadata": {}}


def _kept(checkout: Checkout) -> Checkout:
    """Write a cart's checkout as an order's: the address has another name there."""
    return replace(checkout, ip_address=None, customer_ip_address=checkout.ip_address)


def _sold(item_id: str, quantity: int, unit: Decimal, currency: str) -> OrderItem:
    return OrderItem(
        merchant_item_id=item_id,
        quantity=quantity,
        unit_cost_with_discount=money(unit, currency),
        total_cost_with_discount=money(unit * quantity, currency),
    )


async def get_order(call: Call) -> Json:
    """``GET /order/orders/{order_id}``."""
    record = await find_order(call.world, call.name)
    return {"success": True, "order": view(record.order, call.expand), "metadata": {}}


async def query(call: Call) -> Json:
    """``POST /order/orders/query``; the cache, which is asked where nothing else is said, lags some minutes."""
    asked = call.body(Query)
    if asked.custom_field_1 is None:
        raise UltraCartFault(400, "The query needs at least one criterion that the simulator knows: custom_field_1")
    found = await by_field(call.world, asked.custom_field_1)
    if asked.query_target == "cache":
        found = [one for one in found if one.created_at + _CACHE_LAG_MS <= call.world.now()]
    return {"success": True, "orders": [view(one.order, call.expand) for one in found], "metadata": {}}


async def cancel(call: Call) -> Json:
    """``POST /order/orders/{order_id}/cancel`` rejects an order; a paid one gets its money back."""

    def edit(record: OrderRecord) -> None:
        order = record.order
        if order.current_stage in ("Rejected", "Completed Order"):
            raise UltraCartFault(400, f"The order is in {order.current_stage}")
        paid = order.payment is not None and order.payment.payment_status == "Processed"
        order.current_stage, order.reject_dts, record.pays_at = "Rejected", now_dts(call.world), None
        if paid and order.payment is not None and order.summary is not None:
            order.payment.payment_status = "Refunded"
            order.summary.total_refunded = order.summary.total

    await change_order(call.world, call.name, edit)
    return {"success": True, "metadata": {}}


async def refund(call: Call) -> Json:
    """``PUT /order/orders/{order_id}/refund`` gives back what the totals have grown by."""
    asked = call.body(Order)

    def edit(record: OrderRecord) -> None:
        refund_to(record.order, asked, now_dts(call.world))

    record = await change_order(call.world, call.name, edit)
    await tell(call.world, record.order, "order_refund")
    return {"success": True, "order": view(record.order, call.expand), "metadata": {}}
