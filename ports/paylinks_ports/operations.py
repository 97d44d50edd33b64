"""A provider's own words over HTTP: ``@operation("create-intent", …)`` on a gateway method is all that a route needs.

The platform mounts ``POST /api/providers/{name}/{word}`` and adds the caller's proof, the envelope, limits, errors and
the road for money; the method is called in the place of the platform's verb of the same meaning.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, TypeVar, get_type_hints

from msgspec import Meta, Struct

from .cards import Card
from .payments import (
    Address,
    Canceled,
    Customer,
    Declined,
    Details,
    LookUpResult,
    NotFound,
    NotSubmitted,
    Paid,
    Pending,
    RequiresAction,
    Started,
    Unknown,
)

__all__ = [
    "BodyCustomer",
    "ChargeStatus",
    "Operation",
    "OperationAnswer",
    "OperationBody",
    "Outcome",
    "SavedCharge",
    "Verb",
    "operation",
    "operations_of",
]

Verb: TypeAlias = Literal["start", "charge", "charge_saved", "look_up"]
"""Which of the platform's verbs an operation is: they decide what may happen to the payment."""

ChargeStatus: TypeAlias = Literal["paid", "processing", "requires_action", "failed"]
"""What a charge came to. A decline is an error and no answer, so `failed` is told only of a payment that had an end
before, such as one that was voided at the provider since."""


class BodyCustomer(Struct, frozen=True, kw_only=True, rename="camel"):
    """The customer as integrators send it: the name in one, or in two parts."""

    email: Annotated[str, Meta(max_length=254)] | None = None
    name: Annotated[str, Meta(max_length=201)] | None = None
    first_name: Annotated[str, Meta(max_length=100)] | None = None
    last_name: Annotated[str, Meta(max_length=100)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None

    def read(self) -> Customer:
        """Give the platform's own form; a name in one is parted at its first space, and each part may be too long."""
        first, _, last = (self.name or "").partition(" ")
        return Customer(
            email=self.email,
            first_name=self.first_name or first or None,
            last_name=self.last_name or last or None,
            phone=self.phone,
        )


class SavedCharge(Struct, frozen=True, kw_only=True):
    """Which saved method is charged: `method` as `SavedMethod.method` or `.customer`, of the order that saved it."""

    original_order_id: str | None
    method: str


class OperationBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """What every operation takes besides its own fields; `token` is a checkout token and then stands for the rest."""

    order_id: str | None = None
    amount: int | None = None
    currency: str | None = None
    customer: BodyCustomer | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    metadata: dict[str, str] | None = None
    token: str | None = None

    @property
    def payment_reference(self) -> str | None:
        """The provider's id of an earlier step that this body names; it must be that order's own."""
        return None

    @property
    def payment_token(self) -> str | None:
        """What a charge is asked of, in the plugin's own field; in demo mode it may be a demo word."""
        return None

    @property
    def saved_charge(self) -> "SavedCharge | None":
        """The saved method that a `charge_saved` names, and the paid order whose own it must be.

        A `charge` that can be asked of either names one where it is asked of a saved method: the platform then does
        what it does for ``charge_saved``, and the method is given the `SavedMethod` in the place of a reference.
        """
        return None

    @property
    def raw_card(self) -> Card | None:
        """A raw card, in a body that takes one: in its field `card`. api.md §5 says who may send it."""
        return None


class OperationAnswer(Struct, frozen=True, kw_only=True, rename="camel"):
    """What every operation answers besides its own fields."""

    provider: str
    order_id: str
    demo: bool


class Common(TypedDict):
    """The fields of every answer."""

    provider: str
    order_id: str
    demo: bool


class Outcome(Struct, frozen=True, kw_only=True):
    """What an operation came to, for the plugin to put in its own words."""

    provider: str
    order_id: str
    demo: bool
    reference: str | None
    result: Started | LookUpResult

    @property
    def common(self) -> Common:
        """What every answer says: ``PayAnswer(**outcome.common, …)``."""
        return {"provider": self.provider, "order_id": self.order_id, "demo": self.demo}

    @property
    def paid(self) -> Paid | None:
        """The payment, where money moved."""
        return self.result if isinstance(self.result, Paid) else None

    @property
    def status(self) -> ChargeStatus:
        """What a charge came to, in one word; whatever has no end yet is looked up."""
        match self.result:
            case Paid():
                return "paid"
            case RequiresAction() | NotSubmitted():
                return "requires_action"
            case Declined() | Canceled():
                return "failed"
            case Started() | Pending() | Unknown() | NotFound():
                return "processing"

    @property
    def browser(self) -> Details:
        """What the customer's browser needs next, where a payment was opened."""
        return self.result.browser if isinstance(self.result, Started) else {}


A = TypeVar("A", bound=OperationAnswer)
F = TypeVar("F", bound=Callable[..., Any])


class Operation(Struct, frozen=True, kw_only=True):
    """One announced operation: its word, its verb, its types and the method that does it."""

    name: str
    verb: Verb
    method: str
    body: type[OperationBody]
    answer: Callable[[Outcome], OperationAnswer]
    answer_type: type[OperationAnswer]
    summary: str


def operation(name: str, *, verb: Verb, answer: Callable[[Outcome], A]) -> Callable[[F], F]:
    """Announce a gateway method ``async def (self, order, reference, body)`` as an operation.

    Args:
        name: the last word of the URL.
        verb: what it does to the payment; the method returns what that verb returns. For ``charge_saved`` the method is
            given the `SavedMethod` in the place of a reference.
        answer: puts the outcome in the provider's words; its return annotation is the OpenAPI schema. A decline never
            reaches it but for ``look_up``: the platform answers 402.

    """

    def announce(method: F) -> F:
        method.__paylinks_operation__ = (name, verb, answer)  # type: ignore[attr-defined]  # a mark read below
        return method

    return announce


def operations_of(gateway: Callable[..., object]) -> tuple[Operation, ...]:
    """List what a gateway class announces, by name."""
    found = []
    for attribute, method in inspect.getmembers(gateway, callable):
        mark = getattr(method, "__paylinks_operation__", None)
        if mark is None:
            continue
        name, verb, answer = mark
        summary = (inspect.getdoc(method) or name).partition("\n")[0]
        found.append(
            Operation(
                name=name,
                verb=verb,
                method=attribute,
                body=get_type_hints(method)["body"],
                answer=answer,
                answer_type=get_type_hints(answer)["return"],
                summary=summary,
            )
        )
    return tuple(sorted(found, key=lambda one: one.name))
