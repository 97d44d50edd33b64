"""Completing a checkout: read what the browser paid, or charge from the server, once, however often it is called."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import (
    Address,
    Declined,
    LookUpResult,
    NextAction,
    NotSubmitted,
    Order,
    PaymentResult,
    RequiresAction,
    SavedMethod,
    Unknown,
)
from paylinks_ports.providers import Charges
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.services import Account

from . import payments
from .access import Access
from .checkouts import refuse_older, wait_until
from .claims import check_address
from .errors import (
    AlreadyPaid,
    AmountMismatch,
    CardDeclined,
    InvalidInput,
    NotInitialized,
    NotKnown,
    NotPaid,
    OutcomeUnknown,
    PaymentInProgress,
    PaymentNotSubmitted,
    PaymentTokenRequired,
)
from .parts import Parts
from .providers import account_of
from .states import UNRESOLVED

__all__ = ["Completed", "Payload", "complete", "get_payment_token", "read_back"]

_QUICKER = 10


class Payload(Struct, frozen=True, kw_only=True):
    """What a complete call brings along."""

    provider: str | None = None
    reference: str | None = None
    payment_token: str | None = None
    billing_address: Address | None = None


class Completed(Struct, frozen=True, kw_only=True):
    """How far a checkout has come.

    Args:
        result: the provider's answer, where this call asked for one.
        action: what the customer must do next.

    """

    checkout: Checkout
    payment: Payment
    result: LookUpResult | None = None
    action: NextAction | None = None


AskCharge: TypeAlias = Callable[[Any, Order, str | None], Awaitable[PaymentResult]]


async def complete(parts: Parts, access: Access, payload: Payload, ask: AskCharge | None = None) -> Completed:
    """Bring an initialized checkout to its end; repeated, concurrent or after a crash, the customer pays once.

    Args:
        ask: charges in a plugin's own words, in place of `charge` with the payload's token.

    Raises:
        NotInitialized, Superseded: there is nothing to complete, or not with this token.
        CardDeclined: no money moved, and it may be tried again as the error says.
        PaymentNotSubmitted, PaymentTokenRequired: there is nothing to read or to charge yet.
        AmountMismatch: the provider took another amount; a person must decide.
        OutcomeUnknown: the provider was asked just now and nobody can say what came of it.
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged.

    """
    if payload.billing_address:
        check_address(payload.billing_address, "billingAddress")
    for _ in range(_QUICKER):
        checkout, payment = await _find(parts, access, payload)
        try:
            if (done := _done(checkout, payment)) is not None:
                return done
            if payment.state == "in_flight":
                # Someone else is asking: wait for that outcome, and never ask beside it.
                if await wait_until(parts, payment.id, lambda now: now.state != "in_flight") is None:
                    return Completed(checkout=checkout, payment=payment)
                continue
            return await _pay(parts, checkout, payment, payload, ask)
        except Conflict:
            continue
    raise PaymentInProgress("orderId: too many calls are completing it at once")


async def _find(parts: Parts, access: Access, payload: Payload) -> tuple[Checkout, Payment]:
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
        payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
    if checkout is None or payment is None or payment.state == "canceled":
        raise NotInitialized("orderId: call checkout/initialize first")
    refuse_older(access, checkout)
    if payload.provider is not None and payload.provider != payment.provider:
        if checkout.state == "paid":
            raise AlreadyPaid(f"provider: it was paid through {payment.provider}")
        raise NotInitialized(f"provider: this checkout was initialized with {payment.provider}")
    if payload.reference is not None and payload.reference != payment.reference:
        raise InvalidInput("providerOrderId: is not this checkout's")
    if payload.billing_address and checkout.state != "paid":
        claims = replace(checkout.claims, billing_address=payload.billing_address)
        checkout = replace(checkout, claims=claims)
    return checkout, payment


def _done(checkout: Checkout, payment: Payment) -> Completed | None:
    if "paid" not in (checkout.state, payment.state):
        return None
    if checkout.state == payment.state:
        return Completed(checkout=checkout, payment=payment)
    if checkout.attention:
        raise AmountMismatch(checkout.attention)
    raise Conflict("One was read before a commit and the other after it")


async def _pay(
    parts: Parts, checkout: Checkout, payment: Payment, payload: Payload, ask: AskCharge | None
) -> Completed:
    async with parts.units.reading() as rows:
        account = await account_of(parts, rows, payment)
    asked_before = payment.state in UNRESOLVED
    if asked_before or payment.state == "action_required":
        checkout, payment, seen = await payments.look_up(parts, account, checkout, payment)
        if payment.state != "action_required" or not (account.demo or payload.payment_token or ask):
            return _answer(checkout, payment, seen, first=False)
    payment_token = payload.payment_token or _demo_token(account, checkout)
    if ask is None and payment_token is not None and isinstance(account.gateway, Charges):
        ask = _charge_with(payment_token)
    if ask is not None:
        checkout, payment, result = await payments.charge(parts, account, checkout, payment, ask)
        return _answer(checkout, payment, result, first=True)
    if not parts.providers[payment.provider].browser_pays:
        raise PaymentTokenRequired("paymentToken: is required")
    checkout, payment, seen = await payments.look_up(parts, account, checkout, payment)
    return _answer(checkout, payment, seen, first=True)


def _charge_with(payment_token: str) -> AskCharge:
    async def ask(gateway: Charges, order: Order, reference: str | None) -> PaymentResult:
        return await gateway.charge(order, reference, payment_token)

    return ask


def _demo_token(account: Account, checkout: Checkout) -> str | None:
    """In demo mode the customer's part is played too; the claim `metadata.demo` says how it ends."""
    return checkout.claims.metadata.get("demo", "demo") if account.demo else None


def _answer(checkout: Checkout, payment: Payment, result: LookUpResult, *, first: bool) -> Completed:
    _done(checkout, payment)
    if checkout.attention and payment.state == "unknown":
        raise AmountMismatch(checkout.attention)
    match result:
        case Declined() if payment.state == "declined":
            raise CardDeclined(result)
        case NotSubmitted() if payment.state == "new":
            raise PaymentNotSubmitted(f"providerOrderId: {payment.reference} is not paid yet")
        case Unknown() if first and payment.state in UNRESOLVED:
            raise OutcomeUnknown(result.message)
        case RequiresAction() if payment.state == "action_required":
            return Completed(checkout=checkout, payment=payment, result=result, action=result.action)
        case _:
            return Completed(checkout=checkout, payment=payment, result=result)


async def read_back(
    parts: Parts, access: Access, payload: Payload, ask: payments.AskLookUp | None = None
) -> tuple[Payment, LookUpResult]:
    """Read what became of an order's payment, in a plugin's own words; charges nothing.

    Raises:
        NotKnown: the order has no payment with that provider, or not with that reference.
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was learned.

    """
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
        payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
        if (
            checkout is None
            or payment is None
            or payment.provider != payload.provider
            or payload.reference not in (None, payment.reference)
        ):
            raise NotKnown("orderId: has no such payment")
        account = await account_of(parts, rows, payment)
    _, payment, result = await payments.look_up(parts, account, checkout, payment, ask)
    return payment, result


async def get_payment_token(parts: Parts, access: Access) -> tuple[Payment, SavedMethod | None]:
    """Give the saved method of a paid order.

    Raises:
        NotKnown: there is no such order.
        NotPaid: it is not paid.

    """
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
        payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
    if checkout is None:
        raise NotKnown("orderId: there is no such order")
    if checkout.state != "paid" or payment is None:
        raise NotPaid(f"orderId: is {checkout.state}")
    return payment, SavedMethod.from_token(payment.saved_method) if payment.saved_method else None
