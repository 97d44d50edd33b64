"""A provider's own operations: the platform's verbs, asked for in the provider's words, on the same road for money."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, assert_never

import msgspec

from paylinks_ports.operations import Operation, OperationBody, Outcome
from paylinks_ports.payments import LookUpResult, Order, SavedMethod, Started
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.tenants import Brand

from .access import Access, read_token
from .asking import Brought
from .charging import refuse_card
from .checkouts import Given, initialize
from .claims import read_claims
from .completion import Payload, complete, read_back
from .errors import AlreadyPaid, InvalidInput, PaymentMethodMismatch
from .parts import Parts
from .providers import account_of
from .saved_methods import saved_of, saved_of_customer

__all__ = ["access_by_body", "access_by_token", "operate"]

_HOUR = 3_600_000


async def access_by_token(parts: Parts, body: OperationBody) -> Access:
    """Take amount, currency, order and brand from the body's checkout token.

    Raises:
        InvalidInput: a field of the body says otherwise.
        InvalidToken, ExpiredToken, InvalidClaims: as for the token itself.

    """
    access = await read_token(parts, body.token or "")
    claims = access.claims
    stated = {"orderId": body.order_id, "amount": body.amount, "currency": body.currency}
    for name, value in stated.items():
        proven = {"orderId": claims.order_id, "amount": claims.amount, "currency": claims.currency}[name]
        if value not in (None, proven):
            raise InvalidInput(f"{name}: differs from the token's")
    return access


async def access_by_body(parts: Parts, brand: Brand, operation: Operation, body: OperationBody) -> Access:
    """Take what the brand's own server says of an order.

    Raises:
        InvalidInput: a field is missing or wrong.

    """
    async with parts.units.reading() as rows:
        known = await rows.checkouts.by_order(brand.id, body.order_id) if body.order_id else None
    raw: dict[str, object] = msgspec.to_builtins(known.claims) if known else {}
    stated: Mapping[str, object | None] = {
        "orderId": body.order_id,
        "amount": body.amount,
        "currency": body.currency,
        "metadata": body.metadata,
    }
    required = ("orderId",) if operation.verb == "look_up" else ("orderId", "amount", "currency")
    for name in required:
        if stated[name] is None:
            raise InvalidInput(f"{name}: is required")
    if known is not None and operation.verb == "look_up":
        for name in ("amount", "currency"):
            if stated[name] not in (None, raw[name]):
                raise InvalidInput(f"{name}: differs from the order's")
    if known is not None and (body.amount, body.currency) != (known.claims.amount, known.claims.currency):
        # Another amount than the cart's: the parts that no longer add up go.
        raw = {name: raw[name] for name in raw if name not in ("lineItems", "shipping", "tax", "discount")}
    raw |= {name: value for name, value in stated.items() if value is not None}
    raw.setdefault("amount", 1)
    raw.setdefault("currency", "USD")
    raw.setdefault("productName", f"Order {body.order_id}")
    now = parts.clock.now()
    changed = known is not None and (raw["amount"], raw["currency"]) != (known.claims.amount, known.claims.currency)
    return Access(
        brand=brand,
        claims=read_claims(raw),
        issued_at=max(now // 1000, known.issued_at) if known and changed else None,
        expires_at=max(now + _HOUR, known.expires_at if known else 0),
    )


async def operate(  # noqa: PLR0913, PLR0917 - who, with whom, what, and with what
    parts: Parts, access: Access, provider: str, operation: Operation, body: OperationBody, brought: Brought
) -> Outcome:
    """Do one operation.

    Raises:
        RawCardRefused: the body has a card where none is taken.
        PaymentMethodMismatch, NoSavedMethod: the body names a saved method that is not the named order's own.
        Refusal: whatever the verb it stands for may say.

    """
    saved = await _saved(parts, access, provider, body)
    given = Given(
        customer=body.customer.read() if body.customer else None,
        shipping_address=body.shipping_address,
        billing_address=body.billing_address,
        brought=brought,
    )

    async def ask(gateway: Any, order: Order, reference: str | None) -> Any:  # noqa: ANN401 - the generic seam
        return await getattr(gateway, operation.method)(order, saved or reference, body)

    payment: Payment
    result: Started | LookUpResult
    match operation.verb:
        case "start":
            opened = await initialize(parts, access, provider, given, ask)
            payment, result = opened.payment, opened.started
        case "look_up":
            payload = Payload(provider=provider, reference=body.payment_reference)
            payment, result = await read_back(parts, access, payload, ask)
        case "charge" | "charge_saved":
            with suppress(AlreadyPaid):  # a repeated call gets the same answer again, from `complete`
                opened = await initialize(parts, access, provider, given, _opens_by_itself)
                body = await _with_card(parts, opened.payment, body)
            payload = Payload(provider=provider, payment_token=body.payment_token, brought=brought)
            done = await complete(parts, access, payload, ask)
            payment = done.payment
            if payment.money != access.claims.money:
                raise AlreadyPaid(f"amount: it was paid with {payment.money}")
            result = done.result or (await read_back(parts, access, Payload(provider=provider)))[1]
        case _:
            assert_never(operation.verb)
    return Outcome(
        provider=provider, order_id=payment.order_id, demo=payment.demo, reference=payment.reference, result=result
    )


async def _opens_by_itself(gateway: Any, order: Order, reference: str | None) -> Started:  # noqa: ANN401 - a gateway
    """Open nothing before an operation that charges: in its own words it says all that is needed for both."""
    del gateway, order
    return Started(reference=reference)


async def _with_card(parts: Parts, payment: Payment, body: OperationBody) -> OperationBody:
    """Check a body that takes a raw card; in demo mode a payment token stands for the simulator's own card."""
    if "card" not in body.__struct_fields__:
        return body
    async with parts.units.reading() as rows:
        account = await account_of(parts, rows, payment)
    if body.raw_card is not None:
        refuse_card(parts, account)
        return body
    test_card = account.card(body.payment_token) if body.payment_token else None
    return msgspec.structs.replace(body, card=test_card) if test_card else body


async def _saved(parts: Parts, access: Access, provider: str, body: OperationBody) -> SavedMethod | None:
    """Find the saved method that a body names, and that it is the named order's own."""
    named = body.saved_charge
    if named is None:
        return None
    if body.token is not None:
        raise InvalidInput("token: a saved method is charged by the brand's own server, not by a checkout token")
    if named.original_order_id is None:
        return await saved_of_customer(parts, access.brand.id, provider, named.method)
    _, payment, saved = await saved_of(parts, access.brand.id, named.original_order_id, "originalOrderId")
    if payment.provider != provider or named.method not in (saved.token, saved.method, saved.customer):
        raise PaymentMethodMismatch("the saved method is not the original order's own")
    return saved
