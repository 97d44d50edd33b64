"""One merchant's account at Stripe: the platform's verbs (docs.stripe.com/payments/payment-intents)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import httpx
from msgspec import Struct

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    Declined,
    LookUpResult,
    NotFound,
    NotSubmitted,
    Order,
    PaylinksError,
    PaymentResult,
    ProviderRefused,
    ProviderUnavailable,
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

from . import parameters, refunds, webhooks, wire
from .credentials import StripeCredentials
from .declines import declined
from .operations import ConfirmBody, CreateIntentBody, confirmed, intent_created
from .outcomes import read
from .sdk import Refusal, Sdk, as_error
from .wire import Intent

if TYPE_CHECKING:
    from stripe import RequestOptions, StripeClient, StripeObject

__all__ = ["StripeGateway"]

_T = TypeVar("_T", bound=Struct)
_Create: TypeAlias = "Callable[[StripeClient, RequestOptions], Awaitable[StripeObject]]"

# docs.stripe.com/error-codes: the payment intent is not in a state for this call, which so did nothing.
_ANOTHER_STATE = frozenset({"payment_intent_unexpected_state", "intent_invalid_state"})
_TOKENS = frozenset({"payment_method", "confirmation_token"})
_FRESH_KEYS = 3
_MOST_TELLING = ("succeeded", "processing", "requires_capture", "requires_action")
_NO_MONEY = frozenset({"requires_payment_method", "requires_confirmation", "canceled"})


class StripeGateway:
    """Opens, confirms, reads and cancels payment intents; one intent can succeed at most once."""

    def __init__(self, credentials: StripeCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._sdk = Sdk(credentials.secret_key, client)

    async def start(self, order: Order, reference: str | None) -> Started:
        """Create a customer and a payment intent, or read again the one that is open; no money moves."""
        intent = await self._open(order) if reference is None else await self._reopen(order, reference)
        if not intent.client_secret:
            raise ProviderUnavailable("Stripe's answer can't be used", details="It has no client secret")
        browser = {"clientSecret": intent.client_secret}
        if self._credentials.publishable_key:
            browser["publishableKey"] = self._credentials.publishable_key
        return Started(reference=intent.id, browser=browser)

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Confirm the payment intent with a payment method (``pm_…``) or a confirmation token (``ctoken_…``)."""
        if reference is None:
            try:
                reference = (await self._open(order)).id
            except httpx.HTTPError as error:
                raise ProviderUnavailable("Stripe could not be reached; nothing was charged") from error
        opened = reference
        confirmation = parameters.confirmation(order, payment_token)
        try:
            answer = await self._sdk.ask(
                lambda stripe: stripe.v1.payment_intents.confirm_async(
                    opened, confirmation, {"idempotency_key": order.attempt_id}
                ),
                Intent,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            # An intent may have been opened a moment ago; what would charge it was provably not sent.
            raise ProviderUnavailable("Stripe could not be reached; nothing was charged") from error
        return await self._answered(order, opened, answer)

    async def _answered(  # noqa: PLR0911 - one for each kind of answer
        self, order: Order, opened: str, answer: Intent | Refusal
    ) -> PaymentResult:
        """Say what the answer to a confirmation means."""
        if isinstance(answer, Intent):
            return _charged(read(order, answer), opened)
        match answer.kind:
            case "card":
                after = answer.error.payment_intent
                if after is not None and after.status not in _NO_MONEY:
                    return _charged(read(order, after), opened)  # declined, and yet money may move: believe the intent
                return declined(answer.error, opened)
            case "refused" if answer.error.code in _ANOTHER_STATE:
                return await self._charged_before(order, opened)
            case "refused" if answer.error.code == "resource_missing" and answer.error.param in _TOKENS:
                message = answer.details or "Stripe does not know this payment method"
                return Declined(code="invalid_payment_token", message=message, retryable=False, reference=opened)
            case "key_reused":
                return await self._charged_before(order, opened)
            case "doubt":
                return Unknown(message="Stripe's answer does not say whether it was charged", reference=opened)
            case _:
                raise as_error(answer)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Open a payment intent for the saved method's customer, and confirm it with that method.

        In two steps, so that a lost reply leaves an intent that can be read.
        """
        if saved.customer is None:
            raise ProviderRefused("Stripe charges a saved method only with its customer")
        what = parameters.saved_intent(order, saved.customer)
        try:
            intent = await self._create(
                order, "saved", what, lambda stripe, key: stripe.v1.payment_intents.create_async(what, key), Intent
            )
        except httpx.HTTPError as error:
            raise ProviderUnavailable("Stripe could not be reached; nothing was charged") from error
        return await self.charge(order, intent.id, saved.method)

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Give back all or a part of a charge."""
        return await refunds.refund(self._sdk, order, refund)

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:  # noqa: ARG002 - Stripe knows it by its payment
        """Read what became of a refund."""
        return await refunds.look_up_refund(self._sdk, refund, reference)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the signature of an event."""
        webhooks.verify_webhook(self._credentials, request)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read an event."""
        return webhooks.read_webhook(self._credentials, request)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the payment intent, or find the attempt's: in its customer's list, or else by search.

        docs.stripe.com/search: what was just made can be missing for a minute, in an outage for an hour; so that search
        finds nothing is no proof. A list is up to date.
        """
        if reference is None and order.saved_method is not None and order.saved_method.customer is not None:
            return await self._list(order, order.saved_method.customer)
        if reference is None:
            return await self._search(order)
        intent = await self._retrieve(reference)
        if isinstance(intent, Intent):
            return read(order, intent)
        if intent.error.code == "resource_missing":
            # Payment intents don't go away, so these are the keys of another account, or of the other mode: what is
            # open in the first one may still be paid.
            message = "Stripe does not know this payment under the present secret key"
            return Unknown(message=message, reference=reference)
        raise as_error(intent)

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Cancel the payment intent, or say what became of it instead (docs.stripe.com/api/payment_intents/cancel)."""
        answer = await self._sdk.ask(
            lambda stripe: stripe.v1.payment_intents.cancel_async(
                reference,
                # Under a key of the attempt's, Stripe would give today's refusal again tomorrow; twice is safe.
                {"cancellation_reason": "abandoned", "expand": ["latest_charge"]},
            ),
            Intent,
        )
        if isinstance(answer, Intent):
            return read(order, answer)
        if answer.kind in ("credentials", "busy") or (
            answer.kind == "refused" and answer.error.code not in _ANOTHER_STATE
        ):
            raise as_error(answer)
        return await self._read_back(order, reference)

    async def check_credentials(self) -> None:
        """Read the balance, which every secret key may (docs.stripe.com/api/balance)."""
        balance = await self._sdk.ask(lambda stripe: stripe.v1.balance.retrieve_async(), wire.Balance)
        if isinstance(balance, Refusal):
            raise as_error(balance)
        publishable = self._credentials.publishable_key
        if publishable and publishable.startswith("pk_live_") != balance.livemode:
            raise CredentialsRejected("One Stripe key is for live mode and the other for test mode")

    @operation("create-intent", verb="start", answer=intent_created)
    async def create_intent(
        self,
        order: Order,
        reference: str | None,
        body: CreateIntentBody,  # noqa: ARG002 - it has no fields of its own
    ) -> Started:
        """Open a payment intent for Stripe.js to confirm."""
        return await self.start(order, reference)

    @operation("confirm", verb="look_up", answer=confirmed)
    async def confirm(self, order: Order, reference: str | None, body: ConfirmBody) -> LookUpResult:
        """Read back what the browser did."""
        return await self.look_up(order, reference or body.payment_intent_id)

    async def _open(self, order: Order) -> Intent:
        who = parameters.customer(order)
        customer = await self._create(
            order, "customer", who, lambda stripe, key: stripe.v1.customers.create_async(who, key), wire.Customer
        )
        what = parameters.intent(order, customer.id)
        return await self._create(
            order, "intent", what, lambda stripe, key: stripe.v1.payment_intents.create_async(what, key), Intent
        )

    async def _create(self, order: Order, what: str, given: Mapping[str, object], call: _Create, to: type[_T]) -> _T:
        """Create once for each attempt; no money is in it, and nobody can pay an intent whose reply was lost."""
        answer: _T | Refusal = Refusal(kind="doubt")
        for again in range(_FRESH_KEYS):
            key = parameters.repeatable_key(order, what, given, again)
            answer = await self._sdk.ask(lambda stripe, key=key: call(stripe, {"idempotency_key": key}), to)  # type: ignore[misc]
            # docs.stripe.com/idempotency: a failure of Stripe's own is kept for a day, too; asked anew it may be over.
            if not (isinstance(answer, Refusal) and answer.kind == "doubt" and answer.replayed):
                break
        if isinstance(answer, Refusal):
            raise as_error(answer)
        return answer

    async def _reopen(self, order: Order, reference: str) -> Intent:
        intent = await self._retrieve(reference)
        if isinstance(intent, Refusal):
            raise as_error(intent)
        if intent.metadata.get("order_id") != order.order_id:
            raise ProviderRefused("Stripe's payment is another order's")
        return intent

    async def _retrieve(self, reference: str) -> Intent | Refusal:
        return await self._sdk.ask(
            lambda stripe: stripe.v1.payment_intents.retrieve_async(reference, {"expand": ["latest_charge"]}), Intent
        )

    async def _search(self, order: Order) -> LookUpResult:
        found = await self._sdk.ask(
            lambda stripe: stripe.v1.payment_intents.search_async(
                {"query": parameters.attempt_query(order), "expand": ["data.latest_charge"]}
            ),
            wire.Intents,
        )
        if isinstance(found, Refusal):
            raise as_error(found)
        return _most_telling(order, found.data) or Unknown(message="Stripe's search has not found it so far")

    async def _list(self, order: Order, customer: str) -> LookUpResult:
        """Look through the newest of a customer's payment intents (docs.stripe.com/api/payment_intents/list)."""
        found = await self._sdk.ask(
            lambda stripe: stripe.v1.payment_intents.list_async(
                {"customer": customer, "limit": 100, "expand": ["data.latest_charge"]}
            ),
            wire.IntentPage,
        )
        if isinstance(found, Refusal):
            raise as_error(found)
        read = _most_telling(order, found.data)
        if read is None and found.has_more:
            return Unknown(message="The customer has too many payments at Stripe to find it")
        return read or NotFound()

    async def _read_back(self, order: Order, reference: str) -> LookUpResult:
        """Look up after a call that has been sent: failing to is a doubt, and no longer "nothing was sent"."""
        try:
            return await self.look_up(order, reference)
        except (PaylinksError, httpx.HTTPError):
            return Unknown(message="What became of it at Stripe could not be read", reference=reference)

    async def _charged_before(self, order: Order, reference: str) -> PaymentResult:
        return _charged(await self._read_back(order, reference), reference)


def _most_telling(order: Order, intents: list[Intent]) -> LookUpResult | None:
    """Read an attempt's payment intent; None where it is not among these."""
    ours = [intent for intent in intents if intent.metadata.get("attempt_id") == order.attempt_id]
    # A start that was repeated with other details may have opened two, of which the customer was told of one.
    rank = {status: place for place, status in enumerate(_MOST_TELLING)}
    return read(order, min(ours, key=lambda intent: rank.get(intent.status, len(rank)))) if ours else None


def _charged(result: LookUpResult, reference: str) -> PaymentResult:
    """Read what a confirmation came to."""
    match result:
        case Canceled():
            raise ProviderRefused("This payment was canceled at Stripe", details="providerOrderId: is canceled")
        case NotSubmitted() | NotFound():
            message = "Stripe took the confirmation, and the payment is as if it had not"
            return Unknown(message=message, reference=reference)
        case _:
            return result
