"""Orders at UltraCart: made, read, searched for, closed, and what has become of their payments."""

from contextlib import suppress
from typing import TypeAlias

import httpx

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
    SavedMethod,
    Unknown,
    decline,
    from_major,
    nothing_happened,
)

from . import wire
from .api import Api
from .declines import declined, is_of_card, reason
from .documents import Document, Json, amount, document, fit, is_order_id

__all__ = ["EXPAND", "WHOLE", "Orders", "Read", "read"]

EXPAND = "checkout,item,payment,payment.transaction,summary"
"""What is read of an order."""

WHOLE = "billing,checkout,coupon,item,payment,payment.transaction,shipping,summary,taxes"
"""What is sent back with a refund, too."""

Read: TypeAlias = Paid | Pending | Unknown | Declined | Canceled
_MOST_TELLING = (Paid, Pending, Unknown, Declined, Canceled)


class Orders:
    """The orders of one account."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def make(
        self, order: Order, path: str, to: type[wire.Finalized], body: Json, cart_id: str | None = None
    ) -> PaymentResult:
        """Make an order, which charges it: the one call that does.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged.

        """
        try:
            answer = await self._api.ask("POST", path, to, body=body)
        except ProviderRefused as refused:
            # UltraCart's documents don't say whether a decline may be an error, or a gateway that did not answer.
            if not is_of_card(refused.details or ""):
                raise
            return declined(refused.details or "", cart_id)
        if answer is None:
            return Unknown(message="UltraCart's answer does not say whether it was charged", reference=cart_id)
        if answer.successful and answer.order_id:
            return await self.settle(order, answer.order_id)
        if answer.successful or answer.order_id or not answer.told:
            return Unknown(message="UltraCart says no, and not why", reference=answer.order_id or cart_id)
        if isinstance(answer, wire.Imported) and not is_of_card(answer.told):
            raise ProviderRefused("UltraCart refuses this order", details=wire.redact(answer.told))
        return declined(answer.told, cart_id)

    async def get(self, order_id: str, expand: str = EXPAND) -> Document:
        """Read an order."""
        if not is_order_id(order_id):
            raise ProviderRefused("This is no order of UltraCart's")
        answer = await self._api.read("GET", f"/order/orders/{order_id}", wire.OrderAnswer, query={"_expand": expand})
        return document(answer.order, "order_id")

    async def own(self, order: Order, order_id: str, expand: str = EXPAND) -> Document:
        """Read an order as `get` does; another merchant's order's is refused."""
        found = await self.get(order_id, expand)
        if not found.is_of(order):
            raise ProviderRefused("UltraCart's order is another order's")
        return found

    async def search(self, order: Order) -> LookUpResult:
        """Find what the present attempt made; asked of the origin, for the cache lags.

        UltraCart lets several orders have the same custom field: the one that says most about money counts.
        """
        attempt = fit(order.attempt_id)
        body = {"custom_field_1": attempt, "query_target": "origin"}
        query = {"_expand": EXPAND, "_limit": "50"}
        answer = await self._api.read("POST", "/order/orders/query", wire.Orders, query=query, body=body)
        if answer.orders is None and answer.success is not True:
            # It is no answer of UltraCart's, so it is no "not found" either.
            raise nothing_happened("UltraCart", "doubt")
        found = [document(one, "order_id") for one in answer.orders or []]
        results = [read(order, one) for one in found if one.mark("custom_field1") == attempt]
        return min(results, key=lambda result: _MOST_TELLING.index(type(result)), default=NotFound())

    async def close(self, order: Order, order_id: str) -> Read:
        """Cancel an unpaid order, so that nobody charges it later, and read what it is then."""
        with suppress(ProviderRefused):
            await self._api.ask("POST", f"/order/orders/{order_id}/cancel", wire.Done)
        try:
            return read(order, await self.get(order_id))
        except PaylinksError:
            return Unknown(message="What became of it at UltraCart could not be read", reference=order_id)

    async def settle(self, order: Order, order_id: str) -> PaymentResult:
        """Say what became of an order that was just made: failing to read it is a doubt, for it may be charged."""
        try:
            found = await self.get(order_id)
            result = read(order, found)
            if isinstance(result, Pending) and found.view("payment").text("payment_status") == "Declined":
                # UltraCart keeps it by itself after some declines of one cart ("Charge During Checkout").
                result = await self.close(order, order_id)
        except (PaylinksError, httpx.HTTPError):
            return Unknown(message="UltraCart made an order, and its payment could not be read", reference=order_id)
        if isinstance(result, Canceled):
            return Unknown(message="UltraCart made an order, and it was canceled at once", reference=order_id)
        return result


def read(order: Order, found: Document) -> Read:
    """Say what has become of an order's payment (OrderPayment.payment_status, Order.current_stage)."""
    reference, payment = found.text("order_id"), found.view("payment")
    if not found.is_of(order):
        return Unknown(message="UltraCart's order is another order's")
    match payment.text("payment_status"), found.text("current_stage"):
        case "Processed" | "Refunded", _:
            return _paid(order, found)
        case "Declined", "Rejected":
            # The gateway's own words are for the table only: nobody knows what else a gateway writes there.
            details = [one.views("details").values() for one in payment.views("transactions").values()]
            told = " ".join(detail.text("value") for several in details for detail in several)
            return decline(reason(told) or ("processing_error", True), None, reference)
        case status, stage if status == "Voided" or (status and stage == "Rejected"):
            return Canceled(reference=reference)
        case "Declined" | "Unprocessed" | "Authorized" | "Capture Failed", _:
            # A declined order that UltraCart keeps is as open as one that waits: its desk may charge it any time.
            return Pending(reference=reference)
        case _:
            return Unknown(message="UltraCart's payment has a status that is not known here", reference=reference)


def _paid(order: Order, found: Document) -> Paid | Unknown:
    reference, payment = found.text("order_id"), found.view("payment")
    try:
        money = from_major(amount(found.view("summary"), "total"), order.money.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=reference)
    taken = [one for one in payment.views("transactions").values() if one.fields.get("successful") is True]
    named = [one.text("transaction_id") for one in taken if one.text("transaction_id")]
    details = {"transactionId": named[0]} if named else {}
    if payment.fields.get("test_order") is True:
        details["testOrder"] = "true"
    saved = SavedMethod(reference)
    return Paid(reference=reference, transaction_id=reference, money=money, saved_method=saved, details=details)
