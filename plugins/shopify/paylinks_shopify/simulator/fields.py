"""The fields of the Admin API that the plugin's documents ask for, one function each."""

from decimal import Decimal

import msgspec

from paylinks_ports import SimulatedWorld, UnknownCurrency, exponent

from ..credentials import DEMO_CREDENTIALS
from .books import DraftRecord, RefundRecord, TransactionRecord, add, change, find, new_gid, of_order, of_tag
from .faults import QueryFault, Refused
from .mail import refund_payload, signed
from .shapes import (
    CreateVariables,
    DeleteVariables,
    DraftOrderInput,
    IdVariables,
    NoVariables,
    RefundInput,
    RefundVariables,
    SearchVariables,
)
from .views import draft_view, refund_view

__all__ = ["create", "delete", "read", "refund", "search", "shop"]

Json = dict[str, object]

_VARIANT_PRICE = Decimal("10.00")
_SLOW_CARDS, _WEAK_CARD = frozenset({"slow", "weak"}), "weak"
_REFUND_MS = 600_000
_ODD = "gid://shopify/ProductVariant/404"


async def create(world: SimulatedWorld, variables: CreateVariables) -> Json:
    """``draftOrderCreate``."""
    given = variables.input
    try:
        draft = DraftRecord(
            id=new_gid("DraftOrder"),
            created_at=world.now(),
            currency=given.presentment_currency_code,
            total=_total(given),
            tags=given.tags,
            attributes=[(one.key, one.value) for one in given.custom_attributes],
            po_number=given.po_number,
        )
    except Refused as refused:
        return {"draftOrderCreate": {"draftOrder": None, "userErrors": refused.user_errors}}
    await add(world, draft)
    return {"draftOrderCreate": {"draftOrder": draft_view(draft), "userErrors": []}}


def _total(given: DraftOrderInput) -> Decimal:
    currency = given.presentment_currency_code
    try:
        exponent(currency)
    except UnknownCurrency as error:
        raise Refused("Currency is not supported", "input", "presentmentCurrencyCode") from error
    if not given.line_items:
        raise Refused("Add at least 1 product", "input", "lineItems")
    if given.email is not None and "@" not in given.email:
        raise Refused("Email is invalid", "input", "email")
    total = Decimal(0)
    for line in given.line_items:
        if line.variant_id == _ODD:
            raise Refused("Product with ID 404 is no longer available.", "input", "lineItems")
        price = line.original_unit_price_with_currency
        if line.variant_id is None and (line.title is None or price is None):
            raise Refused("Title and price are required", "input", "lineItems")
        if price is not None and price.currency_code != currency:
            raise Refused("Currency must be the presentment currency", "input", "lineItems")
        total += line.quantity * (_VARIANT_PRICE if price is None or line.variant_id else price.amount)
    if given.applied_discount is not None:
        total -= given.applied_discount.amount_with_currency.amount
    if given.shipping_line is not None:
        total += given.shipping_line.price_with_currency.amount
    return total


async def read(world: SimulatedWorld, variables: IdVariables) -> Json:
    """``draftOrder``."""
    if not variables.id.startswith("gid://shopify/DraftOrder/"):
        raise QueryFault("Invalid global id", "INVALID_VARIABLE")
    draft = await find(world, variables.id)
    return {"draftOrder": draft_view(draft) if draft else None}


async def search(world: SimulatedWorld, variables: SearchVariables) -> Json:
    """``draftOrders``, by tag."""
    found = await of_tag(world, variables.query.removeprefix("tag:'").removesuffix("'"))
    return {"draftOrders": {"nodes": [draft_view(one) for one in found[:10]]}}


async def delete(world: SimulatedWorld, variables: DeleteVariables) -> Json:
    """``draftOrderDelete``; a completed one stays."""

    def edit(draft: DraftRecord) -> None:
        if draft.order is not None:
            raise Refused("Draft order has been completed and can't be deleted", "input", "id")
        draft.deleted = True

    errors = Refused("Draft order not found", "input", "id").user_errors
    try:
        deleted = await change(world, variables.input.id, edit)
    except Refused as refused:
        deleted, errors = None, refused.user_errors
    if deleted is None:
        return {"draftOrderDelete": {"deletedId": None, "userErrors": errors}}
    return {"draftOrderDelete": {"deletedId": deleted.id, "userErrors": []}}


async def refund(world: SimulatedWorld, variables: RefundVariables) -> Json:
    """``refundCreate``, once for each idempotency key."""
    given, asked = variables.input, msgspec.json.encode(variables.input).decode()

    def edit(draft: DraftRecord) -> None:
        order = draft.order
        if order is None:
            raise Refused("Order does not exist", "orderId")
        known = next((one for one in order.refunds if one.key == variables.key), None)
        if known is not None:
            if known.asked != asked:
                raise QueryFault("The key was used with other parameters", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
            return
        moved = [_give_back(world, draft, given, place) for place in range(len(given.transactions))]
        order.transactions.extend(moved)
        order.refunds.append(
            RefundRecord(
                id=new_gid("Refund"),
                note=given.note,
                amount=sum((one.amount for one in moved), Decimal(0)),
                transaction_ids=[one.id for one in moved],
                key=variables.key,
                asked=asked,
            )
        )

    gid = await of_order(world, given.order_id)
    errors = Refused("Order does not exist", "orderId").user_errors
    try:
        draft = await change(world, gid, edit) if gid else None
    except Refused as refused:
        draft, errors = None, refused.user_errors
    if draft is None or draft.order is None:
        return {"refundCreate": {"refund": None, "userErrors": errors}}
    made = next(one for one in draft.order.refunds if one.key == variables.key)
    await world.emit(signed(world, "refunds/create", refund_payload(made, draft.order)), 0)
    return {"refundCreate": {"refund": refund_view(made, draft), "userErrors": []}}


def _give_back(world: SimulatedWorld, draft: DraftRecord, given: RefundInput, place: int) -> TransactionRecord:
    """Take one movement of a refund out of the charge that it names."""
    asked, order = given.transactions[place], draft.order
    charges = [
        one for one in (order.transactions if order else []) if (one.id, one.status) == (asked.parent_id, "SUCCESS")
    ]
    if not charges or given.currency not in (None, draft.currency) or asked.order_id != given.order_id:
        raise Refused("Transaction is invalid", "transactions", str(place))
    earlier = [one for one in (order.transactions if order else []) if one.parent_id == asked.parent_id]
    back = sum((one.amount for one in earlier if one.status != "FAILURE"), Decimal(0))
    if asked.amount <= 0 or back + asked.amount > charges[0].amount:
        raise Refused("Refund amount is more than what is left to refund", "transactions", str(place), "amount")
    # That a refund exists is not yet that its money moves: to some cards it goes slowly, to some not at all.
    waits = order is not None and order.card in _SLOW_CARDS
    return TransactionRecord(
        id=new_gid("OrderTransaction"),
        kind="REFUND",
        status="PENDING" if waits else "SUCCESS",
        amount=asked.amount,
        parent_id=asked.parent_id,
        settles_at=world.now() + _REFUND_MS if waits else None,
        fails=order is not None and order.card == _WEAK_CARD,
    )


async def shop(world: SimulatedWorld, variables: NoVariables) -> Json:  # noqa: ARG001 - every field is called so
    """``shop``."""
    return {"shop": {"myshopifyDomain": DEMO_CREDENTIALS.shop_domain, "currencyCode": "USD"}}
