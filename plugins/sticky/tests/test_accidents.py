"""Whatever can go wrong on the way: doubt stays doubt, it is never a decline, never a crash, and tells no secret."""

import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from paylinks_ports import (
    CredentialsRejected,
    Declined,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    Pending,
    ProviderRefused,
    ProviderUnavailable,
    SavedMethod,
    Unknown,
)
from paylinks_ports.testing import make_refund
from paylinks_sticky.answers import read

from .conftest import Merchant

MakeOrder = Callable[..., Order]

NONSENSE: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>TopSecretPassword</h1>"}),
    "500 in form": (
        500,
        {"json": {"response_code": "100", "error_found": "0", "order_id": "1", "orderTotal": "49.99"}},
    ),
    "502 empty": (502, {}),
    "200 with HTML": (200, {"html": "<h1>Maintenance</h1>"}),
    "200 with garbage": (200, {"content": b"\x00\xff\xfe{"}),
    "200 with a list": (200, {"json": [1, 2]}),
    "200 with null": (200, {"json": None}),
    "200 with a number": (200, {"json": 7}),
    "200 without a code": (200, {"json": {"order_id": "5", "error_found": "0"}}),
    "200 with an unknown code": (200, {"json": {"response_code": "4711", "error_found": "1"}}),
    "could not add the record": (200, {"json": {"response_code": "1000", "error_found": "1"}}),
    "a decline among doubts": (200, {"json": {"response_code": "800,1000", "error_found": "1"}}),
    "a code of another type": (200, {"json": {"response_code": ["100"], "error_found": "0"}}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
    "403 with HTML": (403, {"html": "<h1>Blocked by a proxy</h1>"}),
}
NOT_APPROVED: dict[str, dict[str, Any]] = {
    "no order": {"response_code": "100", "error_found": "0"},
    "an error found": {"response_code": "100", "error_found": "1", "order_id": "5", "orderTotal": "49.99"},
    "no amount": {"response_code": "100", "error_found": "0", "order_id": "5"},
    "nonsense for an amount": {"response_code": "100", "error_found": "0", "order_id": "5", "orderTotal": "NaN"},
    "a part of a cent": {"response_code": "100", "error_found": "0", "order_id": "5", "orderTotal": "49.999"},
    "a duplicate": {
        "response_code": "800",
        "error_found": "1",
        "order_id": "5",
        "decline_reason": "Duplicate transaction",
    },
}


@pytest.mark.parametrize("case", NONSENSE)
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """A charge or refund that is answered with nonsense is in doubt; everything else can be asked again."""
    paid = await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(paid, Paid)
    status, content = NONSENSE[case]
    merchant.answers("", status, **content)
    assert isinstance(await merchant.gateway.charge(make_order(), "prospect-1", "tok"), Unknown)
    assert isinstance(await merchant.gateway.charge_saved(make_order(), SavedMethod("1")), Unknown)
    refund = make_refund(paid, 100)
    assert isinstance(await merchant.gateway.refund(make_order(), refund), Unknown)
    for call in (
        merchant.gateway.start(make_order(), None),
        merchant.gateway.look_up(make_order(), "1"),
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.look_up_refund(make_order(), refund, None),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call


@pytest.mark.parametrize("case", NOT_APPROVED)
async def test_not_approved(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """Success is a whitelist."""
    merchant.answers("new_order", 200, json=NOT_APPROVED[case])
    assert isinstance(await merchant.gateway.charge(make_order(), None, "tok"), Unknown)


@pytest.mark.parametrize("after", [True, False])
async def test_lost_reply(merchant: Merchant, make_order: MakeOrder, *, after: bool) -> None:
    """The error comes through as it is, and the look-up finds what happened; nothing found is no proof."""
    order = make_order()
    reference = (await merchant.gateway.start(order, None)).reference
    merchant.loses("new_order_with_prospect", httpx.ReadTimeout, after=after)
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.charge(order, reference, "tok")
    for known in (reference, None):
        assert isinstance(await merchant.gateway.look_up(order, known), Paid if after else NotFound)


async def test_an_approval_stands_without_its_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """Once it is approved, no failure to read the order back takes that away."""
    merchant.loses("order_view", httpx.ReadTimeout, after=False)
    paid = await merchant.gateway.charge(make_order(), None, "tok")
    assert isinstance(paid, Paid)
    assert paid.money == make_order().money


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_never_sent(merchant: Merchant, make_order: MakeOrder, error: type[httpx.TransportError]) -> None:
    """What never left charged nothing."""
    merchant.loses("", error, after=False)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.charge(make_order(), "prospect-1", "tok")


async def test_rejected_and_busy(merchant: Merchant, make_order: MakeOrder) -> None:
    """Refused logins and too many calls are certain: nothing was charged."""
    for code in ("200", "666", "667", "668", "669"):
        merchant.answers("", 200, json={"response_code": code, "error_message": "api_user TopSecretPassword"})
        for call in (merchant.gateway.charge(make_order(), None, "t"), merchant.gateway.check_credentials()):
            with pytest.raises(CredentialsRejected) as rejected:
                await call
            assert rejected.value.details == f"{code}: [redacted] [redacted]"
    merchant.answers("", 200, json={"response_code": "410"})
    with pytest.raises(ProviderUnavailable, match="wait"):
        await merchant.gateway.charge(make_order(), None, "t")


async def test_refused(merchant: Merchant, make_order: MakeOrder) -> None:
    """A wrong request is refused with Sticky.io's own words."""
    merchant.answers("", 200, json={"response_code": "321,305", "error_message": "Invalid IP of ada@example.com"})
    with pytest.raises(ProviderRefused) as refused:
        await merchant.gateway.charge(make_order(), None, "t")
    assert refused.value.details == "321,305: Invalid IP of [redacted]"


async def test_three_d_secure(merchant: Merchant, make_order: MakeOrder) -> None:
    """Sticky.io answers it with a page that is not at any address, so it can't be gone on with."""
    merchant.answers("new_order", 200, json={"response_code": "101", "order_id": "5"})
    declined = await merchant.gateway.charge(make_order(), None, "t")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("authentication_required", False)


@pytest.mark.parametrize(
    ("codes", "kind"),
    [("10800", "declined"), ("320,305", "refused"), ("100, 908", "doubt"), ("", "doubt"), ("100,10000", "doubt")],
)
def test_codes(codes: str, kind: str) -> None:
    """The newer forms mean what the older ones do, and the most doubtful of several counts."""
    assert read(httpx.Response(200, json={"response_code": codes})).kind == kind


async def test_newer_codes(merchant: Merchant, make_order: MakeOrder) -> None:
    """They are what the gateway goes by, too: no order found, and a prospect that is gone."""
    merchant.answers("order_find", 200, json={"response_code": "10333", "error_found": "1"})
    assert await merchant.gateway.look_up(make_order(), None) == NotFound()
    merchant.answers("new_order_with_prospect", 200, json={"response_code": "10330", "error_found": "1"})
    assert isinstance(await merchant.gateway.charge(make_order(), "prospect-1", "tok"), Paid)


async def test_no_prospect(merchant: Merchant, make_order: MakeOrder) -> None:
    """Without its number a prospect is none."""
    merchant.answers("new_prospect", 200, json={"response_code": "100", "error_found": "0", "prospectId": "0"})
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.start(make_order(), None)


async def test_orders_have_names(merchant: Merchant, make_order: MakeOrder) -> None:
    """An order that is found goes by its name in the answer; a list has none."""
    order = make_order()
    view = {"order_status": "2", "order_total": "49.99", "click_id": order.attempt_id}
    merchant.answers("order_find", 200, json={"response_code": "100", "data": {"5": view}})
    paid = await merchant.gateway.look_up(order, None)
    assert isinstance(paid, Paid)
    assert paid.reference == "5"
    merchant.answers("order_find", 200, json={"response_code": "100", "data": [{}, view]})
    assert await merchant.gateway.look_up(order, None) == NotFound()
    merchant.answers("order_find", 200, json={"response_code": "100", "data": {"x": view}})
    assert isinstance(await merchant.gateway.look_up(order, None), Unknown)  # it is ours, and can't be named


async def test_another_order_read_back(merchant: Merchant, make_order: MakeOrder) -> None:
    """An order that is another one is not taken for the approved one, nor is its card kept."""
    other = {"response_code": "100", "order_status": "2", "order_total": "49.99", "click_id": "att_of_another"}
    merchant.answers("order_view", 200, json=other)
    assert isinstance(await merchant.gateway.charge(make_order(), None, "tok"), Unknown)


@pytest.mark.parametrize("flag", [True, "true", 1, "1"])
async def test_test_cards_however_said(merchant: Merchant, make_order: MakeOrder, flag: object) -> None:
    """A test card pays nothing, in whatever form Sticky.io says that it was one."""
    order = make_order()
    view = {"order_id": "5", "order_status": "2", "order_total": "49.99", "click_id": order.attempt_id}
    merchant.answers("order_find", 200, json={"response_code": "100", "data": {"5": view | {"is_test_cc": flag}}})
    assert isinstance(await merchant.gateway.look_up(order, None), Declined)


async def test_secrets_in_reasons(merchant: Merchant, make_order: MakeOrder) -> None:
    """Neither a decline nor a code tells what the account is opened with."""
    said = {"response_code": "800", "error_found": "1", "decline_reason": "login TopSecretPassword refused"}
    merchant.answers("new_order", 200, json=said)
    declined = await merchant.gateway.charge(make_order(), None, "tok")
    assert isinstance(declined, Declined)
    assert "TopSecret" not in declined.message
    merchant.answers("new_prospect", 200, json={"response_code": "Fatal: TopSecretPassword"})
    with pytest.raises(ProviderUnavailable) as error:
        await merchant.gateway.start(make_order(), None)
    assert "TopSecret" not in str(error.value.details)


async def test_the_most_telling_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """Of several orders of one attempt a payment counts before a doubt, and a doubt before a decline."""
    order = make_order()
    data: dict[str, object] = {}
    for status, result in (("7", Declined), ("11", Pending), ("99", Unknown), ("8", Paid)):
        data[status] = {"order_status": status, "order_total": "49.99", "click_id": order.attempt_id}
        merchant.answers("order_find", 200, json={"response_code": "100", "data": data})
        assert isinstance(await merchant.gateway.look_up(order, None), result)


async def test_secrets_are_nowhere(merchant: Merchant, make_order: MakeOrder) -> None:
    """No password, token or card number is in a representation, an error, its cause or its traceback."""
    assert "TopSecret" not in repr(merchant.gateway) + repr(vars(merchant.gateway))
    quoted = {"error_message": "TopSecretPassword 4111 1111 1111 1111 Basic YXBpX3VzZXI6"}
    for status, content in [*NONSENSE.values(), (200, {"json": {"response_code": "303", **quoted}})]:
        merchant.answers("", status, **content)
        try:
            await merchant.gateway.start(make_order(), None)
        except PaylinksError as error:
            told = "".join(traceback.format_exception(error)) + repr((error.args, error.details))
            assert "TopSecret" not in told
            assert "4111" not in told
            assert "YXBp" not in told
