"""An order as its merchant sees it: the checkout, what was paid for it, upsells included, and what went back."""

from msgspec import Struct

from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.refunds import Refund
from paylinks_ports.storage import Found, OrderFilter, Reading, Window

from .attention import Attention, find_attention
from .errors import NotKnown
from .parts import Parts

__all__ = ["ListedOrder", "OrderStory", "find_order", "list_orders", "tell_order"]


class ListedOrder(Struct, frozen=True, kw_only=True):
    """One row of the list.

    Args:
        payment: the one that counts, where there is one.
        refunded: minor units of the order's currency.

    """

    checkout: Checkout
    payment: Payment | None
    refunded: int


class OrderStory(ListedOrder, frozen=True, kw_only=True):
    """All that is known of one order."""

    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    events: tuple[PaymentEvent, ...]
    incoming: tuple[IncomingEvent, ...]
    attention: tuple[Attention, ...]


async def find_order(rows: Reading, brand_id: str, order_id: str) -> Checkout:
    """Find a brand's checkout by the merchant's order id, an upsell's order id, or our own id of the checkout.

    Raises:
        NotKnown: the brand has no such order.

    """
    checkout = await rows.checkouts.by_order(brand_id, order_id) or await rows.checkouts.get(order_id)
    if checkout is None:
        payments = await rows.payments.of_order(brand_id, order_id)
        checkout = await rows.checkouts.get(payments[0].checkout_id) if payments else None
    if checkout is None or checkout.brand_id != brand_id:
        raise NotKnown("orderId: there is no such order")
    return checkout


async def list_orders(parts: Parts, brand_id: str, window: Window, only: OrderFilter) -> Found[ListedOrder]:
    """List a brand's orders, newest first."""
    async with parts.units.reading() as rows:
        found = await rows.checkouts.page(brand_id, window, only)
        refunds = await rows.refunds.of_checkouts([checkout.id for checkout in found.rows])
        listed = tuple(
            [
                ListedOrder(
                    checkout=checkout,
                    payment=await rows.payments.get(checkout.payment_id) if checkout.payment_id else None,
                    refunded=_refunded(checkout, refunds),
                )
                for checkout in found.rows
            ]
        )
    return Found(rows=listed, total=found.total)


async def tell_order(parts: Parts, brand_id: str, order_id: str) -> OrderStory:
    """Tell the whole story of an order.

    Raises:
        NotKnown: the brand has no such order.

    """
    async with parts.units.reading() as rows:
        checkout = await find_order(rows, brand_id, order_id)
        payments = await rows.payments.of_checkout(checkout.id)
        refunds = await rows.refunds.of_checkouts([checkout.id])
        events = await rows.payment_events.of_checkout(checkout.id)
        incoming = await rows.incoming_events.of_checkout(checkout.id)
    return OrderStory(
        checkout=checkout,
        payment=next((one for one in payments if one.id == checkout.payment_id), None),
        refunded=_refunded(checkout, refunds),
        payments=payments,
        refunds=refunds,
        events=events,
        incoming=incoming,
        attention=find_attention(parts, checkout, payments, refunds, incoming),
    )


def _refunded(checkout: Checkout, refunds: tuple[Refund, ...]) -> int:
    return sum(
        refund.amount
        for refund in refunds
        if (refund.checkout_id, refund.currency, refund.state) == (checkout.id, checkout.claims.currency, "succeeded")
    )
