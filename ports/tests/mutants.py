"""Reference Pay with one planted bug each, and the check that must find it."""

# ruff: noqa: ANN401, ARG002 - bodies are JSON, and not to use an argument is the bug

import hashlib
import logging
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import (
    Canceled,
    Card,
    Declined,
    InvalidSignature,
    Lookup,
    LookUpResult,
    Money,
    NotFound,
    Order,
    Paid,
    PaymentResult,
    Plain,
    ProviderRefused,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    operation,
)

from .reference import PROVIDER, URL, Answer, Charge, Credentials, Gateway, PayBody, answered
from .reference_simulator import SIGNED_HEADER, SIMULATOR_KEY, SIMULATOR_SECRET, simulator

__all__ = ["MUTANTS", "Mutant"]


class Mutant(Struct, frozen=True, kw_only=True):
    """One bug.

    Args:
        name: what is wrong.
        check: the check that must fail.
        changes: what is other in the provider.
        attributes: what the partner says of it.

    """

    name: str
    check: str
    changes: dict[str, Any]
    attributes: dict[str, Any]


MUTANTS: list[Mutant] = []


def bug(name: str, check: str, **attributes: object) -> Callable[[type], type]:
    """Take a class as the gateway of a mutant."""

    def make(gateway: type) -> type:
        MUTANTS.append(Mutant(name=name, check=check, changes={"gateway": gateway}, attributes=attributes))
        return gateway

    return make


def changed(name: str, check: str, attributes: dict[str, Any] | None = None, **changes: object) -> None:
    """Take another declaration as a mutant."""
    MUTANTS.append(Mutant(name=name, check=check, changes=changes, attributes=attributes or {}))


# ── Ids and amounts on the wire ──────────────────────────────────────────────────────────────────────────────────────


@bug("drops the attempt id", "test_the_attempt_is_on_the_wire")
class _DropsAttempt(Gateway):
    async def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        if isinstance(body, dict) and "attempt" in body:
            key = body["attempt"] = hashlib.sha256(body["attempt"].encode()).hexdigest()
        return await super().send(method, path, body, key)


@bug("charges a saved method without the attempt id", "test_the_attempt_is_on_the_wire")
class _SavedWithoutAttempt(Gateway):
    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        return await super().charge_saved(replace(order, attempt_id=order.payment_id), saved)


@bug("drops the refund's id", "test_a_refund")
class _DropsRefundId(Gateway):
    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        return await super().refund(order, replace(refund, refund_id=refund.attempt_id))


@bug("writes yen with two decimals", "test_amounts_on_the_wire")
class _Yen(Gateway):
    def amount(self, money: Money) -> str:
        return super().amount(money) + (".00" if money.currency == "JPY" else "")


@bug("writes dinars with two decimals", "test_amounts_on_the_wire")
class _Dinars(Gateway):
    def amount(self, money: Money) -> str:
        return f"{money.amount / 100:.2f}" if money.currency == "KWD" else super().amount(money)

    def money(self, amount: str, currency: str) -> Money:
        return Money(round(float(amount) * 100), currency) if currency == "KWD" else super().money(amount, currency)


@bug("says the wrong currency in Paid", "test_a_payment")
class _Currency(Gateway):
    def money(self, amount: str, currency: str) -> Money:
        return replace(super().money(amount, currency), currency="EUR")


@bug("sends a currency that it should refuse", "test_amounts_on_the_wire", unsupported=(Money(1000, "BHD"),))
class _TakesAnyCurrency(Gateway):
    pass


# ── Accidents ────────────────────────────────────────────────────────────────────────────────────────────────────────


@bug("treats a timeout as a decline", "test_accidents_of_a_charge")
class _TimeoutDeclines(Gateway):
    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        try:
            return await super().sell(order, reference, how)
        except httpx.TimeoutException:
            return Declined(code="processing_error", message="Timed out", retryable=True)


@bug("treats a timeout as unavailable", "test_accidents_of_a_charge")
class _TimeoutUnavailable(Gateway):
    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        try:
            return await super().sell(order, reference, how)
        except httpx.TransportError as error:
            raise ProviderUnavailable("It did not answer") from error


@bug("treats a refused connection as a doubt", "test_demo_error")
class _ConnectionUnknown(Gateway):
    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        try:
            return await super().sell(order, reference, how)
        except httpx.ConnectError:
            return Unknown(message="It did not answer")


@bug("treats an error 500 as a decline", "test_accidents_of_a_charge")
class _HtmlDeclines(Gateway):
    def read(self, answer: httpx.Response, order: Order) -> LookUpResult:
        if answer.status_code >= 500:
            return Declined(code="processing_error", message="An error at the provider", retryable=True)
        return super().read(answer, order)


@bug("treats whatever it can't read as a decline", "test_accidents_of_a_charge")
class _NonsenseDeclines(Gateway):
    def read(self, answer: httpx.Response, order: Order) -> LookUpResult:
        result = super().read(answer, order)
        if isinstance(result, Unknown):
            return Declined(code="card_declined", message="No", retryable=False)
        return result


@bug("believes every status 200", "test_accidents_of_a_charge")
class _Believes200(Gateway):
    def read(self, answer: httpx.Response, order: Order) -> LookUpResult:
        result = super().read(answer, order)
        if isinstance(result, Unknown) and answer.status_code == 200:
            return Paid(reference="p_1", transaction_id="t_1", money=order.money)
        return result


@bug("charges again by itself after a timeout", "test_accidents_of_a_charge")
class _RetriesTimeout(Gateway):
    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        try:
            return await super().sell(order, reference, how)
        except httpx.TimeoutException:
            return await super().sell(order, reference, how)


@bug("charges again by itself after an error 503", "test_accidents_of_a_charge")
class _Retries503(Gateway):
    async def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        answer = await super().send(method, path, body, key)
        return await super().send(method, path, body, key) if answer.status_code == 503 else answer


@bug("tells an error 500 of a look-up as not found", "test_accidents_of_a_look_up")
class _LookUpNotFound(Gateway):
    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        result = await super().look_up(order, reference)
        return NotFound() if isinstance(result, Unknown) else result


@bug("tells what its lagging search does not find as canceled", "test_accidents_of_a_charge")
class _NotFoundIsCanceled(Gateway):
    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        result = await super().look_up(order, reference)
        return Canceled(reference=order.attempt_id) if isinstance(result, NotFound) else result


changed(
    "trusts 'not found' of a search that lags",
    "test_accidents_of_a_charge",
    lookup=Lookup(by_reference="authoritative", by_attempt="authoritative"),
)


@bug("cannot find by the attempt what it says it can", "test_accidents_of_a_charge")
class _FindsNothing(Gateway):
    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        return NotFound() if reference is None else await super().look_up(order, reference)


@bug("tells a lost refund as failed", "test_accidents_of_a_refund")
class _RefundTimeoutFails(Gateway):
    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        try:
            return await super().refund(order, refund)
        except httpx.TransportError:
            return RefundFailed(message="It did not answer")


@bug("starts with nothing for the browser after an error 500", "test_accidents_of_a_start")
class _StartsNothing(Gateway):
    async def start(self, order: Order, reference: str | None) -> Started:
        try:
            return await super().start(order, reference)
        except ProviderUnavailable:
            raise ProviderRefused("This order can't be opened") from None


# ── What became of it ────────────────────────────────────────────────────────────────────────────────────────────────


class _Renamed(Gateway):
    """Reads one status as another."""

    of, to = "", ""

    def meaning(self, charge: Charge) -> LookUpResult:
        return super().meaning(replace(charge, status=self.to) if charge.status == self.of else charge)


@bug("tells a decline as paid", "test_declines")
class _DeclineIsPaid(_Renamed):
    of, to = "declined", "paid"


@bug("tells pending as paid", "test_demo_processing")
class _PendingIsPaid(_Renamed):
    of, to = "working", "paid"


@bug("tells what waits for the customer as paid", "test_demo_3ds")
class _ActionIsPaid(_Renamed):
    of, to = "action", "paid"


@bug("tells an open payment as paid", "test_what_never_was")
class _OpenIsPaid(_Renamed):
    of, to = "open", "paid"


@bug("tells every decline as retryable", "test_demo_declines")
class _AlwaysRetryable(Gateway):
    def meaning(self, charge: Charge) -> LookUpResult:
        result = super().meaning(charge)
        return replace(result, retryable=True) if isinstance(result, Declined) else result


@bug("forgets the decline's own code", "test_declines")
class _OneCode(Gateway):
    def meaning(self, charge: Charge) -> LookUpResult:
        return super().meaning(replace(charge, reason="do_not_honor") if charge.reason == "expired" else charge)


@bug("returns the first of several transactions", "test_declines")
class _First(Gateway):
    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        if reference is None:
            return await super().look_up(order, reference)
        # As a search by the order would: the oldest first.
        for number in range(1, 9):
            answer = await self.send("GET", f"/history/p_{number}")
            if answer.status_code == 200:
                history = msgspec.json.decode(answer.content, type=list[Charge])
                if history and history[0].order == order.order_id and len(history) > 1:
                    return self.meaning(history[0])
        return await super().look_up(order, reference)


@bug("does not look whose payment it found", "test_what_never_was")
class _AnyAttempt(Gateway):
    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        if reference is not None:
            return await super().look_up(order, reference)
        answer = await self.send("GET", "/payments/p_1")
        return self.meaning(msgspec.json.decode(answer.content, type=Charge))


@bug("believes a payment of another order", "test_a_payment_of_another_order")
class _AnyOrder(Gateway):
    def read(self, answer: httpx.Response, order: Order) -> LookUpResult:
        result = super().read(answer, order)
        return self.meaning(msgspec.json.decode(answer.content, type=Charge)) if isinstance(result, Unknown) else result


@bug("loses the saved method", "test_a_payment")
class _LosesMethod(Gateway):
    def meaning(self, charge: Charge) -> LookUpResult:
        return super().meaning(replace(charge, method=None))


@bug("looks up by writing", "test_a_look_up_changes_nothing")
class _LookUpWrites(Gateway):
    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        if reference is not None:
            await self.send("POST", "/touch", {"reference": reference})
        return await super().look_up(order, reference)


@bug("starts two", "test_start_twice")
class _StartsTwo(Gateway):
    async def start(self, order: Order, reference: str | None) -> Started:
        return await super().start(order, None)


@bug("claims an idempotency that it has not", "test_declared_idempotency")
class _NoKey(Gateway):
    async def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        return await super().send(method, path, body)


@bug("says canceled of a paid one", "test_cancel")
class _CancelsPaid(Gateway):
    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        await super().cancel(order, reference)
        return Canceled(reference=reference)


@bug("cancels nothing", "test_cancel")
class _CancelsNothing(Gateway):
    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        return Canceled(reference=reference)


# ── Refunds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@bug("tells a refund of too much as done", "test_refunds_in_parts")
class _RefundsTooMuch(Gateway):
    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        result = await super().refund(order, refund)
        return Refunded(reference="r_9", money=refund.money) if isinstance(result, RefundFailed) else result


@bug("refunds the whole for a part", "test_refunds_in_parts")
class _RefundsWhole(Gateway):
    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        return await super().refund(order, replace(refund, money=refund.paid))


@bug("finds a refund that never was", "test_a_refund_that_never_was")
class _FindsAnyRefund(Gateway):
    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        return await super().look_up_refund(order, refund, reference or "r_1")


@bug("refunds twice under one id", "test_declared_idempotency_of_refunds")
class _RefundsTwice(Gateway):
    async def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        return await super().send(method, path, body, None if path == "/refunds" else key)


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@bug("logs a card number", "test_a_payment")
class _LogsCard(Gateway):
    async def charge_card(self, order: Order, reference: str | None, card: Card) -> PaymentResult:
        logging.getLogger("reference").debug("charging %s", card.number)
        return await super().charge_card(order, reference, card)


@bug("prints a secret", "test_a_payment")
class _PrintsSecret(Gateway):
    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        print(self.credentials.api_key)  # noqa: T201 - that is the bug
        return await super().charge(order, reference, payment_token)


@bug("puts a secret in an error", "test_accidents_of_a_charge")
class _SecretInError(Gateway):
    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        try:
            return await super().sell(order, reference, how)
        except httpx.ConnectError as error:
            raise ProviderUnavailable("No connection", details=f"key {self.credentials.api_key}") from error


@bug("quotes the provider, who quotes what was sent", "test_accidents_of_a_charge")
class _Quotes(Gateway):
    def read(self, answer: httpx.Response, order: Order) -> LookUpResult:
        if answer.status_code == 400:
            raise ProviderRefused("Refused", details=str(answer.json().get("message")))
        return super().read(answer, order)


@bug("puts an e-mail address in a result", "test_a_payment")
class _Email(Gateway):
    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        result = await super().sell(order, reference, how)
        return replace(result, details={"payer": order.customer.email}) if isinstance(result, Paid) else result


class _Shown(Credentials, frozen=True, kw_only=True, rename="camel"):
    """Credentials with msgspec's own repr, which shows all."""

    __repr__ = Struct.__repr__


class _Unmarked(Struct, frozen=True, kw_only=True, rename="camel"):
    """Credentials of which one secret is not marked."""

    api_key: Plain
    webhook_secret: Plain | None = None
    public_key: Plain = "pub_1"


for _name, _kind in (("shows a secret in a repr", _Shown), ("does not mark its secrets", _Unmarked)):
    changed(
        _name,
        "test_credentials",
        {"wrong_credentials": _kind(api_key="rk_wrong_9876543210")},
        credentials=_kind,
        simulator=simulator(_kind(api_key=SIMULATOR_KEY, webhook_secret=SIMULATOR_SECRET)),
    )


@bug("tells a wrong key as a decline", "test_a_wrong_key_charges_nothing")
class _KeyDeclines(Gateway):
    async def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.credentials.api_key}"} | ({"idempotency-key": key} if key else {})
        answer = await self.client.request(method, URL + path, json=body, headers=headers)
        if answer.status_code == 401 and path != "/account":
            charge = {"id": "p_0", "order": (body or {}).get("order", ""), "status": "declined"}
            return httpx.Response(200, json=charge | {"amount": "1", "currency": "USD"})
        return answer


@bug("is content with any key", "test_check_credentials")
class _AnyKey(Gateway):
    async def check_credentials(self) -> None:
        await self.client.get(f"{URL}/account")


# ── Webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@bug("believes an unsigned webhook", "test_forged_webhooks")
class _Unsigned(Gateway):
    def verify_webhook(self, request: WebhookRequest) -> None:
        if SIGNED_HEADER in request.headers:
            super().verify_webhook(request)


@bug("believes an altered webhook", "test_forged_webhooks")
class _Altered(Gateway):
    def verify_webhook(self, request: WebhookRequest) -> None:
        known = self.credentials.webhook_secret == SIMULATOR_SECRET
        if not (known and request.headers.get(SIGNED_HEADER, "").count(".") == 1):
            raise InvalidSignature("The signature is wrong")
        if abs(request.received_at - int(request.headers[SIGNED_HEADER].partition(".")[0])) > 300_000:
            raise InvalidSignature("The signature is too old")


@bug("believes a webhook of any secret", "test_forged_webhooks")
class _AnySecret(Gateway):
    def verify_webhook(self, request: WebhookRequest) -> None:
        self.credentials = replace(self.credentials, webhook_secret=SIMULATOR_SECRET)
        super().verify_webhook(request)


@bug("believes every webhook while no secret is entered", "test_forged_webhooks")
class _NoSecret(Gateway):
    def verify_webhook(self, request: WebhookRequest) -> None:
        if self.credentials.webhook_secret:
            super().verify_webhook(request)


@bug("believes a webhook of yesterday", "test_forged_webhooks")
class _Old(Gateway):
    def verify_webhook(self, request: WebhookRequest) -> None:
        stamp = request.headers.get(SIGNED_HEADER, "").partition(".")[0]
        super().verify_webhook(replace(request, received_at=int(stamp) if stamp.isdigit() else 0))


@bug("crashes at a webhook without a signature", "test_forged_webhooks")
class _NeedsHeader(Gateway):
    def verify_webhook(self, request: WebhookRequest) -> None:
        assert request.headers[SIGNED_HEADER]
        super().verify_webhook(request)


@bug("needs the secret header to read a webhook", "test_a_webhook")
class _ReadsVerified(Gateway):
    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        assert request.headers[SIGNED_HEADER]
        return super().read_webhook(request)


@bug("gives a webhook sent again another id", "test_a_webhook")
class _AnotherId(Gateway):
    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        (event,) = super().read_webhook(request)
        return (replace(event, id=str(request.received_at)),)


@bug("gives all webhooks one id", "test_a_webhook")
class _OneId(Gateway):
    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        (event,) = super().read_webhook(request)
        return (replace(event, id=event.type),)


@bug("does not say which payment a webhook is about", "test_a_webhook")
class _NoNews(Gateway):
    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        return tuple(replace(event, news=None) for event in super().read_webhook(request))


@bug("takes proof from an unsigned webhook", "test_unsigned_webhooks_prove_nothing", signed_webhooks=False)
class _UnsignedProof(Gateway):
    pass


@bug("crashes at a webhook of another form", "test_nonsense_webhooks")
class _CrashesAtNonsense(Gateway):
    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        if request.body and "event" not in msgspec.json.decode(request.body):
            raise KeyError("event")
        return super().read_webhook(request)


# ── Demo mode and operations ─────────────────────────────────────────────────────────────────────────────────────────


@bug("does not know the operation's own example", "test_operations")
class _OperationDeclines(Gateway):
    @operation("pay", verb="charge", answer=answered)
    async def pay(self, order: Order, reference: str | None, body: PayBody) -> PaymentResult:
        return Declined(code="card_declined", message=body.card_token, retryable=False)


def _no_order(outcome: Any) -> Answer:
    return Answer(provider=outcome.provider, order_id="", demo=outcome.demo, status="paid")


@bug("answers an operation without the order's id", "test_operations")
class _OperationAnswers(Gateway):
    @operation("pay", verb="charge", answer=_no_order)
    async def pay(self, order: Order, reference: str | None, body: PayBody) -> PaymentResult:
        return await self.charge(order, reference, body.card_token)


changed("offers an operation without an example", "test_operations", {"operations": {}})


@bug("has a power that is no coroutine", "test_every_power_has_a_check")
class _NotAsync(Gateway):
    def check_credentials(self) -> None:  # type: ignore[override]
        return None


@bug("has a webhook that can be read and not verified", "test_every_power_has_a_check")
class _NoVerification(Gateway):
    verify_webhook = property()


_PLAIN = PROVIDER.simulator


async def _deaf(request: httpx.Request, world: Any) -> httpx.Response:
    """Forget the words that are said beside the token."""
    return await _PLAIN.answer(request, replace(world, word=lambda: None))


async def _silent(request: httpx.Request, world: Any) -> httpx.Response:
    """Send no webhook."""

    async def unheard(request: WebhookRequest, delay: int) -> None:
        """Send it nowhere."""

    return await _PLAIN.answer(request, replace(world, emit=unheard))


async def _picky(request: httpx.Request, world: Any) -> httpx.Response:
    """Know only tokens of a certain form."""
    token = msgspec.json.decode(request.content).get("token", "tok_") if request.content else "tok_"
    known = token.startswith(("tok_", "demo_"))
    return await _PLAIN.answer(request, world) if known else httpx.Response(400, json={"refused": "token"})


async def _never_lost(request: httpx.Request, world: Any) -> httpx.Response:
    """Keep nothing of what it says was done before the time ran out."""
    if b"demo_timeout" in request.content:
        raise httpx.ReadTimeout("demo", request=request)
    return await _PLAIN.answer(request, world)


changed(
    "has a simulator that does not hear the world's word", "test_demo_declines", simulator=replace(_PLAIN, answer=_deaf)
)
changed("has a simulator that is picky", "test_demo_pays_by_any_text", simulator=replace(_PLAIN, answer=_picky))
changed("has a simulator that sends no webhook", "test_demo_processing", simulator=replace(_PLAIN, answer=_silent))
changed(
    "has a simulator that does not charge at demo_timeout",
    "test_demo_timeout",
    simulator=replace(_PLAIN, answer=_never_lost),
)
