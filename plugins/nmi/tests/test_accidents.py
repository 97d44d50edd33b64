"""Whatever can go wrong on the way: doubt stays doubt, it is never a decline, never a crash, and tells no secret."""

import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from paylinks_nmi import NmiCredentials
from paylinks_ports import (
    CredentialsRejected,
    Declined,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    SavedMethod,
    Unknown,
)
from paylinks_ports.testing import Forward

from .conftest import QUERY, SECURITY_KEY, SIGNING_KEY, TRANSACT, Merchant

MakeOrder = Callable[..., Order]

NONSENSE: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>TopSecret went wrong</h1>"}),
    "500 in form": (500, {"text": "response=2&responsetext=DECLINE&response_code=200"}),
    "502 empty": (502, {}),
    "200 with HTML": (200, {"html": "<h1>Please log in</h1>"}),
    "200 with garbage": (200, {"content": b"\x00\xff\xfe{"}),
    "200 empty": (200, {}),
    "200 with JSON": (200, {"json": {"response": "1", "response_code": "100"}}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
    "403 of a proxy": (403, {"html": "<h1>Blocked</h1>"}),
    "no response": (200, {"text": "responsetext=DECLINE&response_code=200"}),
    "another response": (200, {"text": "response=4&responsetext=DECLINE&response_code=200"}),
    "two responses": (200, {"text": "response=2&response=1&transactionid=1&response_code=100&orderid=att_1"}),
    "declined without a code": (200, {"text": "response=2&responsetext=DECLINE"}),
    "declined with a doubt": (200, {"text": "response=2&responsetext=DECLINE&response_code=420"}),
    "approved without a code": (200, {"text": "response=1&responsetext=SUCCESS&transactionid=1&orderid=att_1"}),
    "approved with another code": (200, {"text": "response=1&transactionid=1&orderid=att_1&response_code=200"}),
    "approved without an id": (200, {"text": "response=1&transactionid=&orderid=att_1&response_code=100"}),
    "approved without an order": (200, {"text": "response=1&transactionid=1&response_code=100"}),
    "another order's approval": (200, {"text": "response=1&transactionid=1&orderid=att_0&response_code=100"}),
    "another order's decline": (200, {"text": "response=2&responsetext=DECLINE&orderid=att_0&response_code=200"}),
    "partial of nonsense": (
        200,
        {"text": "response=1&transactionid=1&orderid=att_1&response_code=100&amount_authorized=some"},
    ),
    "error of the processor": (200, {"text": "response=3&responsetext=Error&orderid=att_1&response_code=400"}),
    "communication error": (200, {"text": "response=3&responsetext=Error&orderid=att_1&response_code=421"}),
    "error without a code": (200, {"text": "response=3&responsetext=Error&orderid=att_1"}),
    "too many fields": (200, {"text": "response=2&response_code=200&" + "&".join(f"f{n}=" for n in range(300))}),
}

NO_REPORTS: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>Down</h1>"}),
    "200 with HTML": (200, {"html": "<h1>Please log in</h1>"}),
    "200 with HTML that is XML": (200, {"text": "<html><body>Log in</body></html>"}),
    "200 empty": (200, {}),
    "garbage": (200, {"content": b"\x00\xff\xfe{"}),
    "cut off": (200, {"text": "<nm_response><transaction><transaction_id>1</transaction_id>"}),
    "another encoding": (200, {"content": b'<?xml version="1.0" encoding="ebcdic-cp-xx"?><nm_response/>'}),
    "an error": (200, {"text": "<nm_response><error_response>Try later REFID:1</error_response></nm_response>"}),
    "text": (200, {"text": "<nm_response>No permission</nm_response>"}),
    "other elements": (200, {"text": "<nm_response><merchant/></nm_response>"}),
    "half a transaction": (200, {"text": "<nm_response><transaction/></nm_response>"}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
    "429": (429, {}),
}


@pytest.mark.parametrize("case", NONSENSE)
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """A charge that is answered with nonsense, and is not found, is in doubt; it is sent once."""
    status, content = NONSENSE[case]
    merchant.answers(TRANSACT, status, **content)
    assert isinstance(await merchant.gateway.charge(make_order(), None, merchant.token()), Unknown)
    assert isinstance(await merchant.gateway.charge_saved(make_order(), SavedMethod("1")), Unknown)
    assert len(merchant.sent()) == 2


@pytest.mark.parametrize("case", [name for name in NONSENSE if name != "partial of nonsense"])
async def test_nonsense_that_is_found(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """Where the charge is found in spite of its answer, it is what it is."""
    status, content = NONSENSE[case]

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        answer = await forward(request)
        return httpx.Response(status, **content) if request.url.path == TRANSACT else answer

    merchant.network.accident = accident
    assert isinstance(await merchant.gateway.charge(make_order(), None, merchant.token()), Paid)
    declined = await merchant.gateway.charge(make_order(attempt_id="att_2"), None, merchant.token("short"))
    if "order" not in case:
        assert isinstance(declined, Declined)
    assert len(merchant.sent()) == 2


@pytest.mark.parametrize("case", NO_REPORTS)
async def test_reports_that_can_not_be_read(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """They are no "not found": a look-up learns nothing, and a doubt stays one."""
    status, content = NO_REPORTS[case]
    merchant.answers(QUERY, status, **content)
    for call in (
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.look_up(make_order(), "123"),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call
    assert isinstance(await merchant.gateway.charge(make_order(), None, merchant.token("unknown")), Unknown)


@pytest.mark.parametrize(
    "text", ["Invalid Security Key", "Specified API key not found REFID:1", "User has no permission to query REFID:1"]
)
async def test_rejected_reports(merchant: Merchant, make_order: MakeOrder, text: str) -> None:
    """Wrong credentials come as another document, and are no "not found" either."""
    merchant.answers(QUERY, 200, text=f"<nm_response><error_response>{text}</error_response></nm_response>")
    with pytest.raises(CredentialsRejected):
        await merchant.gateway.look_up(make_order(), None)
    with pytest.raises(CredentialsRejected):
        await merchant.gateway.check_credentials()
    assert isinstance(await merchant.gateway.charge(make_order(), None, merchant.token("unknown")), Unknown)


async def test_reports_of_others_are_not_believed(merchant: Merchant, make_order: MakeOrder) -> None:
    """Where a filter is not understood, everything comes back, and nothing of it is this order's."""
    report = (
        "<nm_response><transaction><transaction_id>1</transaction_id><condition>complete</condition>"
        '<order_id>att_9</order_id><merchant_defined_field id="2">pay_9</merchant_defined_field>'
        "<action><action_type>sale</action_type><amount>49.99</amount><success>1</success></action></transaction>"
        "</nm_response>"
    )
    merchant.answers(QUERY, 200, text=report)
    assert await merchant.gateway.look_up(make_order(), None) == NotFound()
    assert await merchant.gateway.look_up(make_order(), "2") == NotFound()
    await merchant.gateway.charge(make_order(), None, merchant.token())
    other = await merchant.gateway.charge(make_order(attempt_id="att_2"), None, merchant.token())
    assert isinstance(other, Declined)  # a duplicate, whose reports show others' sales only


@pytest.mark.parametrize("sent", [True, False])
async def test_lost_reply(merchant: Merchant, make_order: MakeOrder, sent: bool) -> None:  # noqa: FBT001 - a case
    """The error comes through as it is, once; the look-up finds what happened."""
    merchant.loses(TRANSACT, after=sent)
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.charge(make_order(), None, merchant.token())
    assert len(merchant.sent()) == 1
    merchant.network.accident = None
    found = await merchant.gateway.look_up(make_order(), None)
    assert isinstance(found, Paid if sent else NotFound)
    if isinstance(found, Paid):
        assert found.saved_method is not None


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_nothing_was_sent(merchant: Merchant, make_order: MakeOrder, error: type[httpx.TransportError]) -> None:
    """What never left did not happen."""
    merchant.loses("", error, after=False)
    for call in (
        merchant.gateway.charge(make_order(), None, "t"),
        merchant.gateway.charge_saved(make_order(), SavedMethod("1")),
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (200, "response=3&responsetext=Authentication+Failed&response_code=300", CredentialsRejected),
        (200, "response=3&responsetext=Specified+API+key+not+found+REFID%3A1&response_code=300", CredentialsRejected),
        (200, "response=3&responsetext=No+permission+for+sale+REFID%3A1&response_code=300", CredentialsRejected),
        (200, "response=3&responsetext=Rate+limit+exceeded&response_code=301", ProviderUnavailable),
        (429, "", ProviderUnavailable),
        (200, "response=3&responsetext=Invalid+amount+REFID%3A1&response_code=300", ProviderRefused),
        (200, "response=3&responsetext=Merchant+inactive&response_code=411", ProviderRefused),
    ],
)
async def test_refusals(
    merchant: Merchant, make_order: MakeOrder, status: int, text: str, error: type[PaylinksError]
) -> None:
    """What the gateway itself refuses did not happen; nobody needs to search."""
    merchant.answers(TRANSACT, status, text=text)
    with pytest.raises(error):
        await merchant.gateway.charge(make_order(), None, merchant.token())
    assert merchant.sent(QUERY) == []


async def test_secrets_are_nowhere(merchant: Merchant, make_order: MakeOrder) -> None:
    """No key, card or address is in a representation, an error, its cause or its traceback."""
    credentials = NmiCredentials(security_key=SECURITY_KEY, webhook_signing_key=SIGNING_KEY)
    assert "TopSecret" not in f"{credentials!r} {credentials} {credentials.__rich_repr__()}"
    assert "TopSecret" not in repr(merchant.gateway)
    said = f"Key+{SECURITY_KEY}+of+ada%40example.com+4111111111111111"
    for door, status, content in [
        *((TRANSACT, *case) for case in NONSENSE.values()),
        *((QUERY, *case) for case in NO_REPORTS.values()),
        (TRANSACT, 200, {"text": f"response=3&responsetext={said}&response_code=300"}),
        (TRANSACT, 200, {"text": f"response=2&responsetext={said}&response_code=200"}),
        (
            QUERY,
            200,
            {"text": f"<nm_response><error_response>{said.replace('%40', '@')}</error_response></nm_response>"},
        ),
    ]:
        merchant.answers(door, status, **content)
        told = ""
        for call in (
            merchant.gateway.charge(make_order(), None, merchant.token("unknown")),
            merchant.gateway.look_up(make_order(), None),
        ):
            try:
                told += repr(await call)
            except PaylinksError as error:
                told += "".join(traceback.format_exception(error)) + repr((error.args, error.details))
        for secret in ("TopSecret0", "ada@", "4111111111111111"):
            assert secret not in told
