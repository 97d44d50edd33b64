"""The plugin API for marketing systems: what a plugin announces, and what it is told of a paid order.

Every call may be repeated: `order_placed` carries an id that the system recognizes; where one does not, its plugin says
so (`repeatable`, `EventInDoubt`). There are no results here, for no money hangs on it: a call returns when it is done
and raises when it is not.
"""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from msgspec import Struct

from .errors import PaylinksError
from .money import Money
from .payments import Address, Customer, LineItem
from .providers import NoOptions, Simulator

__all__ = [
    "EventInDoubt",
    "ListsAudiences",
    "MarketingIntegration",
    "MarketingList",
    "OrderPlaced",
    "TakesOrders",
    "TryLater",
]

C = TypeVar("C", bound=Struct)


class TryLater(PaylinksError):
    """The marketing system asks to wait; `seconds` is its own word for how long, where it has one."""

    def __init__(self, message: str, *, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class EventInDoubt(PaylinksError):
    """The system may have taken an order's event and would not recognize it a second time, so it is never repeated."""


class MarketingList(Struct, frozen=True, kw_only=True, rename="camel"):
    """A list or segment of the system."""

    list_id: str
    original_name: str


class OrderPlaced(Struct, frozen=True, kw_only=True):
    """A paid order, for the customer's profile and as an event.

    Args:
        event_id: unique to this order; the system drops a second one with the same id.
        occurred_at: when it was paid, Unix milliseconds.
        consent: the customer has agreed to be written to, and the agreement is recorded with the order. Without it the
            profile may be written and must not be subscribed to anything.
        list_ids: the brand's chosen lists; subscribed to with consent only.

    """

    event_id: str
    order_id: str
    money: Money
    occurred_at: int
    customer: Customer
    shipping_address: Address | None = None
    line_items: tuple[LineItem, ...] = ()
    consent: bool = False
    list_ids: tuple[str, ...] = ()


@runtime_checkable
class ListsAudiences(Protocol):
    """Names the lists or segments there are."""

    async def lists(self) -> tuple[MarketingList, ...]:
        """Fetch all of them, over all pages.

        Raises:
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: they can't be had.

        """


@runtime_checkable
class TakesOrders(Protocol):
    """Takes paid orders."""

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Write the customer's profile, subscribe it where there is consent, and add the order's event, once.

        Raises:
            TryLater, ProviderUnavailable: it will be repeated; the system has not taken the event, or recognizes it.
            CredentialsRejected, ProviderRefused: repeating it unchanged is no use.
            EventInDoubt: repeating it could count the order twice.

        """


class MarketingIntegration(Struct, Generic[C], frozen=True, kw_only=True):
    """What a marketing plugin announces; see `PaymentProvider` for what the fields have in common.

    Args:
        missing: the sentence for a brand without credentials, such as "Klaviyo not configured. Please add …".
        repeatable: the system drops a second event with the same id. Where it does not, a call that nobody saw the end
            of (the process was stopped) is not repeated either.

    """

    name: str
    title: str
    missing: str
    credentials: type[C]
    options: type[Struct] = NoOptions
    gateway: Callable[..., Any]  # as for `PaymentProvider`: (credentials, client), and `options` where declared
    simulator: Simulator[C]
    repeatable: bool = True
