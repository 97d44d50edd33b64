"""Completing a checkout: read what the browser paid, or charge from the server, once, however often it is called."""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from paylinks_ports.cards import Card
from paylinks_ports.errors import Conflict
from paylinks_ports.payments import (
    Address,
    Declined,
    LookUpResult,
    NextAction,
    NotSubmitted,
    RequiresAction,
    Unknown,
)
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment

from . import payments
from .access import Access
from .asking import AskLookUp, AskPayment, Brought
from .charging import ask_for, word_of
from .checkouts import refuse_older, wait_until
from .claims import check_address
from .errors import (
    AlreadyPaid,
    AmountMismatch,
    CardDeclined,
    InvalidInput,
    NotInitialized,
    NotKnown,
    OutcomeUnknown,
    PaymentInProgress,
    PaymentNotSubmitted,
    PaymentTokenRequired,
)
from .parts import Parts
from .providers import account_of, open_account
from .refusals import Refusal
from .states import CHARGEABLE, UNRESOLVED

__all__ = ["Completed", "Payload", "answer", "complete", "read_back"]

_QUICKER = 10


class Payload(Struct, frozen=True, kw_only=True):
    """What a complete call brings along."""

    provider: str | None = None
    reference: str | None = None
    payment_token: str | None = None
    payment_tokens: Mapping[str, str] = field(default_factory=dict)
    card: Card | None = None
    billing_address: Address | None = None
    brought: Brought = Brought()


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


async def complete(parts: Parts, access: Access, payload: Payload, ask: AskPayment | None = None) -> Completed:
    """Bring an initialized checkout to its end; repeated, concurrent or after a crash, the customer pays once.

    Args:
        ask: charges in a plugin's own words, in place of `charge` with the payload's token.

    Raises:
        NotInitialized, Superseded: there is nothing to complete, or not with this token.
        UnknownProvider, ProviderNotAllowed, ProviderDisabled, ProviderNotConfigured: it may take no charge any more.
        CardDeclined: no money moved, and it may be tried again as the error says.
        RawCardRefused: a card was sent where none is taken.
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
            return await _pay(parts, access, checkout, payment, payload, ask)
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
    if payload.reference not in (None, payment.reference, payment.opened):
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


async def _pay(  # noqa: PLR0913, PLR0917 - who may pay, what for, and with what
    parts: Parts, access: Access, checkout: Checkout, payment: Payment, payload: Payload, ask: AskPayment | None
) -> Completed:
    async with parts.units.reading() as rows:
        account = await account_of(parts, rows, payment)
    browser_pays = parts.providers[payment.provider].browser_pays
    if browser_pays and payment.state == "new" and payment.reference is None:
        # Opening it failed. A charge that opens it by the way could be lost where no reference leads to it.
        raise NotInitialized("orderId: call checkout/initialize again, it did not come to its end")
    if payment.state in UNRESOLVED or payment.state == "action_required":
        checkout, payment, seen = await payments.look_up(parts, account, checkout, payment)
        # Only what the browser pays can be asked for again while a bank waits for the customer: it can be paid once.
        again = payment.state == "action_required" and browser_pays
        if not (again and (account.demo or payload.payment_token or ask)):
            return answer(checkout, payment, seen, first=False)
    word = word_of(account, checkout, payload.payment_token)
    ask = ask or ask_for(parts, account, payload.payment_token, payload.card, word)
    if ask is None:
        if not browser_pays:
            raise PaymentTokenRequired("paymentToken: is required")
        checkout, payment, seen = await payments.look_up(parts, account, checkout, payment)
        return answer(checkout, payment, seen, first=True)
    try:
        await _check_charge(parts, access, checkout, payment)
    except Refusal:
        if not browser_pays:
            raise
        # The customer may have paid without a call of ours: that is read, whatever stands in the way of a charge.
        checkout, payment, seen = await payments.look_up(parts, account, checkout, payment)
        if payment.state in CHARGEABLE:
            raise
        return answer(checkout, payment, seen, first=True)
    brought = replace(payload.brought, word=word)
    checkout, payment, result = await payments.charge(parts, account, checkout, payment, ask, brought=brought)
    return answer(checkout, payment, result, first=True)


async def _check_charge(parts: Parts, access: Access, checkout: Checkout, payment: Payment) -> None:
    """Refuse a charge on what `initialize` would not open any more as it was opened; much may have changed since.

    Raises:
        NotInitialized: it costs another amount by now, or is in demo mode no more or only now.
        UnknownProvider, ProviderNotAllowed, ProviderDisabled, ProviderNotConfigured: not with this provider.

    """
    if not payment.money == access.claims.money == checkout.claims.money:
        raise NotInitialized("orderId: was initialized with another amount; call checkout/initialize again")
    async with parts.units.reading() as rows:
        account = await open_account(parts, rows, access.brand, payment.provider, access.claims)
    if account.demo != payment.demo:
        mode = "demo" if payment.demo else "live"
        raise NotInitialized(f"orderId: was initialized in {mode} mode; call checkout/initialize again")


def answer(checkout: Checkout, payment: Payment, result: LookUpResult, *, first: bool) -> Completed:
    """Put what became of a payment in the words of `complete`.

    Args:
        first: the provider was asked to charge, or to tell, just now; a doubt is an error then, and later none.

    Raises:
        CardDeclined, PaymentNotSubmitted, OutcomeUnknown, AmountMismatch: as for `complete`.

    """
    if payment.kind == "sale":
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
    parts: Parts, access: Access, payload: Payload, ask: AskLookUp | None = None
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
