"""Orders at UltraCart: read, searched for, closed, and what became of one that was just made."""

from collections.abc import Mapping
from types import MappingProxyType

import httpx
import msgspec

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    PaymentResult,
    Pending,
    ProviderRefused,
    RequiresAction,
    Unknown,
)

from . import outcomes, wire
from .api import Api, Refusal, as_error
from .declines import declined, is_decline
from .ids import fit, is_order_id

__all__ = ["EXPAND", "WHOLE", "Orders", "not_charged", "not_successful"]

EXPAND = MappingProxyType({"_expand": "checkout,item,payment,payment.transaction,summary"})
"""What is read of an order."""

WHOLE = MappingProxyType({"_expand": "billing,checkout,coupon,item,payment,payment.transaction,shipping,summary,taxes"})
"""What is sent back with a refund, too."""

_MOST_TELLING = (Paid, Pending, Unknown, Declined, Canceled)
_MOST_FOUND = {"_limit": "50"}


class Orders:
    """The orders of one account."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def get(self, order_id: str, expand: Mapping[str, str] = EXPAND) -> tuple[dict[str, object], wire.Order]:
        """Read an order, as it came and as we understand it."""
        if not is_order_id(order_id):
            raise ProviderRefused("This is no order of UltraCart's")
        answer = await self._api.read("GET", f"/order/orders/{order_id}", wire.OrderAnswer, query=expand)
        try:
            raw = msgspec.json.decode(answer.order, type=dict[str, object])
            return raw, msgspec.json.decode(answer.order, type=wire.Order)
        except msgspec.DecodeError:
            raise as_error(Refusal(kind="doubt")) from None

    async def search(self, order: Order) -> LookUpResult:
        """Find what the present attempt made; asked of the origin, for the cache lags.

        UltraCart lets several orders have the same custom field: the one that says most about money counts.
        """
        attempt = fit(order.attempt_id)
        body = {"custom_field_1": attempt, "query_target": "origin"}
        query = {**EXPAND, **_MOST_FOUND}
        found = await self._api.read("POST", "/order/orders/query", wire.Orders, query=query, body=body)
        if found.orders is None and found.success is not True:
            raise as_error(Refusal(kind="doubt"))  # it is no answer of UltraCart's, so it is no "not found" either
        ours = [one for one in found.orders or [] if one.checkout and one.checkout.custom_field1 == attempt]
        results = [outcomes.read(order, one) for one in ours]
        rank: dict[type, int] = {kind: place for place, kind in enumerate(_MOST_TELLING)}
        return min(results, key=lambda result: rank.get(type(result), len(rank)), default=NotFound())

    async def close(self, order: Order, order_id: str) -> LookUpResult:
        """Cancel an unpaid order, so that nobody charges it later, and read what it is then."""
        answer = await self._api.ask("POST", f"/order/orders/{order_id}/cancel", wire.Done)
        if isinstance(answer, Refusal) and answer.kind in ("credentials", "busy"):
            raise as_error(answer)
        try:
            return outcomes.read(order, (await self.get(order_id))[1])
        except PaylinksError:
            return Unknown(message="What became of it at UltraCart could not be read", reference=order_id)

    async def settle(self, order: Order, order_id: str, made: wire.Order | None = None) -> PaymentResult:
        """Say what became of an order that was just made: failing to read it is a doubt, for it may be charged."""
        try:
            whole = made is not None and made.payment and made.summary and made.checkout
            found = made if made is not None and whole else (await self.get(order_id))[1]
            result = outcomes.read(order, found)
            if outcomes.is_open_decline(found) and outcomes.is_ours(order, found):
                result = await self.close(order, order_id)
        except (PaylinksError, httpx.HTTPError):
            return Unknown(message="UltraCart made an order, and its payment could not be read", reference=order_id)
        match result:
            case Paid() | Pending() | Declined() | Unknown() | RequiresAction():
                return result
            case _:
                return Unknown(message="UltraCart made an order, and it was canceled at once", reference=order_id)


def not_charged(answer: Refusal, reference: str | None = None) -> PaymentResult:
    """Read a charge that was answered with an error; UltraCart's documents don't say whether a decline may be one."""
    if answer.kind == "doubt":
        return Unknown(message="UltraCart's answer does not say whether it was charged", reference=reference)
    if answer.kind == "refused" and is_decline(answer.message):
        return declined([answer.message], reference)
    raise as_error(answer)


def not_successful(reference: str | None, sentences: list[str], *, stored: bool) -> PaymentResult:
    """Read a charge that was answered with a no; one with an order's id, or without a reason, is a doubt."""
    if stored or not sentences:
        return Unknown(message="UltraCart says no, and not why", reference=reference)
    return declined(sentences, reference)
