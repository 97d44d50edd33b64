"""Opening a checkout: one order, one payment that counts, written before the provider is asked for it."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import asdict, replace

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import Address, Customer, Order, Started
from paylinks_ports.providers import Cancels, Starts
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.payments import Payment
from paylinks_ports.services import Account
from paylinks_ports.storage import Work

from . import payments
from .access import Access, check_currency
from .asking import AskStart, Brought
from .claims import check_address, check_customer
from .errors import AlreadyPaid, OrderExists, PaymentInProgress, Superseded
from .events import publish
from .parts import Parts
from .providers import account_of, open_account
from .states import UNRESOLVED

__all__ = ["Given", "Initialized", "add_checkout", "being_started", "initialize", "newer", "refuse_older", "wait_until"]

_POLL = 50  # milliseconds between two looks at what another call is doing
_PATIENCE = 2_000  # milliseconds that a call waits for another one of the same order
_QUICKER = 10


class Given(Struct, frozen=True, kw_only=True):
    """What the customer has filled in besides the token, and what the call brought along."""

    customer: Customer | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    brought: Brought = Brought()


class Initialized(Struct, frozen=True, kw_only=True):
    """An open checkout, and what the browser needs next; empty while the payment is already being processed."""

    checkout: Checkout
    payment: Payment
    started: Started


async def initialize(
    parts: Parts, access: Access, provider: str, given: Given, ask: AskStart | None = None
) -> Initialized:
    """Open an order's checkout with one provider; repeated, the same checkout and the same provider order.

    Raises:
        InvalidInput: what the customer gave is wrong.
        InvalidClaims: the brand does not sell in this currency.
        UnknownProvider, ProviderNotAllowed, ProviderDisabled, ProviderNotConfigured: not with this provider.
        AlreadyPaid, Superseded: not this order, not with this token.
        OrderExists: an upsell has the order id.
        PaymentInProgress: an earlier payment of the order can't be closed with evidence.
        OutcomeUnknown, ProviderUnavailable, CredentialsRejected, ProviderRefused: the provider did not open it.

    """
    check_currency(access.brand, access.claims)
    if given.customer:
        check_customer(given.customer, "customer")
    for name, address in (("shippingAddress", given.shipping_address), ("billingAddress", given.billing_address)):
        if address:
            check_address(address, name)
    for _ in range(_QUICKER):
        try:
            return await _initialize(parts, access, provider, given, ask or _own_start)
        except Conflict:
            continue
    raise PaymentInProgress


async def _own_start(gateway: object, order: Order, reference: str | None) -> Started:
    return await gateway.start(order, reference) if isinstance(gateway, Starts) else Started(reference=reference)


async def _initialize(parts: Parts, access: Access, provider: str, given: Given, ask: AskStart) -> Initialized:
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
        payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
        account = await open_account(parts, rows, access.brand, provider, access.claims)
    fresh = newer(parts, access, checkout, given)
    if checkout and payment and not _fits(payment, provider, account, fresh.claims):
        checkout, payment = await _retire(parts, checkout, payment)
        fresh = newer(parts, access, checkout, given)
    if payment and payment.state == "paid":
        raise AlreadyPaid
    if payment and payment.state in UNRESOLVED:
        return Initialized(checkout=checkout or fresh, payment=payment, started=Started(reference=payment.reference))
    if payment and being_started(parts, payment):
        await _started_elsewhere(parts, payment)
        raise Conflict("It has been opened meanwhile, or even charged")
    written, payment = await _write(parts, account, checkout, fresh, payment)
    started = await payments.start(parts, account, written, payment, ask, brought=given.brought)
    return Initialized(checkout=written, payment=replace(payment, reference=started.reference), started=started)


def newer(parts: Parts, access: Access, checkout: Checkout | None, given: Given) -> Checkout:
    """Make what a checkout becomes by a token: a new one, or the present one brought up to it; nothing is written.

    Raises:
        AlreadyPaid, Superseded: it may not be.

    """
    now = parts.clock.now()
    if checkout is None:
        return Checkout(
            id=parts.ids.new("chk"),
            brand_id=access.brand.id,
            order_id=access.claims.order_id,
            code=parts.ids.code(),
            state="open",
            claims=_filled(access.claims, given, None),
            issued_at=access.issued_at or 0,
            expires_at=access.expires_at,
            created_at=now,
            updated_at=now,
        )
    refuse_older(access, checkout)
    if checkout.state == "paid":
        raise AlreadyPaid
    claims = _filled(access.claims, given, checkout.claims)
    issued_at = max(checkout.issued_at, access.issued_at or 0)
    expires_at = access.expires_at if (access.issued_at or 0) >= checkout.issued_at else checkout.expires_at
    state = "open" if checkout.state == "abandoned" else checkout.state
    brought = replace(checkout, claims=claims, issued_at=issued_at, expires_at=expires_at, state=state)
    return checkout if brought == checkout else replace(brought, updated_at=now)


def refuse_older(access: Access, checkout: Checkout) -> None:
    """Refuse a token that is older than one used or made for the same unpaid order.

    Raises:
        Superseded: it is.

    """
    if checkout.state != "paid" and access.issued_at is not None and access.issued_at < checkout.issued_at:
        raise Superseded


def _filled(claims: Claims, given: Given, before: Claims | None) -> Claims:
    """Add what the customer gave, now or before, to what the merchant claimed."""
    customer: dict[str, str] = {}
    for source in (before.customer if before else None, claims.customer, given.customer):
        customer |= {name: value for name, value in (asdict(source) if source else {}).items() if value is not None}
    return replace(
        claims,
        customer=Customer(**customer),
        shipping_address=given.shipping_address or claims.shipping_address or (before and before.shipping_address),
        billing_address=given.billing_address or claims.billing_address or (before and before.billing_address),
    )


def _fits(payment: Payment, provider: str, account: Account, claims: Claims) -> bool:
    return (
        payment.state != "canceled"
        and payment.provider == provider
        and payment.demo == account.demo
        and payment.money == claims.money
    )


def being_started(parts: Parts, payment: Payment) -> bool:
    """Say whether another call is opening a payment; once the reconciler has looked at it, that one is gone."""
    opening = payment.state == "new" and payment.reference is None and payment.checks == 0
    return opening and (payment.check_at or 0) > parts.clock.now()


async def _started_elsewhere(parts: Parts, payment: Payment) -> None:
    """Wait for the other call that is opening this payment at the provider."""
    if await wait_until(parts, payment.id, lambda now: not being_started(parts, now)) is None:
        raise PaymentInProgress


async def wait_until(parts: Parts, payment_id: str, over: Callable[[Payment], bool]) -> Payment | None:
    """Look at a payment until it is as wished, for two seconds; None when it did not become so."""
    for _ in range(_PATIENCE // _POLL):
        await parts.clock.sleep(_POLL)
        payment = await current(parts, payment_id)
        if over(payment):
            return payment
    return None


async def current(parts: Parts, payment_id: str) -> Payment:
    """Read a payment as it is committed now."""
    async with parts.units.reading() as rows:
        payment = await rows.payments.get(payment_id)
    if payment is None:  # rows are never deleted
        raise Conflict("This payment is gone")
    return payment


async def _write(
    parts: Parts, account: Account, checkout: Checkout | None, fresh: Checkout, payment: Payment | None
) -> tuple[Checkout, Payment]:
    """Write checkout and payment before the provider is asked, and the lease of who asks, in one transaction."""
    now = parts.clock.now()
    lease = now + account.lease
    if payment is None or payment.state == "canceled":
        payment = Payment(
            id=parts.ids.new("pay"),
            checkout_id=fresh.id,
            brand_id=fresh.brand_id,
            order_id=fresh.order_id,
            provider=account.provider,
            demo=account.demo,
            state="new",
            amount=fresh.claims.amount,
            currency=fresh.claims.currency,
            attempt_id=parts.ids.new("att"),
            check_at=lease,
            created_at=now,
            updated_at=now,
        )
        fresh = replace(fresh, payment_id=payment.id, state="open", updated_at=now)
        leased, added = payment, True
    else:
        leased = replace(payment, check_at=lease, checks=0, updated_at=now) if payment.reference is None else payment
        added = False
    if not added and leased is payment and fresh is checkout:
        return fresh, payment
    async with parts.units() as work:
        if checkout is None:
            await add_checkout(parts, work, fresh)
        elif fresh != checkout:
            fresh = await work.checkouts.replace(checkout, fresh)
        if added:
            await work.payments.add(payment)
        elif leased is not payment:
            payment = await work.payments.replace(payment, leased)
        await work.commit()
    return fresh, payment


async def add_checkout(parts: Parts, work: Work, checkout: Checkout) -> None:
    """Add a new checkout, and tell of it.

    Raises:
        OrderExists: an upsell has its order id; refunds and people must know by an id which of the two is meant.
        Conflict: another call has made it meanwhile.

    """
    if await work.upsell_sessions.by_order(checkout.brand_id, checkout.order_id) is not None:
        raise OrderExists("orderId: is an upsell's; a checkout needs an id of its own")
    await work.checkouts.add(checkout)
    await publish(parts, work, checkout, "checkout.created")


async def _retire(parts: Parts, checkout: Checkout, payment: Payment) -> tuple[Checkout, Payment]:
    """Close the payment that counted so far, with evidence that it can't be paid any more.

    Raises:
        PaymentInProgress: that can't be had.
        AlreadyPaid: it was paid.

    """
    if payment.state == "canceled":
        return checkout, payment
    async with parts.units.reading() as rows:
        account = await account_of(parts, rows, payment)
    if payment.state in ("pending", "unknown"):
        checkout, payment, _ = await payments.look_up(parts, account, checkout, payment)
    if payment.state in UNRESOLVED or being_started(parts, payment):
        raise PaymentInProgress
    if payment.state != "paid" and payment.reference is not None and isinstance(account.gateway, Cancels):
        checkout, payment, _ = await payments.cancel(parts, account, checkout, payment)
    elif payment.state != "paid" and (payment.reference is None or not parts.providers[payment.provider].browser_pays):
        if payment.state == "action_required":
            raise PaymentInProgress
        # Nothing that could be paid without us was ever opened, or nobody was told of it.
        checkout, payment = await payments.give_up(parts, checkout, payment)
    if payment.state == "paid":
        raise AlreadyPaid
    if payment.state != "canceled":
        raise PaymentInProgress
    return checkout, payment
