"""Orders at Konnektive: found, opened by a lead, and whether a payment can take one. No money moves here."""

from paylinks_ports import Order, ProviderUnavailable

from . import parameters
from .catalogue import Cart
from .client import KonnektiveClient
from .outcomes import is_ours, is_over, settled_here
from .wire import View

__all__ = ["OPEN", "Orders"]

OPEN = frozenset({"PARTIAL", "DECLINED"})


class Orders:
    """One account's."""

    def __init__(self, konnektive: KonnektiveClient) -> None:
        self._konnektive = konnektive

    async def lead(self, order: Order, cart: Cart, *, apart: bool = False) -> str:
        """Import a lead and give the order's id.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is none.

        """
        answer = await self._konnektive.ask("/leads/import/", parameters.lead(order, cart, apart=apart))
        reference = answer.message.text("orderId")
        if answer.result != "SUCCESS" or not reference:
            raise ProviderUnavailable("Konnektive's answer can't be used", details="It has no order id")
        return reference

    async def take(self, order: Order, cart: Cart, reference: str | None) -> View:
        """Give the order that a payment is made in: the one it has where that is still its, else another one.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is none.

        """
        view = None if reference is None else await self._one(reference)
        if view is not None and await self._can_take(order, view):
            return view
        for apart in (False, True):
            view = await self._one(await self.lead(order, cart, apart=apart))
            if view is not None and await self._can_take(order, view):
                return view
        raise ProviderUnavailable("Konnektive has no order that is free for this payment")

    async def find(self, order: Order, reference: str | None) -> View | None:
        """Find a payment's order by its id, or where that has become another checkout's, by what it carries."""
        view = None if reference is None else await self._one(reference)
        if view is not None and is_ours(order, view):
            return view
        found = await self._konnektive.find("/order/query/", parameters.search(order))
        ours = [view for view in found if is_ours(order, view)]
        return min(ours, key=lambda view: view.text("orderStatus") != "COMPLETE", default=None)

    async def sales(self, reference: str) -> tuple[View, ...]:
        """Read the sales of an order, newest first."""
        found = await self._konnektive.find("/transactions/query/", {"orderId": reference})
        return tuple(sorted(settled_here(found), key=_age, reverse=True))

    async def _one(self, reference: str) -> View | None:
        found = await self._konnektive.find("/order/query/", {"orderId": reference})
        return next((view for view in found if view.text("orderId") == reference), None)

    async def _can_take(self, order: Order, view: View) -> bool:
        """Say whether an order is this payment's, or open and nobody's: another's sale in it is over, if there was one.

        One that is not over may be at the bank's page, and would pay the order in this payment's name.
        """
        if is_ours(order, view):
            return True
        if view.text("orderStatus") not in OPEN:
            return False
        return not view.text("custom2") or is_over(view, await self.sales(view.text("orderId")))


def _age(view: View) -> tuple[int, str]:
    """Give what transactions are put in order by: their ids are numbers that grow."""
    name = view.text("transactionId")
    return len(name), name
