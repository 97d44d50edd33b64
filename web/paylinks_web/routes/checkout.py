"""/api/checkout: open a checkout, complete it, and fetch what it saved, all by checkout token."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct, field

from paylinks_core import checkouts, completion, saved_methods
from paylinks_core.asking import Brought
from paylinks_core.routing import complete_with_routing
from paylinks_core.states import checkout_state
from paylinks_ports.cards import Card
from paylinks_ports.payments import Address, Customer, Details, NextAction
from paylinks_ports.records.payments import Payment

from ..answers import Success
from ..errors import HttpRefusal
from ..requests import extra_fields
from .desk import Desk

__all__ = ["complete", "get_payment_token", "initialize"]


class InitializeBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which checkout, with which provider, and what the customer has filled in."""

    token: str | None = None
    provider: str | None = None
    customer: Customer | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None


class InitializedCheckout(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An open checkout, with what the browser needs next, by provider; `browser` has all of it, in its own words."""

    checkout_id: str
    order_id: str
    provider: str
    provider_order_id: str | None
    status: str
    amount: int
    currency: str
    demo: bool
    client_secret: str | None = None
    publishable_key: str | None = None
    tokenization_key: str | None = None
    checkout_url: str | None = None
    cart_id: str | None = None
    browser: Details = field(default_factory=dict)


class InitializeAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """An open checkout."""

    data: InitializedCheckout


class CompleteBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which checkout to complete; `payment_token` where the server is to charge.

    Args:
        payment_tokens: by provider, for the ones that may be tried after this one where the brand routes payments.
        card: for the one provider that knows no token, where it is allowed.

    """

    token: str | None = None
    provider: str | None = None
    provider_order_id: str | None = None
    payment_token: str | None = None
    payment_tokens: dict[str, str] = field(default_factory=dict)
    card: Card | None = None
    billing_address: Address | None = None


class CompletedCheckout(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How far a checkout has come: `paid`, `processing` or `requires_action` with `next_action`."""

    checkout_id: str
    order_id: str
    status: str
    provider: str
    provider_order_id: str | None
    transaction_id: str | None
    amount: int
    currency: str
    demo: bool
    payment_method_token: str | None = None
    redirect_url: str | None = None
    next_action: NextAction | None = None


class CompleteAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """How far a checkout has come."""

    data: CompletedCheckout


class PaymentTokenBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which order."""

    token: str | None = None


class PaymentToken(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The saved payment method of a paid order; two ids are joined with `|`."""

    order_id: str
    provider: str
    payment_method_token: str | None
    customer_id: str | None = None


class PaymentTokenAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """The saved payment method of a paid order."""

    data: PaymentToken


@post("/api/checkout/initialize", status_code=200, access="token", tags=["Core checkout"])
async def initialize(
    request: Request[Any, Any, Any], data: JSONBody[InitializeBody], desk: NamedDependency[Desk]
) -> InitializeAnswer:
    """Open an order's checkout with a provider."""
    if not data.token or not data.provider:
        missing = "provider: is required" if data.token else "token: is required"
        raise HttpRefusal(400, "invalid_request", "Missing token or provider", details=missing)
    access = await desk.guards.token(request, data.token)
    given = checkouts.Given(
        customer=data.customer,
        shipping_address=data.shipping_address,
        billing_address=data.billing_address,
        brought=Brought(ip_address=desk.guards.address(request)),
    )
    opened = await checkouts.initialize(desk.parts, access, data.provider, given)
    checkout, payment = opened.checkout, opened.payment
    browser = opened.started.browser
    return InitializeAnswer(
        data=InitializedCheckout(
            checkout_id=checkout.id,
            order_id=checkout.order_id,
            provider=payment.provider,
            provider_order_id=payment.reference,
            status=checkout_state(payment.state, checkout.state),
            amount=payment.amount,
            currency=payment.currency,
            demo=payment.demo,
            client_secret=browser.get("clientSecret"),
            publishable_key=browser.get("publishableKey"),
            tokenization_key=browser.get("tokenizationKey"),
            checkout_url=browser.get("checkoutUrl"),
            cart_id=browser.get("cartId"),
            browser=browser,
        )
    )


@post("/api/checkout/complete", status_code=200, access="token", tags=["Core checkout"])
async def complete(
    request: Request[Any, Any, Any], data: JSONBody[CompleteBody], desk: NamedDependency[Desk]
) -> CompleteAnswer:
    """Complete a checkout after payment; however often it is called, the customer is charged once."""
    access = await desk.guards.token(request, _required(data.token))
    payload = completion.Payload(
        provider=data.provider,
        reference=data.provider_order_id,
        payment_token=data.payment_token,
        payment_tokens=data.payment_tokens,
        card=data.card,
        billing_address=data.billing_address,
        brought=Brought(ip_address=desk.guards.address(request), extra=await extra_fields(request, CompleteBody)),
    )
    done = await complete_with_routing(desk.parts, access, payload)
    payment, claims = done.payment, done.checkout.claims
    return CompleteAnswer(
        data=CompletedCheckout(
            checkout_id=done.checkout.id,
            order_id=done.checkout.order_id,
            status=_status(payment),
            provider=payment.provider,
            provider_order_id=payment.reference,
            transaction_id=payment.transaction_id,
            amount=payment.amount,
            currency=payment.currency,
            demo=payment.demo,
            payment_method_token=payment.saved_method,
            redirect_url=claims.success_url if payment.state == "paid" else None,
            next_action=done.action,
        )
    )


def _status(payment: Payment) -> str:
    return {"paid": "paid", "action_required": "requires_action"}.get(payment.state, "processing")


@post("/api/checkout/get-payment-token", status_code=200, access="token", tags=["Core checkout"])
async def get_payment_token(
    request: Request[Any, Any, Any], data: JSONBody[PaymentTokenBody], desk: NamedDependency[Desk]
) -> PaymentTokenAnswer:
    """Fetch the saved payment method of a paid order, for upsell charges."""
    access = await desk.guards.token(request, _required(data.token))
    payment, saved = await saved_methods.get_payment_token(desk.parts, access)
    return PaymentTokenAnswer(
        data=PaymentToken(
            order_id=payment.order_id,
            provider=payment.provider,
            payment_method_token=saved.token if saved else None,
            customer_id=saved.customer if saved else None,
        )
    )


def _required(token: str | None) -> str:
    if not token:
        raise HttpRefusal(400, "invalid_request", "Missing token", details="token: is required")
    return token
