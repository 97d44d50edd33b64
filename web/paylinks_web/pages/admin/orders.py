"""/admin/orders: a brand's orders, and the whole story of each, with its refunds and what a person decides of it."""

from typing import Any, get_args

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from msgspec.structs import replace

from paylinks_core import orders, refunds, resolutions
from paylinks_core.errors import Forbidden, InvalidInput
from paylinks_core.orders import OrderStory
from paylinks_core.resolutions import Decision, Verdict
from paylinks_core.totals import left_of
from paylinks_ports.errors import PaylinksError
from paylinks_ports.money import Money
from paylinks_ports.records.checkouts import CheckoutState
from paylinks_ports.records.payments import Payment
from paylinks_ports.storage import OrderFilter, Window

from ...routes.admin.order_views import refund_status, story_of
from ...routes.desk import Desk
from ...routes.paging import read_choice, read_window
from .forms import UNTROUBLED, Form, Trouble, options_of, read_amount, read_form, trouble_of
from .visit import Visit, enter, go, pages_of, shows, takes

__all__ = ["act", "index", "show", "titles_of", "window_of"]

_LIMIT = 25


class Refundable(Struct, frozen=True, kw_only=True):
    """A paid payment, and what is left of it to give back."""

    payment: Payment
    left: Money


@shows("/admin/orders", "orders.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the brand's orders, unpaid checkouts included."""
    visit = await enter(request, desk)
    window = window_of(request)
    state: CheckoutState | None = read_choice(request, "status", get_args(CheckoutState))
    in_doubt = read_choice(request, "needsAttention", ("true",)) == "true"
    provider = request.query_params.get("provider") or None
    only = OrderFilter(state=state, provider=provider, in_doubt=in_doubt)
    found = await orders.list_orders(desk.parts, visit.brand.id, window, only)
    return visit.render(
        "orders.html",
        orders=found.rows,
        pages=pages_of("/admin/orders", visit.query, window, found.total),
        states=options_of(get_args(CheckoutState)),
        providers=titles_of(desk),
    )


def titles_of(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Give the installed providers as the options of a list."""
    return tuple((name, one.title) for name, one in sorted(desk.parts.providers.items()))


def window_of(request: Request[Any, Any, Any]) -> Window:
    """Read which part of a list is asked for, in pages as long as a person wants to read."""
    window = read_window(request)
    if not request.query_params.keys().isdisjoint(("limit", "pageSize")):
        return window
    number = window.offset // window.limit
    return replace(window, offset=number * _LIMIT, limit=_LIMIT)


@shows("/admin/orders/{order_id:str}", "orders.read")
async def show(
    request: Request[Any, Any, Any], order_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Tell the whole story of an order."""
    return await _story(desk, await enter(request, desk), order_id)


@takes("/admin/orders/{order_id:str}", "orders.refund")
async def act(request: Request[Any, Any, Any], order_id: FromPath[str], desk: NamedDependency[Desk]) -> Response[Any]:
    """Give money back, or write down what a person has found out."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        if form.text("do") == "resolve":
            done = await _resolve(desk, visit, order_id, form)
        else:
            done = await _refund(desk, visit, order_id, form)
    except PaylinksError as error:
        return await _story(desk, visit, order_id, trouble_of(error, form))
    return go(f"/admin/orders/{order_id}", done)


async def _story(desk: Desk, visit: Visit, order_id: str, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    told = await orders.tell_order(desk.parts, visit.brand.id, order_id)
    return visit.render(
        "order.html",
        trouble,
        order=told,
        story=story_of(told),
        link=f"{desk.parts.base_url}/c/{told.checkout.code}",
        refundable=_refundable(told) if visit.may("orders.refund") else (),
        providers=desk.parts.providers,
        verdicts=_verdicts(told),
    )


def _refundable(told: OrderStory) -> tuple[Refundable, ...]:
    found = (
        Refundable(
            payment=one,
            left=Money(left_of(one, [refund for refund in told.refunds if refund.payment_id == one.id]), one.currency),
        )
        for one in told.payments
        if one.state == "paid"
    )
    return tuple(one for one in found if one.left.amount > 0)


def _verdicts(told: OrderStory) -> dict[str, tuple[tuple[Verdict, str], ...]]:
    """Offer, by the id of what is in doubt, what a person may have found out about it."""
    offered: dict[str, tuple[tuple[Verdict, str], ...]] = {}
    for one in told.attention:
        if one.kind == "payment":
            offered[one.id] = (("charged", "It was charged"), ("not_charged", "It was not charged"))
        elif one.kind == "refund":
            offered[one.id] = (("refunded", "It was given back"), ("not_refunded", "It was not given back"))
        elif one.kind == "order":
            noted: tuple[tuple[Verdict, str], ...] = (("noted", "I have dealt with it"),)
            paid = any(payment.id == told.checkout.payment_id for payment in told.payments)
            if paid and told.checkout.state != "paid":
                noted = (*noted, ("accepted", "What was paid pays the order"))
            offered[one.id] = noted
    return offered


async def _refund(desk: Desk, visit: Visit, order_id: str, form: Form) -> str:
    """Give back what the form says, if the payment still stands as the person has seen it.

    The second click of a double one comes with what was left before the first, so it is refused.
    """
    told = await orders.tell_order(desk.parts, visit.brand.id, order_id)
    payment_id = form.text("paymentId")
    found = next((one for one in _refundable(told) if one.payment.id == payment_id), None)
    if found is None or form.text("left") != str(found.left.amount):
        raise InvalidInput("what is left of this payment has changed meanwhile; please look again")
    amount = read_amount(form, "amount", found.payment.currency)
    call = refunds.RefundCall(amount=amount, payment_id=payment_id, reason=form.optional("reason"))
    actor = replace(visit.caller.actor, brand_id=visit.brand.id)
    given = await refunds.refund(desk.parts, visit.brand, order_id, call, actor)
    return f"refund-{refund_status(given.refund)}"


async def _resolve(desk: Desk, visit: Visit, order_id: str, form: Form) -> str:
    verdict = next((one for one in get_args(Verdict) if one == form.text("outcome")), None)
    if verdict is None:
        raise InvalidInput("outcome: is required")
    if not form.text("note"):
        raise InvalidInput("note: is required")
    if not visit.may("orders.refund"):
        raise Forbidden
    decision = Decision(
        outcome=verdict,
        note=form.text("note")[:500],
        payment_id=form.optional("paymentId"),
        refund_id=form.optional("refundId"),
        reference=form.optional("transactionId"),
    )
    actor = replace(visit.caller.actor, brand_id=visit.brand.id)
    await resolutions.resolve(desk.parts, visit.brand, order_id, decision, actor)
    return "resolved"
