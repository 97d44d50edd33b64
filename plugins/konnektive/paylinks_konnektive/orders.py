"""Orders at Konnektive: found, opened by a lead, and whether a payment can take one. No money moves here."""

from paylinks_ports import Order, ProviderUnavailable, View

from . import parameters
from .client import KonnektiveClient
from .results import OPEN

__all__ = ["Orders", "is_over", "succeeded"]


class Orders:
    """One account's."""

    def __init__(self, konnektive: KonnektiveClient) -> None:
        self._konnektive = konnektive

    async def lead(self, order: Order, cart: dict[str, str], *, apart: bool = False) -> str:
        """Import a lead and give the order's id.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is none.

        """
        answer = await self._konnektive.ask("/leads/import/", parameters.lead(order, cart, apart=apart))
        if reference := answer.message.text("orderId"):
            return reference
        raise ProviderUnavailable("Konnektive's answer can't be used", details="It has no order id")

    async def take(self, order: Order, cart: dict[str, str], reference: str | None) -> View:
        """Give the order that a payment is made in: the one it has where that is still its, else another one.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is none.

        """
        view = await self._free(order, reference)
        for apart in (False, True):
            view = view or await self._free(order, await self.lead(order, cart, apart=apart))
        if view is None:
            raise ProviderUnavailable("Konnektive has no order that is free for this payment")
        return view

    async def find(self, order: Order, reference: str | None) -> View | None:
        """Find a payment's order by its id, or where that has become another checkout's, by what it carries."""
        view = await self._one(reference)
        if view is not None and _is_ours(order, view):
            return view
        found = await self._konnektive.find("/order/query/", parameters.search(order))
        ours = [view for view in found if _is_ours(order, view)]
        return min(ours, key=lambda view: view.text("orderStatus") != "COMPLETE", default=None)

    async def transactions(self, reference: str, *kinds: str) -> list[View]:
        """Read an order's transactions of some kinds, newest first: their ids are numbers that grow."""
        found = await self._konnektive.find("/transactions/query/", {"orderId": reference})
        once = {
            view.text("transactionId") or str(place): view for place, view in enumerate(found)
        }  # whatever is listed
        of_kind = (view for view in once.values() if view.text("txnType") in kinds)
        return sorted(of_kind, key=lambda view: view.text("transactionId").zfill(30), reverse=True)

    async def sales(self, reference: str) -> list[View]:
        """Read the sales of an order, newest first."""
        return await self.transactions(reference, "SALE", "CAPTURE")

    async def _one(self, reference: str | None) -> View | None:
        if reference is None:
            return None
        found = await self._konnektive.find("/order/query/", {"orderId": reference})
        return next((view for view in found if view.text("orderId") == reference), None)

    async def _free(self, order: Order, reference: str | None) -> View | None:
        """Read an order that is this payment's, or open and nobody's: another's sale in it is over, if there was one.

        One that is not over may be at the bank's page, and would pay the order in this payment's name.
        """
        view = await self._one(reference)
        if view is None or _is_ours(order, view):
            return view
        if view.text("orderStatus") not in OPEN:
            return None
        over = not view.text("custom2") or is_over(view, await self.sales(view.text("orderId")))
        return view if over else None


def is_over(view: View, sales: list[View]) -> bool:
    """Say whether the last sale sent into an order has come to its end there: it is one of its transactions."""
    before = view.text("custom4")
    return before.isdecimal() and len(sales) > int(before)


def succeeded(sales: list[View]) -> bool:
    """Say whether one of the sales was paid."""
    return any(view.text("responseType") == "SUCCESS" for view in sales)


def _is_ours(order: Order, view: View) -> bool:
    """Say whether the last sale sent into an order is this payment's: one that was left open is others', too."""
    return view.text("custom2") == parameters.shorten(order.payment_id)
