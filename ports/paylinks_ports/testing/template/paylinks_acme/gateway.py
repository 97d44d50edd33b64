"""One merchant's account at Acme: each method with a name of the plugin API is a power."""

from typing import Literal

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import (
    ChargeStatus,
    CredentialsRejected,
    DeclineMeaning,
    LookUpResult,
    Money,
    NotFound,
    OperationAnswer,
    OperationBody,
    Order,
    Outcome,
    Paid,
    PaymentResult,
    Pending,
    ProviderUnavailable,
    Unknown,
    decline,
    operation,
)

from .credentials import AcmeCredentials

__all__ = ["AcmeGateway"]

_URL = "https://api.acme.example/v1"
_DECLINES: dict[str, DeclineMeaning] = {"no_funds": ("insufficient_funds", True), "stolen": ("lost_or_stolen", False)}


class Charge(Struct, frozen=True, kw_only=True):
    """What Acme answers of a charge; whatever does not fit is not believed."""

    attempt: str
    status: Literal["paid", "declined", "processing"]
    amount: int
    currency: str
    reason: str | None = None


class PayBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """A fresh token of Acme's fields in the page, in JSON `paymentToken`."""

    token_of_card: str = msgspec.field(name="paymentToken")

    @property
    def payment_token(self) -> str:
        """What is charged."""
        return self.token_of_card


class PayAnswer(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What became of it."""

    status: ChargeStatus
    transaction_id: str | None


def paid(outcome: Outcome) -> PayAnswer:
    """Put an outcome into Acme's own words."""
    transaction_id = outcome.paid.transaction_id if outcome.paid else None
    return PayAnswer(**outcome.common, status=outcome.status, transaction_id=transaction_id)


class AcmeGateway:
    """Charges a token, and reads what became of it; httpx's errors go through, the platform knows their meaning."""

    def __init__(self, credentials: AcmeCredentials, client: httpx.AsyncClient) -> None:
        self._headers = {"authorization": f"Bearer {credentials.api_key}"}
        self._client = client

    def __repr__(self) -> str:
        """Show no secret."""
        return "AcmeGateway(…)"

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Charge once: the attempt's id is the charge's name at Acme, so it can't be made twice."""
        _ = reference  # nothing is opened before the charge
        body: dict[str, str | int] = {
            "order": order.order_id,
            "amount": order.money.amount,
            "currency": order.money.currency,
            "token": payment_token,
        }
        return _read(await self._send("PUT", f"/charges/{order.attempt_id}", body))

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the charge; Acme shows it as soon as it is made."""
        answer = await self._send("GET", f"/charges/{reference or order.attempt_id}")
        if answer.status_code == httpx.codes.NOT_FOUND and answer.content == b'{"error":"no_such_charge"}':
            return NotFound()
        return _read(answer)

    async def check_credentials(self) -> None:
        """Read the account."""
        answer = await self._send("GET", "/account")
        if answer.status_code != httpx.codes.OK:
            raise ProviderUnavailable("Acme does not say whether the key is good")

    @operation("process-payment", verb="charge", answer=paid)
    async def process_payment(self, order: Order, reference: str | None, body: PayBody) -> PaymentResult:
        """Charge a token of Acme's fields."""
        return await self.charge(order, reference, body.payment_token)

    async def _send(self, method: str, path: str, body: dict[str, str | int] | None = None) -> httpx.Response:
        answer = await self._client.request(method, _URL + path, json=body, headers=self._headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise CredentialsRejected("Acme refuses the key")
        return answer


def _read(answer: httpx.Response) -> PaymentResult:
    """Say what an answer means; nonsense is a doubt, and never a decline."""
    try:
        charge = msgspec.json.decode(answer.content, type=Charge)
    except msgspec.DecodeError:
        return Unknown(message="Acme's answer is not in its form")
    match charge.status:
        case "paid":
            money = Money(charge.amount, charge.currency)
            return Paid(reference=charge.attempt, transaction_id=charge.attempt, money=money)
        case "processing":
            return Pending(reference=charge.attempt)
        case "declined":
            return decline(_DECLINES.get(charge.reason or "", ("card_declined", False)), "The bank declined")
