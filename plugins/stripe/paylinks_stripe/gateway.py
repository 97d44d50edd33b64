"""One merchant's account at Stripe: the platform's verbs (docs.stripe.com/payments/payment-intents)."""

import httpx

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    LookUpResult,
    NotFound,
    NotSubmitted,
    Order,
    PaylinksError,
    PaymentResult,
    ProviderRefused,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    decline,
    nothing_happened,
    operation,
    reading,
    sending,
)

from . import parameters, webhooks
from .credentials import StripeCredentials
from .declines import declined
from .operations import ConfirmBody, CreateIntentBody, confirmed, intent_created
from .outcomes import read_attempt, read_intent, read_refund
from .sdk import Refusal, Sdk, certain, known
from .wire import Balance, Customer, Intent, Page, Refund

__all__ = ["StripeGateway"]

# docs.stripe.com/error-codes: there is not so much left, or nothing that could be given back.
_NOTHING_LEFT = frozenset({"charge_already_refunded", "charge_disputed", "amount_too_large"})
_TOKENS = frozenset({"payment_method", "confirmation_token"})
_NO_MONEY = frozenset({"requires_payment_method", "requires_confirmation", "canceled"})


class StripeGateway:
    """Opens, confirms, reads, cancels and refunds payment intents; one intent can succeed at most once."""

    def __init__(self, credentials: StripeCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._sdk = Sdk(credentials.secret_key, client)

    async def start(self, order: Order, reference: str | None) -> Started:
        """Create a customer and a payment intent, or read again the one that is open; no money moves."""
        intent = await self._open(order) if reference is None else certain(await self._retrieve(reference))
        if intent.metadata.get("order_id") != order.order_id:
            raise ProviderRefused("Stripe's payment is another order's")
        if not intent.client_secret:
            raise nothing_happened("Stripe", "doubt", "It has no client secret")
        browser = {"clientSecret": intent.client_secret}
        if self._credentials.publishable_key:
            browser["publishableKey"] = self._credentials.publishable_key
        return Started(reference=intent.id, browser=browser)

    @operation("create-intent", verb="start", answer=intent_created)
    async def create_intent(self, order: Order, reference: str | None, body: CreateIntentBody) -> Started:  # noqa: ARG002 - it has no fields of its own
        """Open a payment intent for Stripe.js to confirm."""
        return await self.start(order, reference)

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Confirm the payment intent with a payment method (``pm_…``) or a confirmation token (``ctoken_…``)."""
        with reading("Stripe"):
            opened = reference or (await self._open(order)).id
        given = parameters.confirmation(order, payment_token)
        with sending("Stripe"):
            answer = await self._sdk.ask(
                lambda v1: v1.payment_intents.confirm_async(opened, given, {"idempotency_key": order.attempt_id}),
                Intent,
            )
        result = await self._confirmed(order, opened, answer)
        if isinstance(result, Canceled):
            raise ProviderRefused("This payment was canceled at Stripe", details="providerOrderId: is canceled")
        if isinstance(result, NotSubmitted | NotFound):
            message = "Stripe took the confirmation, and the payment is as if it had not"
            return Unknown(message=message, reference=opened)
        return result

    async def _confirmed(self, order: Order, opened: str, answer: Intent | Refusal) -> LookUpResult:
        """Say what the answer to a confirmation means."""
        if isinstance(answer, Intent):
            return read_intent(order, answer)
        error, after = answer.error, answer.error.payment_intent
        match answer.kind:
            case "card" if after is not None and after.status not in _NO_MONEY:
                return read_intent(order, after)  # declined, and yet money may move: believe the intent
            case "card":
                return declined(error, opened)
            case "missing" if error.param in _TOKENS:
                return decline(("invalid_payment_token", False), answer.details, opened)
            case "another_state" | "key_reused":
                return await self._read_back(order, opened)
            case "doubt":
                return Unknown(message="Stripe's answer does not say whether it was charged", reference=opened)
            case _:
                raise answer.exception

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Open a payment intent for the saved method's customer, and confirm it with that method.

        In two steps, so that a lost reply leaves an intent that can be read.
        """
        if saved.customer is None:
            raise ProviderRefused("Stripe charges a saved method only with its customer")
        with reading("Stripe"):
            intent = await self._create(order, saved.customer, save=False)
        return await self.charge(order, intent.id, saved.method)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the payment intent, or find the attempt's: in its customer's list, or else by search.

        docs.stripe.com/search: what was just made can be missing for a minute, in an outage for an hour; so that search
        finds nothing is no proof. A list (docs.stripe.com/api/payment_intents/list) is up to date.
        """
        if reference is not None:
            intent = known(await self._retrieve(reference), reference)
            return intent if isinstance(intent, Unknown) else read_intent(order, intent)
        if order.saved_method is None or order.saved_method.customer is None:
            query = parameters.search(order)
            page = certain(await self._sdk.ask(lambda v1: v1.payment_intents.search_async(query), Page[Intent]))
            return read_attempt(order, page.data) or Unknown(message="Stripe's search has not found it so far")
        newest = parameters.newest(order.saved_method.customer)
        page = certain(await self._sdk.ask(lambda v1: v1.payment_intents.list_async(newest), Page[Intent]))
        many = Unknown(message="The customer has too many payments at Stripe to find it")
        return read_attempt(order, page.data) or (many if page.has_more else NotFound())

    @operation("confirm", verb="look_up", answer=confirmed)
    async def confirm(self, order: Order, reference: str | None, body: ConfirmBody) -> LookUpResult:
        """Read back what the browser did."""
        return await self.look_up(order, reference or body.payment_intent_id)

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Cancel the payment intent, or say what became of it instead (docs.stripe.com/api/payment_intents/cancel)."""
        answer = await self._sdk.ask(
            lambda v1: v1.payment_intents.cancel_async(
                reference,
                # Under a key of the attempt's, Stripe would give today's refusal again tomorrow; twice is safe.
                {"cancellation_reason": "abandoned", "expand": ["latest_charge"]},
            ),
            Intent,
        )
        if isinstance(answer, Intent):
            return read_intent(order, answer)
        if answer.kind in ("credentials", "busy", "refused", "missing"):
            raise answer.exception
        return await self._read_back(order, reference)

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Give back all or a part of a charge, once: our id of the refund is the idempotency key."""
        given = parameters.refund(order, refund)
        answer = await self._sdk.ask(
            lambda v1: v1.refunds.create_async(given, {"idempotency_key": refund.refund_id}), Refund
        )
        if isinstance(answer, Refund):
            return read_refund(answer)
        if answer.kind in ("doubt", "key_reused"):
            return Unknown(message="Stripe's answer does not say whether it was given back")
        if answer.kind == "refused" and (answer.error.code in _NOTHING_LEFT or answer.error.param == "amount"):
            return RefundFailed(message=answer.details)
        raise answer.exception

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:  # noqa: ARG002 - Stripe knows it by its payment
        """Read a refund by Stripe's id, or find it by ours among those of its payment; lists are up to date at once."""
        if reference is not None:
            found = known(await self._sdk.ask(lambda v1: v1.refunds.retrieve_async(reference), Refund), reference)
            return found if isinstance(found, Unknown) else read_refund(found)
        given = parameters.refunds(refund)
        while True:
            page = certain(await self._sdk.ask(lambda v1: v1.refunds.list_async(given), Page[Refund]))
            for one in page.data:
                if one.metadata.get("refund_id") == refund.refund_id:
                    return read_refund(one)
            if not page.has_more or not page.data:
                return NotFound()
            if page.data[-1].id == given.get("starting_after"):
                return Unknown(message="Stripe's list of refunds has no end")
            given["starting_after"] = page.data[-1].id

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the signature of an event."""
        webhooks.verify_webhook(self._credentials, request)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read an event."""
        return webhooks.read_webhook(self._credentials, request)

    async def check_credentials(self) -> None:
        """Read the balance, which every secret key may (docs.stripe.com/api/balance)."""
        balance = certain(await self._sdk.ask(lambda v1: v1.balance.retrieve_async(), Balance))
        publishable = self._credentials.publishable_key
        if publishable and publishable.startswith("pk_live_") != balance.livemode:
            raise CredentialsRejected("One Stripe key is for live mode and the other for test mode")

    async def _open(self, order: Order) -> Intent:
        who = parameters.customer(order)
        key = parameters.repeatable_key(order, "customer", who)
        customer = await self._sdk.create(lambda v1, options: v1.customers.create_async(who, options), Customer, key)
        return await self._create(order, customer.id, save=True)

    async def _create(self, order: Order, customer_id: str, *, save: bool) -> Intent:
        given = parameters.intent(order, customer_id, save=save)
        key = parameters.repeatable_key(order, "intent" if save else "saved", given)
        return await self._sdk.create(lambda v1, options: v1.payment_intents.create_async(given, options), Intent, key)

    async def _retrieve(self, reference: str) -> Intent | Refusal:
        return await self._sdk.ask(
            lambda v1: v1.payment_intents.retrieve_async(reference, {"expand": ["latest_charge"]}), Intent
        )

    async def _read_back(self, order: Order, reference: str) -> LookUpResult:
        """Look up after a call that has been sent: failing to is a doubt, and no longer "nothing was sent"."""
        try:
            return await self.look_up(order, reference)
        except (PaylinksError, httpx.HTTPError):
            return Unknown(message="What became of it at Stripe could not be read", reference=reference)
