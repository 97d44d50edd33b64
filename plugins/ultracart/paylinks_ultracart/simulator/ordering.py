"""From a cart or an import to an order: the gateway is asked, and the demo words say what it answers."""

import base64
import secrets
from decimal import Decimal

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import DemoWord, SimulatedWorld, WebhookRequest

from ..credentials import DEMO_CREDENTIALS
from .books import OrderRecord, add_order, now_dts
from .cards import Behaviour
from .shapes import Address, Checkout, Order, OrderItem, OrderPayment, OrderSummary, Transaction, money

__all__ = ["Draft", "accident", "lost", "order_of", "tell", "view"]

_RETRY_MS = 86_400_000
"""An order that is kept though it was declined is charged again, if nobody cancels it (Accounts Receivable retry)."""
_EXPANDABLE = frozenset(
    {"billing", "checkout", "coupon", "item", "payment", "payment.transaction", "shipping", "summary", "taxes"}
)


class Draft(Struct, kw_only=True):
    """What an order is made of."""

    currency: str
    items: list[OrderItem]
    shipping_total: Decimal
    tax: Decimal
    checkout: Checkout
    billing: Address | None = None
    shipping: Address | None = None


async def order_of(world: SimulatedWorld, merchant_id: str, draft: Draft, how: Behaviour) -> Order:
    """Make an order, paid but where the card behaves otherwise."""
    subtotal = sum((item.total_cost_with_discount.value for item in draft.items), Decimal(0))
    waits = how.waits
    status, stage = ("Unprocessed", "Pending Clearance") if waits else ("Processed", "Shipping Department")
    if how.error is not None:
        status, stage, waits = "Declined", "Accounts Receivable", _RETRY_MS
    currency = draft.currency
    order = Order(
        order_id=f"{merchant_id}-{secrets.randbelow(10**10):010}",
        merchant_id=merchant_id,
        creation_dts=now_dts(world),
        currency_code=currency,
        current_stage=stage,
        billing=draft.billing,
        shipping=draft.shipping,
        checkout=draft.checkout,
        items=draft.items,
        payment=OrderPayment(
            payment_method="Credit Card",
            payment_status=status,
            payment_dts=now_dts(world) if status == "Processed" else None,
            test_order=True,
            transactions=[
                Transaction(
                    transaction_id=secrets.randbelow(10**9) + 1,
                    transaction_gateway="Simulator",
                    transaction_timestamp=now_dts(world),
                    successful=status == "Processed",
                    details=[{"name": "response", "value": how.error}] if how.error else [],
                )
            ],
        ),
        summary=OrderSummary(
            subtotal=money(subtotal, currency),
            tax=money(draft.tax, currency),
            shipping_handling_total=money(draft.shipping_total, currency),
            total=money(subtotal + draft.tax + draft.shipping_total, currency),
        ),
    )
    pays_at = world.now() + waits if waits else None
    await add_order(world, OrderRecord(order=order, created_at=world.now(), pays_at=pays_at))
    if how.error is not None:
        await tell(world, order, "order_payment_failed", "order_create")
    elif waits:
        await tell(world, order, "order_create", delay=how.told)
        await tell(world, order, "order_payment_process", delay=waits + how.told)
    else:
        await tell(world, order, "order_payment_process", "order_create", delay=how.told)
    return order


def accident(word: DemoWord | None, request: httpx.Request) -> None:
    """Raise what a demo word asks for before anything happens."""
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached", request=request)


def lost(word: DemoWord | None, request: httpx.Request) -> None:
    """Raise what a demo word asks for after everything happened."""
    if word == "demo_timeout":
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost", request=request)


def view(order: Order, expand: str) -> dict[str, object]:
    """Write an order with what was asked for; without `_expand` most of it is left out."""
    wanted = {part for part in expand.split(",") if part in _EXPANDABLE}
    shown: dict[str, object] = msgspec.to_builtins(order, builtin_types=(Decimal,))
    for name, part in (
        ("billing", "billing"),
        ("shipping", "shipping"),
        ("checkout", "checkout"),
        ("items", "item"),
        ("payment", "payment"),
        ("summary", "summary"),
    ):
        if part not in wanted:
            shown.pop(name, None)
    payment = shown.get("payment")
    if isinstance(payment, dict) and "payment.transaction" not in wanted:
        payment.pop("transactions", None)
    return shown


async def tell(world: SimulatedWorld, order: Order, *names: str, delay: int = 0) -> None:
    """Send a webhook of some events, which UltraCart puts into one call as they come."""
    encoded = base64.b64encode(f"paylinks:{DEMO_CREDENTIALS.webhook_secret}".encode()).decode()
    content = view(order, "checkout,payment,summary")
    body = msgspec.json.Encoder(decimal_format="number").encode({"events": [{name: content} for name in names]})
    headers = {"authorization": f"Basic {encoded}", "content-type": "application/json"}
    await world.emit(WebhookRequest(headers=headers, body=body, received_at=world.now()), delay)
