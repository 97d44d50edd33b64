"""Whatever can go wrong on the way: doubt stays doubt, it is never a decline, never a crash, and tells no secret."""

import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from paylinks_ports import (
    CredentialsRejected,
    Declined,
    Order,
    Paid,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    Unknown,
)
from paylinks_ports.testing import Forward
from paylinks_stripe import StripeCredentials

from .conftest import SECRET_KEY, Merchant

MakeOrder = Callable[..., Order]

NONSENSE: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>pi_1_secret_x went wrong</h1>"}),
    "500 in form": (500, {"json": {"error": {"type": "api_error", "message": "Something went wrong"}}}),
    "502 empty": (502, {}),
    "409": (409, {"json": {"error": {"type": "idempotency_error", "code": "idempotency_key_in_use"}}}),
    "429 locked": (429, {"json": {"error": {"type": "invalid_request_error", "code": "lock_timeout"}}}),
    "200 with HTML": (200, {"html": "<h1>pi_1_secret_x</h1>"}),
    "200 with garbage": (200, {"content": b"\x00\xff\xfe{"}),
    "200 empty": (200, {}),
    "200 with a list": (200, {"json": [1, 2]}),
    "200 with null": (200, {"json": None}),
    "200 with text": (200, {"json": "paid"}),
    "200 with a number": (200, {"json": 7}),
    "200 with another object": (200, {"json": {"object": "charge", "id": "ch_1", "status": "succeeded"}}),
    "200 half an intent": (200, {"json": {"object": "payment_intent", "id": "pi_1"}}),
    "200 wrong types": (200, {"json": {"object": "payment_intent", "id": 7, "status": [], "currency": {}}}),
    "200 nested nonsense": (200, {"json": {"object": {"object": "list"}, "data": 3}}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
    "402 with HTML": (402, {"html": "<h1>Payment required</h1>"}),
    "402 without a type": (402, {"json": {"error": {}}}),
    "402 with text": (402, {"json": {"error": "card_declined"}}),
    "400 with HTML": (400, {"html": "<h1>Bad request</h1>"}),
    "400 without a type": (400, {"json": {"error": {"message": "no"}}}),
    "403 with HTML": (403, {"html": "<h1>Blocked by a proxy</h1>"}),
    "403 of a proxy": (403, {"json": {"error": {"message": "Forbidden"}}}),
    "404 with HTML": (404, {"html": "<h1>Not found</h1>"}),
    "error of wrong types": (402, {"json": {"error": {"type": 1, "code": [], "payment_intent": "x"}}}),
}


@pytest.mark.parametrize("case", NONSENSE)
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """A charge that is answered with nonsense is in doubt; everything else can be asked again."""
    status, content = NONSENSE[case]
    reference = str((await merchant.gateway.start(make_order(), None)).reference)
    merchant.answers("", status, **content)

    charged = await merchant.gateway.charge(make_order(), reference, "pm_card_visa")
    assert isinstance(charged, Unknown)
    assert charged.reference == reference
    assert isinstance(await merchant.gateway.cancel(make_order(), reference), Unknown)
    for call in (
        merchant.gateway.start(make_order(attempt_id="att_2"), None),
        merchant.gateway.start(make_order(), reference),
        merchant.gateway.charge(make_order(attempt_id="att_2"), None, "pm_card_visa"),
        merchant.gateway.look_up(make_order(), reference),
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call


async def test_lost_reply(merchant: Merchant, make_order: MakeOrder) -> None:
    """The charge happened, the reply is lost: the error comes through as it is, and the look-up finds it."""
    reference = (await merchant.gateway.start(make_order(), None)).reference

    merchant.loses("")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.charge(make_order(), reference, "pm_card_visa")
    merchant.network.accident = None
    assert isinstance(await merchant.gateway.look_up(make_order(), reference), Paid)
    assert isinstance(await merchant.gateway.charge(make_order(), reference, "pm_card_visa"), Paid)
    assert len(await merchant.charges()) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.ReadError]
)
async def test_transport_errors_come_through(
    merchant: Merchant, make_order: MakeOrder, error: type[httpx.TransportError]
) -> None:
    """What they mean is the platform's to say, so the SDK does not hide them."""
    reference = str((await merchant.gateway.start(make_order(), None)).reference)

    merchant.loses("", error, after=False)
    # Whether a charge was not sent is told apart here already: an intent may have been opened before it.
    unsent = issubclass(error, httpx.ConnectError | httpx.ConnectTimeout)
    with pytest.raises(ProviderUnavailable if unsent else error):
        await merchant.gateway.charge(make_order(), reference, "pm_card_visa")
    calls: list[Awaitable[object]] = [
        merchant.gateway.look_up(make_order(), reference),
        merchant.gateway.cancel(make_order(), reference),
        merchant.gateway.start(make_order(), None),
        merchant.gateway.check_credentials(),
    ]
    for call in calls:
        with pytest.raises(error):
            await call
    with pytest.raises(ProviderUnavailable):  # only the start was tried: certainly nothing was charged
        await merchant.gateway.charge(make_order(attempt_id="att_2"), None, "pm_card_visa")


async def test_reading_back_may_fail_too(merchant: Merchant, make_order: MakeOrder) -> None:
    """Once a charge was sent, no later failure may say that nothing was."""
    paid = await merchant.gateway.charge(make_order(), None, "pm_card_visa")
    assert isinstance(paid, Paid)

    merchant.loses(lambda request: request.method == "GET", httpx.ConnectError, after=False)
    again = make_order(attempt_id="att_2")
    assert isinstance(await merchant.gateway.charge(again, paid.reference, "pm_card_visa"), Unknown)
    assert isinstance(await merchant.gateway.cancel(again, paid.reference), Unknown)


@pytest.mark.parametrize("status", [401, 403])
async def test_credentials_rejected(merchant: Merchant, make_order: MakeOrder, status: int) -> None:
    """Refused keys are the merchant's to mend; Stripe's sentence about them goes on without the key."""
    error = {"type": "invalid_request_error", "message": "Invalid API Key provided: sk_test_****cret"}
    merchant.answers("", status, json={"error": error})
    for call in (
        merchant.gateway.check_credentials(),
        merchant.gateway.charge(make_order(), "pi_1", "pm_card_visa"),
        merchant.gateway.cancel(make_order(), "pi_1"),
        merchant.gateway.look_up(make_order(), "pi_1"),
        merchant.gateway.start(make_order(), None),
    ):
        with pytest.raises(CredentialsRejected) as rejected:
            await call
        assert rejected.value.details == "Invalid API Key provided: [redacted]"


async def test_refused(merchant: Merchant, make_order: MakeOrder) -> None:
    """A wrong request is refused with Stripe's own words, and nothing happened."""
    error = {"type": "invalid_request_error", "message": "Invalid currency: xyz", "param": "currency"}
    merchant.answers("", 400, json={"error": error})
    for call in (
        merchant.gateway.charge(make_order(), "pi_1", "pm_card_visa"),
        merchant.gateway.start(make_order(), None),
    ):
        with pytest.raises(ProviderRefused) as refused:
            await call
        assert refused.value.details == "currency: Invalid currency: xyz"


async def test_rate_limited(merchant: Merchant, make_order: MakeOrder) -> None:
    """Over Stripe's rate limit nothing happened."""
    merchant.answers("", 429, json={"error": {"type": "invalid_request_error", "code": "rate_limit"}})
    with pytest.raises(ProviderUnavailable, match="wait"):
        await merchant.gateway.charge(make_order(), "pi_1", "pm_card_visa")


async def test_declined_and_yet_processing(merchant: Merchant, make_order: MakeOrder) -> None:
    """Where a decline's own payment intent says that money may move, the intent is believed."""
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "processing",
        "currency": "usd",
        "metadata": {"order_id": "order-1"},
    }
    merchant.answers("", 402, json={"error": {"type": "card_error", "code": "card_declined", "payment_intent": intent}})
    assert not isinstance(await merchant.gateway.charge(make_order(), "pi_1", "pm_card_visa"), Declined)


async def test_stripes_own_failure_is_not_repeated_for_a_day(merchant: Merchant, make_order: MakeOrder) -> None:
    """Stripe keeps a 500 under its key; a start that gets it a second time asks under another key."""
    failure = {"error": {"type": "api_error", "message": "Something went wrong"}}
    failed: set[str] = set()

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        key = request.headers["Idempotency-Key"]
        if "-intent-" not in key or failed - {key}:
            return await forward(request)
        replayed = {"Idempotent-Replayed": "true"} if key in failed else {}
        failed.add(key)
        return httpx.Response(500, json=failure, headers=replayed)

    merchant.network.accident = accident
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.start(make_order(), None)
    assert (await merchant.gateway.start(make_order(), None)).reference is not None


async def test_secrets_are_nowhere(merchant: Merchant, make_order: MakeOrder) -> None:
    """No key and no client secret is in a representation, an error, its cause or its traceback."""
    credentials = StripeCredentials(secret_key=SECRET_KEY, webhook_secret="whsec_TopSecret")
    assert "TopSecret" not in f"{credentials!r} {credentials} {credentials.__rich_repr__()}"
    assert "TopSecret" not in repr(merchant.gateway)
    for status, content in [
        *NONSENSE.values(),
        (400, {"json": {"error": {"type": "invalid_request_error", "message": SECRET_KEY}}}),
    ]:
        merchant.answers("", status, **content)
        try:
            await merchant.gateway.start(make_order(), None)
        except PaylinksError as error:
            told = "".join(traceback.format_exception(error)) + repr((error.args, error.details))
            context: BaseException | None = error
            while context is not None:
                told += repr(context.args) + repr(vars(context))
                context = context.__context__
            assert "pi_1_secret" not in told
            assert "TopSecret" not in told
