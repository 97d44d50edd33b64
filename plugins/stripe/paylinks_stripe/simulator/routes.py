"""Which of Stripe's endpoints the simulator has, and which of their parameters it acts on."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from . import confirming, intents, pages, refunds
from .call import Call

__all__ = ["ROUTES", "Route"]

Endpoint = Callable[[Call], Awaitable[dict[str, Any]]]


class Route(Struct, frozen=True, kw_only=True):
    """One endpoint.

    Args:
        path: with ``{id}`` where an id stands.
        parameters: the SDK's own type of what Stripe takes there.
        supported: those of them that the simulator acts on; the others are refused too, rather than ignored.
        browsers: Stripe.js may call it with a publishable key and a client secret.

    """

    method: str
    path: str
    parameters: str
    endpoint: Endpoint
    supported: frozenset[str] = frozenset()
    browsers: bool = False


_PAGES = frozenset({"limit", "starting_after", "ending_before"})
_DETAILS = frozenset(
    {
        "amount",
        "currency",
        "customer",
        "description",
        "metadata",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor_suffix",
    }
)
_CUSTOMER = frozenset({"address", "description", "email", "metadata", "name", "phone", "shipping"})
_CONFIRM = frozenset({"payment_method", "confirmation_token", "return_url", "use_stripe_sdk"})
_INTENTS = "/v1/payment_intents"

ROUTES = (
    Route(
        method="POST",
        path="/v1/customers",
        parameters="CustomerCreateParams",
        endpoint=pages.create_customer,
        supported=_CUSTOMER,
    ),
    Route(
        method="GET",
        path="/v1/customers/{id}",
        parameters="CustomerRetrieveParams",
        endpoint=pages.retrieve_customer,
    ),
    Route(
        method="POST",
        path=_INTENTS,
        parameters="PaymentIntentCreateParams",
        endpoint=intents.create,
        supported=_DETAILS | {"automatic_payment_methods"},
    ),
    Route(
        method="GET",
        path=_INTENTS,
        parameters="PaymentIntentListParams",
        endpoint=intents.list_all,
        supported=_PAGES | {"customer"},
    ),
    Route(
        method="GET",
        path=f"{_INTENTS}/search",
        parameters="PaymentIntentSearchParams",
        endpoint=intents.search,
        supported=frozenset({"query", "limit"}),
    ),
    Route(
        method="GET",
        path=_INTENTS + "/{id}",
        parameters="PaymentIntentRetrieveParams",
        endpoint=intents.retrieve,
        supported=frozenset({"client_secret"}),
        browsers=True,
    ),
    Route(
        method="POST",
        path=_INTENTS + "/{id}",
        parameters="PaymentIntentUpdateParams",
        endpoint=intents.update,
        supported=_DETAILS,
    ),
    Route(
        method="POST",
        path=_INTENTS + "/{id}/confirm",
        parameters="PaymentIntentConfirmParams",
        endpoint=confirming.confirm,
        supported=_CONFIRM,
        browsers=True,
    ),
    Route(
        method="POST",
        path=_INTENTS + "/{id}/cancel",
        parameters="PaymentIntentCancelParams",
        endpoint=intents.cancel,
        supported=frozenset({"cancellation_reason"}),
    ),
    Route(
        method="GET",
        path="/v1/charges",
        parameters="ChargeListParams",
        endpoint=pages.list_charges,
        supported=_PAGES | {"customer", "payment_intent"},
    ),
    Route(
        method="GET",
        path="/v1/charges/{id}",
        parameters="ChargeRetrieveParams",
        endpoint=pages.retrieve_charge,
    ),
    Route(
        method="POST",
        path="/v1/refunds",
        parameters="RefundCreateParams",
        endpoint=refunds.create,
        supported=frozenset({"amount", "metadata", "payment_intent", "reason"}),
    ),
    Route(
        method="GET",
        path="/v1/refunds",
        parameters="RefundListParams",
        endpoint=refunds.list_all,
        supported=_PAGES | {"payment_intent"},
    ),
    Route(
        method="GET",
        path="/v1/refunds/{id}",
        parameters="RefundRetrieveParams",
        endpoint=refunds.retrieve,
    ),
    Route(
        method="GET",
        path="/v1/balance",
        parameters="BalanceRetrieveParams",
        endpoint=pages.retrieve_balance,
    ),
)
