"""One merchant's shop at Shopify: the platform's verbs (shopify.dev/docs/api/admin-graphql).

A shop charges in its own checkout only: a draft order's invoice page is where the customer pays.
"""

import asyncio
from contextlib import suppress

import httpx

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    LookUpResult,
    Money,
    NotFound,
    NotSubmitted,
    Order,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    operation,
)

from . import documents, outcomes, refunds, webhooks
from .api import Api, Doubt, redact
from .credentials import ShopifyCredentials
from .drafts import ATTEMPT, draft_of, tag_of
from .operations import CreateCheckoutBody, checkout_created
from .wire import Draft, ShopifyOrder, UserError

__all__ = ["ShopifyGateway"]

_READY_READS = 5
_READY_SECONDS = 0.4
_MOST_REMEMBERED = 1000


class ShopifyGateway:
    """Opens, reads and deletes draft orders, and gives the money of their orders back."""

    def __init__(self, credentials: ShopifyCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._api = Api(credentials, client)
        # What this process has opened, because Shopify's search does not know a new draft order for a while.
        self._opened: dict[str, str] = {}

    async def start(self, order: Order, reference: str | None) -> Started:
        """Open a draft order with the order's own items at its own prices, or read again the one that is open."""
        return await self.create_checkout(order, reference, CreateCheckoutBody())

    @operation("create-checkout", verb="start", answer=checkout_created)
    async def create_checkout(self, order: Order, reference: str | None, body: CreateCheckoutBody) -> Started:
        """Open Shopify's checkout for variants of the shop, or for the order's own items."""
        if reference is None:
            draft = await self._open(order, body)
        else:
            draft = await self._own(order, reference)
        url = draft.invoice_url
        if draft.order is not None:
            # What is left to pay of an order is paid at the order's own page.
            unpaid = draft.order.payment_collection_details
            url = unpaid.additional_payment_collection_url if unpaid else None
        return Started(reference=draft.id, browser={"checkoutUrl": url, "draftOrderId": draft.id} if url else {})

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the draft order, and the order that it became; without its id, search for the attempt's.

        The search lags, and a draft order may have been deleted: finding nothing is no proof.
        """
        draft = await (self._search(order) if reference is None else self._read(reference))
        return outcomes.read(order, draft) if draft else NotFound()

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Delete the draft order, unless the customer was quicker."""
        draft = await self._read(reference)
        if draft is None:
            # Deleted, or another shop's: what is open in that one may still be paid.
            return Unknown(message="Shopify does not know this draft order under the present access")
        seen = outcomes.read(order, draft)
        if not isinstance(seen, NotSubmitted):
            return seen
        with suppress(Doubt):
            answer = await self._api.ask(documents.DELETE, input={"id": reference})
            if answer.deleted_id == reference:
                return Canceled(reference=reference)
        try:
            after = await self._read(reference)
        except PaylinksError:
            return Unknown(message="What became of it at Shopify could not be read", reference=reference)
        return outcomes.read(order, after) if after else Canceled(reference=reference)

    async def refund(  # noqa: PLR0911 - one for each kind of answer
        self, order: Order, refund: RefundOrder
    ) -> RefundResult:
        """Give back from the order's charges, once: by Shopify's idempotency key, and by our id in the note."""
        made = await self._order(order, refund)
        done = refunds.find(made, refund)
        if done is not None:
            return refunds.read(done)
        try:
            variables = refunds.variables_of(made, refund)
        except ValueError as error:
            raise ProviderRefused("What the order was paid with can't be read", details=str(error)) from error
        if variables is None:
            return RefundFailed(message="The order's charges do not hold as much")
        try:
            answer = await self._api.ask(documents.REFUND, **variables)
        except Doubt:
            return Unknown(message="Shopify's answer does not say whether it was refunded")
        except ProviderRefused as refused:
            return RefundFailed(message=refused.details or refused.message)
        if answer.refund is not None:
            return refunds.read(answer.refund)
        if answer.user_errors:
            return RefundFailed(message=_told(answer.user_errors))
        return Unknown(message="Shopify took the refund, and shows none")

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        """Find the refund among the order's own."""
        found = refunds.find(await self._order(order, refund), refund, reference)
        return refunds.read(found) if found else NotFound()

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check the signature of the raw body."""
        webhooks.verify_webhook(self._credentials, request)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read the event as a hint."""
        return webhooks.read_webhook(request)

    async def check_credentials(self) -> None:
        """Read the shop's name and one page of its draft orders, which takes the scope that a checkout needs."""
        shop = await self._api.read(documents.SHOP)
        if shop.myshopify_domain != self._credentials.shop_domain:
            raise CredentialsRejected("The access token belongs to another shop")
        await self._api.read(documents.SEARCH, query="tag:'paylinks-credentials-check'")

    async def _open(self, order: Order, body: CreateCheckoutBody) -> Draft:
        """Open one draft order for an attempt, which comes to the order's amount.

        Where the reply of an earlier start was lost and the search does not know its draft order yet, there will be
        two: no money moves in a draft order, and of the first one's page nobody was ever told.
        """
        known = self._opened.get(order.attempt_id)
        draft = (await self._read(known) if known else None) or await self._search(order)
        if draft is None:
            # The demo's shop has no variants, so nobody can say what they cost.
            given = draft_of(order, () if self._credentials.demo else body.lines)
            answer = await self._api.read(documents.CREATE, input=given)
            if answer.draft_order is None or answer.user_errors:
                raise ProviderRefused("Shopify refuses this draft order", details=_told(answer.user_errors) or None)
            draft = answer.draft_order
        draft = await self._reckoned(draft)
        try:
            total: Money | None = draft.total_price_set.read()
        except ValueError:
            total = None
        if draft.order is None and total != order.money:
            # Nobody has been told of its page, also where an earlier start did not see it reckoned.
            with suppress(PaylinksError):
                await self._api.read(documents.DELETE, input={"id": draft.id})
            details = (
                f"amount: the draft order comes to {total or 'what can not be read'}, and the order to {order.money}"
            )
            raise ProviderRefused("Shopify's draft order has another total", details=details)
        self._opened[order.attempt_id] = draft.id
        if len(self._opened) > _MOST_REMEMBERED:
            del self._opened[next(iter(self._opened))]
        return draft

    async def _reckoned(self, draft: Draft) -> Draft:
        """Wait for Shopify to reckon the total, which it does after it has answered."""
        for _ in range(_READY_READS):
            if not draft.ready:
                await asyncio.sleep(_READY_SECONDS)
                draft = await self._read(draft.id) or draft
        if not draft.ready:
            raise ProviderUnavailable("Shopify is still reckoning the draft order's total")
        return draft

    async def _read(self, reference: str) -> Draft | None:
        return await self._api.read(documents.READ, id=reference)

    async def _search(self, order: Order) -> Draft | None:
        """Search for an attempt's draft order; where there are two, the one that became an order counts."""
        page = await self._api.read(documents.SEARCH, query=f"tag:'{tag_of(order.attempt_id)}'")
        found = [one for one in page.nodes if one.attribute(ATTEMPT) == order.attempt_id]
        return min(found, key=lambda one: one.order is None, default=None)

    async def _own(self, order: Order, reference: str) -> Draft:
        draft = await self._read(reference)
        if draft is None:
            raise ProviderRefused("Shopify's draft order is gone", details="It was deleted in the shop's admin")
        if not outcomes.is_ours(order, draft):
            raise ProviderRefused("Shopify's draft order is another order's")
        return draft

    async def _order(self, order: Order, refund: RefundOrder) -> ShopifyOrder:
        made = (await self._own(order, refund.reference)).order
        if made is None:
            raise ProviderRefused("Shopify has no such order to refund")
        return made


def _told(errors: list[UserError]) -> str:
    return redact("; ".join(f"{'.'.join(one.field or [])}: {one.message}" for one in errors))
