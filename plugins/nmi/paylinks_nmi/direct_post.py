"""One merchant's account at a gateway that speaks NMI's Payment API: the platform's verbs, under any of its brands."""

from collections.abc import Mapping
from typing import ClassVar

import httpx

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    PaymentResult,
    Pending,
    ProviderRefused,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
)

from . import parameters, refunding, webhooks
from .amounts import to_nmi
from .answers import Answer
from .api import Api
from .credentials import NmiCredentials
from .declines import declined
from .outcomes import approved, judge
from .parameters import BY_ATTEMPT, BY_PAYMENT, BY_TRANSACTION, KEPT, USED
from .redaction import redact

__all__ = ["DirectPostGateway"]

_NOBODY = "paylinks-credentials-check"  # an order id that no attempt has


class DirectPostGateway:
    """Sales, saved cards, refunds, reports and webhooks; a brand of the gateway is a host and a title."""

    host: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, credentials: NmiCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._api = Api(client, host=self.host, title=self.title, security_key=credentials.security_key)
        self._has_vault = True  # until the gateway says otherwise

    async def start(self, order: Order, reference: str | None) -> Started:  # noqa: ARG002 - nothing is ever open
        """Tell the browser what Collect.js needs; the gateway opens nothing before the sale."""
        to_nmi(order.money)
        browser = {"collectJsUrl": f"{self.host}/token/Collect.js"}
        if self._credentials.tokenization_key:
            browser["tokenizationKey"] = self._credentials.tokenization_key
        return Started(browser=browser)

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:  # noqa: ARG002 - nothing is open
        """Charge what Collect.js made of the customer's card, and keep the card."""
        return await self.sell(order, payment_token, save_card=True)

    async def sell(self, order: Order, payment_token: str, *, save_card: bool) -> PaymentResult:
        """Charge a Collect.js token, which is good for one request."""
        kept = KEPT if save_card and self._has_vault else {}
        return await self._sell(order, {"payment_token": payment_token, **kept})

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Charge a card of the Customer Vault, with the customer there."""
        return await self._sell(order, {"customer_vault_id": saved.method, **USED})

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Search for the attempt, and only then read the transaction that is known.

        A payment keeps its transaction's id over a new attempt, so what that one came to says nothing of this attempt,
        unless it took money. The search may lag behind by some seconds: finding nothing is no proof.
        """
        result = await self._find(order)
        if not isinstance(result, NotFound) or reference is None:
            return result
        found = [one for one in await self._api.query({BY_TRANSACTION: reference}) if one.id == reference]
        known = judge(order, found)
        ours = any(one.order_id == order.attempt_id for one in found)
        return known if ours or isinstance(known, Paid) else NotFound()

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the refund says all
        """Void what has not settled and goes back as a whole; refund anything else."""
        return await refunding.refund(self._api, refund)

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:  # noqa: ARG002 - the refund says all
        """Search for the refund's own id, read its transaction, or find its sale voided."""
        return await refunding.look_up(self._api, refund, reference)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the signature with the brand's signing key."""
        webhooks.verify(self._credentials.webhook_signing_key, request)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read the one event of a call."""
        return webhooks.read(request)

    async def check_credentials(self) -> None:
        """Search for nothing, which only an accepted key may; that it may charge, too, is seen with the first sale."""
        await self._api.query({BY_ATTEMPT: _NOBODY})

    async def _sell(self, order: Order, instrument: Mapping[str, str]) -> PaymentResult:
        given = parameters.sale(order, self._credentials.processor_id)
        answer = await self._api.transact({**given, **instrument})
        if answer is None or answer.order_id not in ("", order.attempt_id):
            return await self._resolve(order)
        return await self._read(order, answer)

    async def _read(self, order: Order, answer: Answer) -> PaymentResult:
        match answer.verdict:
            case "approved" if answer.order_id:
                return approved(order, answer)
            case "declined":
                return declined(answer.code, answer.text)
            case "duplicate":
                return await self._explain_duplicate(order)
            case "no_vault":
                # The token is burned by this request, so charging it again without the vault would be refused.
                first, self._has_vault = self._has_vault, False
                message = f"{self.title} keeps no cards for this merchant, and charged nothing"
                return Declined(code="processing_error", message=message, retryable=first)
            case "refused":
                raise ProviderRefused(f"{self.title} refused the request", details=redact(answer.text) or None)
            case _:
                return await self._resolve(order)

    async def _resolve(self, order: Order) -> PaymentResult:
        """Search for a sale whose answer says nothing for sure; it is never sent again."""
        message = f"{self.title}'s answer does not say whether it was charged"
        try:
            return _charged(await self._find(order), message)
        except PaylinksError:
            return Unknown(message=message)

    async def _explain_duplicate(self, order: Order) -> PaymentResult:
        """Find out what a sale that was refused as a duplicate repeats.

        The REFID in the text is that of the refused call and names no transaction. A duplicate has the same amount and
        card as a sale of the last twenty minutes: this very attempt, come twice; an earlier attempt of the same
        payment; or another order, and then nothing was charged for this one.
        """
        message = f"{self.title} takes it for a duplicate, and what it repeats could not be read"
        try:
            result = await self._find(order)
            if isinstance(result, NotFound):
                result = await self._find_earlier(order)
        except PaylinksError:
            return Unknown(message=message)
        if isinstance(result, NotFound):
            reason = f"{self.title} refused a second charge of this amount to this card within a short time"
            return Declined(code="duplicate_transaction", message=reason, retryable=True)
        return _charged(result, message)

    async def _find(self, order: Order) -> LookUpResult:
        found = await self._api.query({BY_ATTEMPT: order.attempt_id})
        # Where a filter were not understood, everything would be found.
        return judge(order, [one for one in found if one.order_id == order.attempt_id])

    async def _find_earlier(self, order: Order) -> LookUpResult:
        found = await self._api.query({BY_PAYMENT: order.payment_id})
        earlier = judge(order, [one for one in found if one.payment_id == order.payment_id])
        # Attempts that took nothing are no news.
        return NotFound() if isinstance(earlier, Declined | Canceled) else earlier


def _charged(result: LookUpResult, message: str) -> PaymentResult:
    """Read what a search after a charge found."""
    match result:
        case Paid() | Pending() | Declined() | Unknown():
            return result
        case Canceled():
            return Declined(code="processing_error", message="The gateway has undone the charge", retryable=True)
        case _:
            return Unknown(message=message)
