"""/api/admin/orders: a brand's orders, each with its whole story, its refunds, and what a person decides of it."""

from typing import Annotated, Any, get_args

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from paylinks_core import orders, refunds, resolutions
from paylinks_core.resolutions import Decision, Verdict
from paylinks_ports.money import MAX_AMOUNT
from paylinks_ports.records.checkouts import CheckoutState
from paylinks_ports.storage import OrderFilter

from ...answers import Success
from ...guards import actor_of
from ..desk import Desk
from ..paging import pagination_of, read_choice, read_window
from .order_views import OrderAnswer, OrdersAnswer, refund_status, row_of, story_of

__all__ = ["list_", "refund", "resolve", "tell"]

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Reference = Annotated[str, Meta(min_length=1, max_length=255)]


class RefundBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How much of which payment; without an amount all that is left, without a payment the only one there is."""

    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] | None = None
    payment_id: str | None = None
    reason: Text | None = None


class RefundedOrder(Struct, frozen=True, kw_only=True, rename="camel"):
    """A refund, and what its payment has given back in all."""

    refund_id: str
    status: str
    amount: int
    currency: str
    refunded_total: int


class RefundAnswer(Success, frozen=True, kw_only=True):
    """A refund."""

    data: RefundedOrder


class ResolveBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a person has found out at the provider, and in `note` how."""

    outcome: Verdict
    note: Text
    payment_id: str | None = None
    refund_id: str | None = None
    transaction_id: Reference | None = None


@get("/api/admin/orders", tags=["Orders"], access="server", permission="orders.read")
async def list_(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> OrdersAnswer:
    """List the brand's orders, unpaid checkouts included, by `status`, `provider` and `needsAttention`."""
    brand = await desk.guards.server(request)
    window = read_window(request)
    state: CheckoutState | None = read_choice(request, "status", get_args(CheckoutState))
    in_doubt = read_choice(request, "needsAttention", ("true", "false")) == "true"
    only = OrderFilter(state=state, provider=request.query_params.get("provider") or None, in_doubt=in_doubt)
    found = await orders.list_orders(desk.parts, brand.id, window, only)
    return OrdersAnswer(data=tuple(row_of(one) for one in found.rows), pagination=pagination_of(window, found.total))


@get("/api/admin/orders/{order_id:str}", tags=["Orders"], access="server", permission="orders.read")
async def tell(request: Request[Any, Any, Any], order_id: FromPath[str], desk: NamedDependency[Desk]) -> OrderAnswer:
    """Tell the whole story of an order, named by its order id or its checkout id."""
    brand = await desk.guards.server(request)
    return OrderAnswer(data=story_of(await orders.tell_order(desk.parts, brand.id, order_id)))


@post(
    "/api/admin/orders/{order_id:str}/refund",
    status_code=200,
    tags=["Orders"],
    access="server",
    permission="orders.refund",
)
async def refund(
    request: Request[Any, Any, Any], order_id: FromPath[str], data: JSONBody[RefundBody], desk: NamedDependency[Desk]
) -> RefundAnswer:
    """Give back some or all of a paid order; several at once never give back more than was paid."""
    brand = await desk.guards.server(request)
    call = refunds.RefundCall(amount=data.amount, payment_id=data.payment_id, reason=data.reason)
    given = await refunds.refund(desk.parts, brand, order_id, call, actor_of(request))
    return RefundAnswer(
        data=RefundedOrder(
            refund_id=given.refund.id,
            status=refund_status(given.refund),
            amount=given.refund.amount,
            currency=given.refund.currency,
            refunded_total=given.total,
        )
    )


@post(
    "/api/admin/orders/{order_id:str}/resolve",
    status_code=200,
    tags=["Orders"],
    access="server",
    permission="orders.refund",
)
async def resolve(
    request: Request[Any, Any, Any], order_id: FromPath[str], data: JSONBody[ResolveBody], desk: NamedDependency[Desk]
) -> OrderAnswer:
    """Decide what no look-up can settle; the provider is asked once more before, and the decision is audited."""
    brand = await desk.guards.server(request)
    decision = Decision(
        outcome=data.outcome,
        note=data.note,
        payment_id=data.payment_id,
        refund_id=data.refund_id,
        reference=data.transaction_id,
    )
    await resolutions.resolve(desk.parts, brand, order_id, decision, actor_of(request))
    return OrderAnswer(data=story_of(await orders.tell_order(desk.parts, brand.id, order_id)))
