"""What the gateway reads of Stripe's answers (docs.stripe.com/api); whatever does not fit these shapes is nonsense."""

from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

__all__ = ["Balance", "Customer", "Event", "Failure", "Intent", "Page", "Refund", "StripeError", "id_of"]

_T = TypeVar("_T")


class Named(Struct, frozen=True):
    """An expanded object, of which only the id is read (docs.stripe.com/api/expanding_objects)."""

    id: str


def id_of(found: str | Named | None) -> str | None:
    """Read an id, expanded or not."""
    return found.id if isinstance(found, Named) else found


class Redirect(Struct, frozen=True):
    """Where the customer must go."""

    url: str | None = None


class NextAction(Struct, frozen=True):
    """docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action."""

    redirect_to_url: Redirect | None = None


class Intent(Struct, frozen=True):
    """docs.stripe.com/api/payment_intents/object; `status` is open, because Stripe may add some."""

    object: Literal["payment_intent"]
    id: str
    status: str
    currency: str
    amount_received: int = 0
    client_secret: str | None = None
    customer: str | Named | None = None
    payment_method: str | Named | None = None
    latest_charge: str | Named | None = None
    setup_future_usage: str | None = None
    next_action: NextAction | None = None
    last_payment_error: "StripeError | None" = None
    metadata: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Leave the client secret out."""
        return f"Intent({self.id}, {self.status})"


class StripeError(Struct, frozen=True):
    """docs.stripe.com/api/errors."""

    type: str | None = None
    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    message: str | None = None
    param: str | None = None
    payment_intent: Intent | None = None


class Failure(Struct, frozen=True):
    """An answer that is an error."""

    error: StripeError


class Page(Struct, Generic[_T], frozen=True):
    """A list (docs.stripe.com/api/pagination), or what docs.stripe.com/api/payment_intents/search has found."""

    object: Literal["list", "search_result"]
    data: list[_T]
    has_more: bool = False


class Customer(Struct, frozen=True):
    """docs.stripe.com/api/customers/object."""

    object: Literal["customer"]
    id: str


class Balance(Struct, frozen=True):
    """docs.stripe.com/api/balance/balance_object."""

    object: Literal["balance"]
    livemode: bool


class Refund(Struct, frozen=True):
    """docs.stripe.com/api/refunds/object; `status` is open, because Stripe may add some."""

    object: Literal["refund"]
    id: str
    status: str | None
    amount: int
    currency: str
    failure_reason: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class EventObject(Struct, frozen=True):
    """What an event is about, as far as it says whose it is; what became of it is asked for anew."""

    object: str
    id: str
    payment_intent: str | Named | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class EventData(Struct, frozen=True):
    """docs.stripe.com/api/events/object#event_object-data."""

    object: EventObject


class Event(Struct, frozen=True):
    """docs.stripe.com/api/events/object."""

    object: Literal["event"]
    id: str
    type: str
    livemode: bool
    data: EventData
