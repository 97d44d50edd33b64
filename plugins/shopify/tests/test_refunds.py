"""Refunds: once each by key and note, from the order's own charges."""

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from paylinks_ports import (
    CredentialsRejected,
    Money,
    NotFound,
    Order,
    Paid,
    ProviderRefused,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundOrder,
    RefundPending,
    RefundResult,
    Unknown,
)
from paylinks_ports.testing import make_refund
from paylinks_shopify import refunds
from paylinks_shopify.wire import Refund, ShopifyOrder

from .conftest import Merchant, asks, calls

MakeOrder = Callable[..., Order]


async def _paid(merchant: Merchant, order: Order) -> Paid:
    reference = (await merchant.gateway.start(order, None)).reference
    await merchant.pay(reference)
    paid = await merchant.gateway.look_up(order, reference)
    assert isinstance(paid, Paid)
    return paid


def _refund(paid: Paid, amount: int, before: int = 0, number: int = 1) -> RefundOrder:
    return make_refund(paid, amount, refund_id=f"rfd_{number}", refunded_before=before, reason="Too small")


def _error(code: str) -> dict[str, object]:
    return {"message": "x", "extensions": {"code": code}}


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
async def test_parts(merchant: Merchant, make_order: MakeOrder, currency: str) -> None:
    """Each part goes back once, however often it is asked for; more than is left is a clear no."""
    order = make_order(currency=currency)
    paid = await _paid(merchant, order)
    first = _refund(paid, 1000)
    assert await merchant.gateway.look_up_refund(order, first, None) == NotFound()
    done = await merchant.gateway.refund(order, first)
    assert isinstance(done, Refunded)
    assert done.money == first.money
    assert await merchant.gateway.refund(order, first) == done
    assert len(merchant.variables("Refund")) == 1  # the note tells for ever, a key for a day
    assert await merchant.gateway.look_up_refund(order, first, None) == done
    assert await merchant.gateway.look_up_refund(order, first, done.reference) == done
    assert isinstance(await merchant.gateway.refund(order, _refund(paid, 4000, 1000, 2)), RefundFailed)
    assert isinstance(await merchant.gateway.refund(order, _refund(paid, 3999, 1000, 3)), Refunded)
    assert isinstance(await merchant.gateway.look_up(order, paid.reference), Paid)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.refund(make_order(order_id="order-2"), first)


async def test_another_refunds_reason(merchant: Merchant, make_order: MakeOrder) -> None:
    """A merchant may write whatever reason, another refund's id included: only the end of the note is ours."""
    order = make_order()
    paid = await _paid(merchant, order)
    first = make_refund(paid, 1000, refund_id="rfd_1", reason="As [rfd_2] was")
    assert isinstance(await merchant.gateway.refund(order, first), Refunded)
    assert await merchant.gateway.look_up_refund(order, _refund(paid, 1000, 1000, 2), None) == NotFound()


async def test_lost_reply(merchant: Merchant, make_order: MakeOrder) -> None:
    """A refund whose reply is lost is found; asked for again unseen, its key gives the same one again."""
    order = make_order()
    refund = _refund(await _paid(merchant, order), 1000)
    merchant.loses(calls("Refund"))
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.refund(order, refund)
    found = await merchant.gateway.look_up_refund(order, refund, None)
    assert isinstance(found, Refunded)
    merchant.network.accident = None
    (sent,) = merchant.variables("Refund")
    document = next(one for one in merchant.network.sent if asks("Refund", one))
    again = await merchant.call("POST", document.url.path, content=document.content, headers=document.headers)
    assert again.json()["data"]["refundCreate"]["refund"]["id"] == found.reference
    assert sent["input"]["note"] == "Too small [rfd_1]"
    assert len(merchant.drafts()[0]["order"]["refunds"]) == 1


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["SUCCESS"], Refunded),
        (["SUCCESS", "SUCCESS"], Refunded),
        (["PENDING"], RefundPending),
        (["SUCCESS", "AWAITING_RESPONSE"], RefundPending),
        (["SOMETHING_NEW"], RefundPending),
        ([], RefundPending),
        (["FAILURE"], RefundFailed),
        (["ERROR", "FAILURE"], RefundFailed),
        (["SUCCESS", "FAILURE"], Unknown),
    ],
)
def test_statuses(statuses: list[str], expected: type[RefundResult]) -> None:
    """That a refund exists is not that its money has moved."""
    nodes = [{"id": "1", "kind": "REFUND", "status": status} for status in statuses]
    money = {"presentmentMoney": {"amount": "10.00", "currencyCode": "USD"}}
    raw = {"id": "gid://shopify/Refund/1", "totalRefundedSet": money, "transactions": {"nodes": nodes}}
    assert isinstance(refunds.read(msgspec.convert(raw, Refund, strict=False)), expected)


def test_several_charges() -> None:
    """A refund comes from the order's charges in turn, from what each of them still holds."""
    movements: list[dict[str, object]] = [
        {"id": "failed", "kind": "SALE", "status": "FAILURE", "amount": "50.00"},
        {"id": "gift", "kind": "SALE", "status": "SUCCESS", "amount": "30.00"},
        {"id": "card", "kind": "SALE", "status": "SUCCESS", "amount": "19.99"},
        {"id": "back", "kind": "REFUND", "status": "SUCCESS", "amount": "20.00", "parent": "gift"},
        {"id": "void", "kind": "REFUND", "status": "FAILURE", "amount": "10.00", "parent": "gift"},
    ]
    made = msgspec.convert(
        {
            "id": "gid://shopify/Order/1",
            "transactions": [
                one
                | {
                    "gateway": "bogus",
                    "amountSet": {"presentmentMoney": {"amount": one["amount"], "currencyCode": "USD"}},
                    "parentTransaction": {"id": one["parent"]} if "parent" in one else None,
                }
                for one in movements
            ],
        },
        ShopifyOrder,
        strict=False,
    )
    money = Money(4999, "USD")
    paid = Paid(reference="gid://shopify/DraftOrder/1", transaction_id=made.id, money=money)
    given = refunds.variables_of(made, _refund(paid, 2500, 2000))
    assert given is not None
    sent = given["input"]
    assert isinstance(sent, dict)
    assert [(one["parentId"], one["amount"]) for one in sent["transactions"]] == [("gift", "10.00"), ("card", "15.00")]
    assert refunds.variables_of(made, _refund(paid, 3000, 2000)) is None


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (500, {"html": "<h1>no</h1>"}, Unknown),
        (404, {"json": {}}, Unknown),
        (500, {"json": {"data": {"refundCreate": {"refund": None, "userErrors": [{"message": "x"}]}}}}, Unknown),
        (200, {"json": {"data": None}}, Unknown),
        (200, {"json": {"data": {"refundCreate": {"refund": None, "userErrors": []}}}}, Unknown),
        (200, {"json": {"errors": [_error("INTERNAL_SERVER_ERROR")]}}, Unknown),
        (200, {"json": {"errors": [_error("THROTTLED"), _error("INTERNAL_SERVER_ERROR")]}}, Unknown),
        (200, {"json": {"errors": [_error("IDEMPOTENCY_KEY_PARAMETER_MISMATCH")]}}, Unknown),
        (200, {"json": {"errors": [_error("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")]}}, RefundFailed),
        (423, {"json": {"errors": "Locked"}}, RefundFailed),
        (200, {"json": {"data": {"refundCreate": {"refund": None, "userErrors": [{"message": "x"}]}}}}, RefundFailed),
    ],
)
async def test_answers(
    merchant: Merchant, make_order: MakeOrder, status: int, content: dict[str, Any], expected: type[RefundResult]
) -> None:
    """Nonsense is a doubt, and a reason is a clear no."""
    order = make_order()
    refund = _refund(await _paid(merchant, order), 1000)
    merchant.answers(calls("Refund"), status, **content)
    assert isinstance(await merchant.gateway.refund(order, refund), expected)


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (429, {"html": "busy"}, ProviderUnavailable),
        (200, {"json": {"errors": [_error("THROTTLED"), _error("THROTTLED")]}}, ProviderUnavailable),
        (403, {"json": {"errors": "x"}}, CredentialsRejected),
    ],
)
async def test_nothing_happened(
    merchant: Merchant, make_order: MakeOrder, status: int, content: dict[str, Any], expected: type[Exception]
) -> None:
    """A shop that asks to wait, or refuses the access, has refunded nothing."""
    order = make_order()
    refund = _refund(await _paid(merchant, order), 1000)
    merchant.answers(calls("Refund"), status, **content)
    with pytest.raises(expected):
        await merchant.gateway.refund(order, refund)
