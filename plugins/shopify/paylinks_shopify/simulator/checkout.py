"""The customer at Shopify's checkout: pays a draft order's invoice page, as the demo words ask."""

from decimal import Decimal

import httpx
from msgspec import Struct

from paylinks_ports import DemoWord, SimulatedWorld, demo_word

from .books import DraftRecord, OrderRecord, TransactionRecord, change, new_gid
from .mail import order_payload, signed

__all__ = ["pay"]

_PROCESSING_MS = 2_000
_QUARTER_MS = 900_000
_LATE_MS = 2_400_000


class _Behaviour(Struct, frozen=True, kw_only=True):
    """How a card behaves.

    Args:
        error: why it is declined, if it is.
        waits: milliseconds that its payment is pending.
        fails: it is declined after that.
        told: milliseconds that the webhooks about it are late, besides.

    """

    error: str | None = None
    waits: int = 0
    fails: bool = False
    told: int = 0


_WORDS: dict[DemoWord, _Behaviour] = {
    "demo_decline": _Behaviour(error="CARD_DECLINED"),
    "demo_soft_decline": _Behaviour(error="INSUFFICIENT_FUNDS"),
    "demo_processing": _Behaviour(waits=_PROCESSING_MS),
}
_CARDS: dict[str, _Behaviour] = {
    "decline": _WORDS["demo_decline"],
    "short": _WORDS["demo_soft_decline"],
    "slow": _Behaviour(waits=_QUARTER_MS),
    "bounce": _Behaviour(error="CARD_DECLINED", waits=_QUARTER_MS, fails=True),
    "late": _Behaviour(told=_LATE_MS),
}
"""What comes before the dash of a card that is no demo word; any other is paid, and told at once."""


async def pay(reference: str, payment_token: str, world: SimulatedWorld) -> None:
    """Pay a draft order, or what is left to pay of the order that it became; 3-D Secure is the checkout's own affair.

    A card that is declined leaves an order with a failed movement, as where a payment fails after Shopify has taken
    the order; of tries before that a shop learns nothing.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    word = demo_word(payment_token) or world.word()
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached")
    card = payment_token.partition("-")[0]
    how = _WORDS.get(word, _Behaviour()) if word else _CARDS.get(card, _Behaviour())
    made, paid = False, False

    def edit(draft: DraftRecord) -> None:
        nonlocal made, paid
        made, paid = draft.order is None, False
        order = draft.order or OrderRecord(id=new_gid("Order"), name=f"#{draft.id[-4:]}")
        draft.order = order
        if any(one.status in ("SUCCESS", "PENDING") for one in order.transactions):
            return
        order.card = card
        paid = not how.fails and (how.waits > 0 or how.error is None)
        order.transactions.append(
            TransactionRecord(
                id=new_gid("OrderTransaction"),
                kind="SALE",
                status="PENDING" if how.waits else "FAILURE" if how.error else "SUCCESS",
                amount=Decimal(draft.total),
                error_code=how.error,
                settles_at=world.now() + how.waits if how.waits else None,
                fails=how.fails,
            )
        )

    draft = await change(world, reference, edit)
    if draft is not None and paid:
        # Paid comes before created, as it may.
        await world.emit(signed(world, "orders/paid", order_payload(draft)), how.waits + how.told)
    if draft is not None and made:
        await world.emit(signed(world, "orders/create", order_payload(draft)), how.told)
    if word == "demo_timeout":
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost")
