"""A partner's plugin: made outside the tree, pip-installed, found, listed, and paid through over HTTP."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from .conftest import Server

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-pay"
version = "3.2.1"
dependencies = ["paylinks-ports>=1,<2"]

[project.entry-points.paylinks]
acme = "acme_pay"
"""

PLUGIN = '''
"""A provider of a partner: it charges a token from the server, and its simulator keeps books."""

import httpx
import msgspec
from paylinks_ports import (
    Declined, Idempotency, Lookup, Money, NotFound, Operation, OperationAnswer, OperationBody, Order, Outcome, Paid,
    PaymentProvider, Secret, Simulator, Unknown, demo_word, hookimpl, operation,
)


class Credentials(msgspec.Struct, frozen=True, rename="camel"):
    api_key: Secret


class PayBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    payment_token: str


class PayAnswer(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    status: str
    transaction_id: str | None


def paid(outcome: Outcome) -> PayAnswer:
    result = outcome.result
    transaction_id = result.transaction_id if isinstance(result, Paid) else None
    return PayAnswer(provider=outcome.provider, order_id=outcome.order_id, demo=outcome.demo,
                     status=type(result).__name__.lower(), transaction_id=transaction_id)


class Gateway:
    def __init__(self, credentials: Credentials, client: httpx.AsyncClient) -> None:
        self.client = client
        self.headers = {"authorization": credentials.api_key}

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> Paid | Declined | Unknown:
        body = {"attempt": order.attempt_id, "amount": order.money.amount, "currency": order.money.currency,
                "token": payment_token}
        answer = await self.client.post("https://api.acme.example/charges", json=body, headers=self.headers)
        if answer.status_code == 402:
            return Declined(code="card_declined", message="No", retryable=False)
        return self.read(answer)

    async def look_up(self, order: Order, reference: str | None) -> Paid | Declined | Unknown | NotFound:
        answer = await self.client.get(f"https://api.acme.example/charges/{order.attempt_id}", headers=self.headers)
        return NotFound() if answer.status_code == 404 else self.read(answer)

    def read(self, answer: httpx.Response) -> Paid:
        charge = answer.json()
        return Paid(reference=charge["attempt"], transaction_id=charge["attempt"],
                    money=Money(charge["amount"], charge["currency"]))

    @operation("pay", verb="charge", answer=paid)
    async def pay(self, order: Order, reference: str | None, body: PayBody) -> Paid | Declined | Unknown:
        """Charge a token of Acme's fields."""
        return await self.charge(order, reference, body.payment_token)


async def simulate(request: httpx.Request, world: object) -> httpx.Response:
    if request.method == "GET":
        kept = await world.store.get(request.url.path)
        return httpx.Response(200, text=kept) if kept else httpx.Response(404)
    charge = msgspec.json.decode(request.content)
    if demo_word(charge["token"]) == "demo_decline":
        return httpx.Response(402)
    await world.store.put(f"/charges/{charge['attempt']}", request.content.decode(), was=None)
    return httpx.Response(200, json=charge)


@hookimpl
def payment_provider() -> PaymentProvider:
    return PaymentProvider(
        name="acme", title="Acme Pay", credentials=Credentials, gateway=Gateway,
        simulator=Simulator(credentials=Credentials(api_key="demo"), answer=simulate),
        idempotency=Idempotency(hours=24, powers=frozenset({"charge"})), lookup=Lookup(by_attempt="authoritative"),
    )
'''


def _install(folder: Path) -> Path:
    """Build and pip-install the partner's project into a folder of its own, beside an unchanged platform."""
    project = folder / "acme-pay"
    project.mkdir()
    (project / "pyproject.toml").write_text(textwrap.dedent(PROJECT))
    (project / "acme_pay.py").write_text(textwrap.dedent(PLUGIN))
    target = folder / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--target", str(target), str(project)], check=True, capture_output=True)  # noqa: S603 - pip
    return target


def test_a_partner_needs_no_clone_of_ours(tmp_path: Path, make_server: Callable[..., Server]) -> None:
    """Installed beside the platform, a third plugin is found, listed, and takes payments in every way."""
    installed = _install(tmp_path)
    path = os.pathsep.join(filter(None, [str(installed), os.environ.get("PYTHONPATH", "")]))
    server = make_server(PYTHONPATH=path)

    listed = server.command("plugins")
    assert "acme" in listed
    assert "acme-pay 3.2.1" in " ".join(listed.split())

    server.start()
    token = server.pay_link("order-1")
    opened = server.post("/api/checkout/initialize", {"token": token, "provider": "acme"})
    assert (opened.status_code, opened.json()["data"]["demo"]) == (200, True)
    done = server.post("/api/checkout/complete", {"token": token, "paymentToken": "tok_visa"})
    assert done.json()["data"]["status"] == "paid"

    body = {"orderId": "order-2", "amount": 1500, "currency": "KWD", "paymentToken": "tok_visa"}
    paid = server.post("/api/providers/acme/pay", body)
    assert (paid.status_code, paid.json()["data"]["status"]) == (200, "paid")
    again = server.post("/api/providers/acme/pay", body)
    assert paid.json()["data"] == again.json()["data"]
    other = server.post("/api/providers/acme/pay", body | {"amount": 1600})
    assert (other.status_code, other.json()["code"]) == (409, "already_paid")
    declined = server.post("/api/providers/acme/pay", body | {"orderId": "order-3", "paymentToken": "demo_decline"})
    assert (declined.status_code, declined.json()["declineCode"]) == (402, "card_declined")
    wrong = server.post("/api/providers/acme/pay", body | {"orderId": "order-4", "paymentToken": 5})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_request")
    assert "paymentToken" in wrong.json()["details"]
