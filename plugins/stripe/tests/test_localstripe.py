"""The SDK through our transport, against an independent peer: localstripe, in a process of its own.

It knows few of the parameters that the gateway sends, so these calls are stripped ones: they show that requests are
written and answers read as another implementation expects them, over real sockets.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import stripe

from paylinks_stripe.sdk import Refusal, Sdk
from paylinks_stripe.wire import Customer, Intent

pytest.importorskip("localstripe")

_SERVE = """
import sys
from aiohttp import web
from localstripe import server
server.store.dump_to_disk = lambda: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run localstripe on the loopback address alone, writing nothing outside a temporary folder."""
    folder: Path = tmp_path_factory.mktemp("localstripe")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", _SERVE, str(port)], cwd=folder, env={"TMPDIR": str(folder), "HOME": str(folder)}
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture
async def sdk(peer: str) -> AsyncIterator[Sdk]:
    """Open an account there, as `api_base` does: another host under the same paths."""

    async def rewrite(request: httpx.Request) -> None:
        base = httpx.URL(peer)
        request.url = request.url.copy_with(scheme=base.scheme, host=base.host, port=base.port)
        request.headers["Host"] = base.netloc.decode()

    async with httpx.AsyncClient(trust_env=False, event_hooks={"request": [rewrite]}) as client:
        yield Sdk("sk_test_peer", client)


async def _method(v1: stripe.V1Services, number: str, customer: str) -> stripe.StripeObject:
    made = await v1.payment_methods.create_async(
        {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    )
    return await v1.payment_methods.attach_async(made.id, {"customer": customer})


async def _pay(sdk: Sdk, number: str) -> Intent | Refusal:
    customer = await sdk.ask(lambda v1: v1.customers.create_async({"email": "ada@example.com"}), Customer)
    assert isinstance(customer, Customer)
    holder = customer.id

    async def pay(v1: stripe.V1Services) -> stripe.StripeObject:
        method = await _method(v1, number, holder)
        return await v1.payment_intents.create_async(
            {
                "amount": 4999,
                "currency": "usd",
                "customer": holder,
                "payment_method": str(method["id"]),
                "confirm": True,
                "expand": ["latest_charge"],
            }
        )

    return await sdk.ask(pay, Intent)


async def test_create_retrieve_cancel(sdk: Sdk) -> None:
    """An open intent is made with nested parameters, read again, and canceled."""
    made = await sdk.ask(
        lambda v1: v1.payment_intents.create_async(
            {"amount": 4999, "currency": "usd", "metadata": {"order_id": "order-1"}}, {"idempotency_key": "att_1"}
        ),
        Intent,
    )
    assert isinstance(made, Intent)
    assert (made.status, made.metadata) == ("requires_payment_method", {"order_id": "order-1"})
    name = made.id
    read = await sdk.ask(lambda v1: v1.payment_intents.retrieve_async(name, {"expand": ["latest_charge"]}), Intent)
    assert read == made
    canceled = await sdk.ask(lambda v1: v1.payment_intents.cancel_async(name), Intent)
    assert isinstance(canceled, Intent)
    assert canceled.status == "canceled"


async def test_succeeding_charge(sdk: Sdk) -> None:
    """A good card pays, and the expanded charge is read."""
    paid = await _pay(sdk, "4242424242424242")
    assert isinstance(paid, Intent)
    assert (paid.status, paid.currency) == ("succeeded", "usd")
    assert paid.latest_charge is not None


async def test_failing_charge(sdk: Sdk) -> None:
    """A card that attaches and then fails is a decline."""
    declined = await _pay(sdk, "4000000000000341")
    assert isinstance(declined, Refusal)
    assert (declined.kind, declined.error.code) == ("card", "card_declined")


async def test_refused(sdk: Sdk) -> None:
    """What is not there is refused in Stripe's form."""
    missing = await sdk.ask(lambda v1: v1.payment_intents.retrieve_async("pi_none"), Intent)
    assert isinstance(missing, Refusal)
    assert (missing.kind, missing.status) == ("refused", 404)
