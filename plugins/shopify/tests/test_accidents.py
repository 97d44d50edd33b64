"""Whatever can go wrong on the way: no money moves by a draft order, so all of it can be asked again."""

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    Declined,
    LookUpResult,
    NotFound,
    NotSubmitted,
    Order,
    Paid,
    Pending,
    ProviderRefused,
    ProviderUnavailable,
    Unknown,
)
from paylinks_ports.testing import Forward
from paylinks_shopify import outcomes
from paylinks_shopify.declines import DECLINES, declined
from paylinks_shopify.wire import Draft

from .conftest import SECRET, TOKEN, Merchant, asks

MakeOrder = Callable[..., Order]

NONSENSE: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>Oops</h1>"}),
    "200 with garbage": (200, {"content": b"\x00\xff{"}),
    "200 with what is no UTF-8": (200, {"content": b'{"errors": "\xff"}'}),
    "200 without an end": (200, {"content": b'{"data": ' + b"[" * 100_000}),
    "200 empty": (200, {}),
    "200 with a list": (200, {"json": [1]}),
    "200 without data": (200, {"json": {}}),
    "200 with other data": (200, {"json": {"data": {"shop": 7}}}),
    "200 to another question": (200, {"json": {"data": {"nodes": {"nodes": []}}}}),
    "401 with HTML": (401, {"html": "<h1>Proxy</h1>"}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
    "throttled": (200, {"json": {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}}),
    "internal": (200, {"json": {"errors": [{"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}}),
    "429": (429, {"json": {"errors": "Exceeded 2 calls per second"}}),
    "430": (430, {"html": "robot"}),
}


@pytest.mark.parametrize("case", NONSENSE)
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """Nothing happened, or it is as if nothing had."""
    status, content = NONSENSE[case]
    reference = str((await merchant.gateway.start(make_order(), None)).reference)
    merchant.answers("", status, **content)
    await _all_fail(merchant, make_order, reference)


async def test_lost_replies(merchant: Merchant, make_order: MakeOrder) -> None:
    """What moves no money can be asked again, even where it may have arrived."""
    reference = str((await merchant.gateway.start(make_order(), None)).reference)
    merchant.loses("")
    await _all_fail(merchant, make_order, reference)


async def _all_fail(merchant: Merchant, make_order: MakeOrder, reference: str) -> None:
    for call in (
        merchant.gateway.start(make_order(attempt_id="att_2"), None),
        merchant.gateway.start(make_order(), reference),
        merchant.gateway.look_up(make_order(), reference),
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.cancel(make_order(), reference),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (401, {"errors": "x"}, CredentialsRejected),
        (403, {"errors": "x"}, CredentialsRejected),
        (200, {"errors": [{"message": "x", "extensions": {"code": "ACCESS_DENIED"}}]}, CredentialsRejected),
        (402, {"errors": "frozen"}, ProviderRefused),
        (404, {"errors": "Not Found"}, ProviderRefused),
        (200, {"errors": [{"message": "x", "extensions": {"code": "MAX_COST_EXCEEDED"}}]}, ProviderRefused),
    ],
)
async def test_answers_in_form(
    merchant: Merchant, make_order: MakeOrder, status: int, content: dict[str, Any], expected: type[Exception]
) -> None:
    """Errors in Shopify's own form say what they say."""
    merchant.answers("", status, json=content)
    with pytest.raises(expected):
        await merchant.gateway.start(make_order(), None)


async def test_lost_deletion(merchant: Merchant, make_order: MakeOrder) -> None:
    """A deletion that is answered with nonsense is read back; where that fails, too, it is a doubt."""
    reference = str((await merchant.gateway.start(make_order(), None)).reference)
    deleted = False

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        nonlocal deleted
        if deleted and asks("Read", request):
            return httpx.Response(502)
        response = await forward(request)
        deleted = deleted or asks("Delete", request)
        return httpx.Response(502) if asks("Delete", request) else response

    merchant.network.accident = accident
    assert isinstance(await merchant.gateway.cancel(make_order(), reference), Unknown)
    merchant.network.accident = None
    assert await merchant.gateway.look_up(make_order(), reference) == NotFound()


def _draft(status: str | None, transactions: list[tuple[str, str]], **changes: object) -> Draft:
    money = {"presentmentMoney": {"amount": "49.99", "currencyCode": "USD"}}
    movements = [
        {"id": str(n), "kind": kind, "status": state, "errorCode": "EXPIRED_CARD", "amountSet": money}
        for n, (kind, state) in enumerate(transactions)
    ]
    order = {"id": "gid://shopify/Order/1", "displayFinancialStatus": status, "transactions": movements, **changes}
    raw = {
        "id": "gid://shopify/DraftOrder/1",
        "status": "COMPLETED" if status else "OPEN",
        "customAttributes": [{"key": "paylinks_order_id", "value": "order-1"}],
        "totalPriceSet": money,
        "order": order if status else None,
    }
    return msgspec.convert(raw, Draft, strict=False)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (_draft(None, []), NotSubmitted),
        (_draft("PAID", [("SALE", "SUCCESS")]), Paid),
        (_draft("PAID", [("AUTHORIZATION", "SUCCESS"), ("CAPTURE", "SUCCESS")]), Paid),
        (_draft("PARTIALLY_REFUNDED", [("SALE", "SUCCESS"), ("REFUND", "SUCCESS")]), Paid),
        (_draft("REFUNDED", [("SALE", "SUCCESS"), ("REFUND", "SUCCESS")]), Paid),
        (_draft("PAID", [("SALE", "SUCCESS")], paymentCollectionDetails=None), Paid),
        (_draft("PAID", []), Unknown),
        (_draft("AUTHORIZED", [("AUTHORIZATION", "SUCCESS")]), Pending),
        (_draft("PENDING", []), Pending),
        (_draft("PENDING", [("SALE", "PENDING")]), Pending),
        (_draft("PENDING", [("SALE", "FAILURE")]), Declined),
        (_draft("PENDING", [("SALE", "FAILURE"), ("SALE", "PENDING")]), Pending),
        (_draft("PARTIALLY_PAID", [("SALE", "SUCCESS"), ("SALE", "FAILURE")]), Pending),
        (_draft("VOIDED", [("AUTHORIZATION", "SUCCESS"), ("VOID", "SUCCESS")]), Canceled),
        (_draft("PENDING", [], cancelledAt="2026-11-25T00:00:00Z"), Canceled),
        (_draft("SOMETHING_NEW", [("SALE", "SUCCESS")]), Unknown),
    ],
)
def test_statuses(make_order: MakeOrder, draft: Draft, expected: type[LookUpResult]) -> None:
    """Each state of an order has its meaning, and a new one is a doubt."""
    assert isinstance(outcomes.read(make_order(), draft), expected)


@pytest.mark.parametrize("code", DECLINES)
def test_decline_table(code: str) -> None:
    """Every code of the table has its meaning, and one that is not known yet is a plain decline."""
    assert (declined(code, "x").code, declined(code, "x").retryable) == DECLINES[code]
    assert declined("SOMETHING_NEW", "x").code == declined(None, "x").code == "card_declined"


async def test_secrets_are_nowhere(merchant: Merchant, make_order: MakeOrder) -> None:
    """No token is in a representation or an error."""
    shown = f"{merchant.credentials!r} {merchant.credentials} {merchant.credentials.__rich_repr__()}"
    assert TOKEN not in shown
    assert SECRET not in shown
    merchant.answers("", 404, json={"errors": f"{TOKEN}_long_enough ada@example.com"})
    with pytest.raises(ProviderRefused) as refused:
        await merchant.gateway.start(make_order(), None)
    assert TOKEN not in str(refused.value.details)
    assert "ada@" not in str(refused.value.details)
