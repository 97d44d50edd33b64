"""From a draft order and the order it became to the platform's answers (shopify.dev, OrderDisplayFinancialStatus)."""

from paylinks_ports import Canceled, LookUpResult, Money, NotSubmitted, Order, Paid, Pending, Unknown

from .declines import declined
from .drafts import ORDER
from .wire import Draft, ShopifyOrder, Transaction

__all__ = ["FAILED", "is_ours", "read", "taken"]

FAILED = frozenset({"FAILURE", "ERROR"})
"""The statuses of movements that moved no money, and won't."""

_TAKING = frozenset({"SALE", "CAPTURE"})
_PAID = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
_WAITING = frozenset({"AUTHORIZED", "EXPIRED", "PARTIALLY_PAID", "PENDING"})


def is_ours(order: Order, draft: Draft) -> bool:
    """Say whether a draft order is of the merchant's order: another's is never believed."""
    return draft.attribute(ORDER) == order.order_id


def taken(made: ShopifyOrder) -> list[Transaction]:
    """List the movements that took money."""
    return [one for one in made.transactions if one.kind in _TAKING and one.status == "SUCCESS"]


def read(order: Order, draft: Draft) -> LookUpResult:  # noqa: PLR0911 - one for each state there is
    """Say what has become of a draft order."""
    if not is_ours(order, draft):
        return Unknown(message="Shopify's draft order is another order's")
    made = draft.order
    if made is None:
        return Pending(reference=draft.id) if draft.status == "COMPLETED" else NotSubmitted(reference=draft.id)
    status = made.display_financial_status
    if status in _PAID:
        return _paid(draft.id, made)
    if status == "VOIDED" or (made.cancelled_at and not taken(made)):
        return Canceled(reference=draft.id)
    if status not in _WAITING:
        return Unknown(message="Shopify's order has a status that is not known here", reference=draft.id)
    asked = [one for one in made.transactions if one.kind in _TAKING or one.kind == "AUTHORIZATION"]
    if status == "PENDING" and asked and all(one.status in FAILED for one in asked):
        return declined(asked[-1].error_code, draft.id)
    return Pending(reference=draft.id)


def _paid(reference: str, made: ShopifyOrder) -> Paid | Unknown:
    try:
        amounts = [one.amount_set.read() for one in taken(made)]
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=reference)
    if len({one.currency for one in amounts}) != 1:
        return Unknown(message="It is paid, and Shopify does not say how much", reference=reference)
    return Paid(
        reference=reference,
        transaction_id=made.id,
        money=Money(sum(one.amount for one in amounts), amounts[0].currency),
        details={"orderName": made.name} | ({"testOrder": "true"} if made.test else {}),
    )
