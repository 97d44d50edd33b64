"""One merchant's shop at Shopify: the platform's verbs (shopify.dev/docs/api/admin-graphql).

A shop charges in its own checkout only: a draft order's invoice page is where the customer pays.
"""

import asyncio
from collections import OrderedDict
from contextlib import suppress

import httpx

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    LookUpResult,
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

from . import documents, outcomes, refunds, webhooks, wire
from .api import Api, Refusal, as_error
from .credentials import ShopifyCredentials
from .drafts import draft_of
from .ids import ATTEMPT, refund_key, tag_of
from .operations import CreateCheckoutBody, Line, checkout_created
from .redaction import redact
from .wire import Draft, UserError, from_shopify

__all__ = ["ShopifyGateway"]

_READY_READS = 5
_READY_SECONDS = 0.4
_MOST_REMEMBERED = 1000


class ShopifyGateway:
    """Opens, reads and deletes draft orders, and gives the money of their orders back."""

    def __init__(self, credentials: ShopifyCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._demo = credentials.demo
        self._api = Api(credentials, client)
        # What this process has opened, because Shopify's search does not know a new draft order for a while.
        self._opened: OrderedDict[str, str] = OrderedDict()

    async def start(self, order: Order, reference: str | None) -> Started:
        """Open a draft order with the order's own items at its own prices, or read again the one that is open."""
        return await self._start(order, reference, ())

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the draft order, and the order that it became; without its id, search for the attempt's.

        The search lags, and a draft order may have been deleted: finding nothing is no proof.
        """
        if reference is None:
            found = await self._search(order)
            paid = [one for one in found if one.order is not None]
            return outcomes.read(order, (paid or found)[0]) if found else NotFound()
        draft = await self._read(reference)
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
        answer = await self._api.ask(documents.DELETE, {"input": {"id": reference}}, wire.Deleted)
        if isinstance(answer, Refusal) and answer.kind != "doubt":
            raise as_error(answer)
        if isinstance(answer, wire.Deleted) and answer.draft_order_delete.deleted_id == reference:
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
        done = refunds.find(made, refund, None)
        if done is not None:
            return refunds.read(done)
        try:
            given = refunds.input_of(made, refund)
        except ValueError as error:
            raise ProviderRefused("What the order was paid with can't be read", details=str(error)) from error
        if given is None:
            return RefundFailed(message="The order's charges do not hold as much")
        variables = {"input": given, "key": refund_key(refund.refund_id)}
        answer = await self._api.ask(documents.REFUND, variables, wire.RefundCreated)
        if isinstance(answer, Refusal):
            if answer.kind == "doubt":
                return Unknown(message="Shopify's answer does not say whether it was refunded")
            if answer.kind == "refused":
                return RefundFailed(message=answer.message or "Shopify refuses this refund")
            raise as_error(answer)
        created = answer.refund_create
        if created.refund is not None:
            return refunds.read(created.refund)
        if created.user_errors:
            return RefundFailed(message=_told(created.user_errors))
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
        shop = (await self._api.read(documents.SHOP, {}, wire.ShopRead)).shop
        if shop.myshopify_domain != self._credentials.shop_domain:
            raise CredentialsRejected("The access token belongs to another shop")
        await self._api.read(documents.SEARCH, {"query": "tag:'paylinks-credentials-check'"}, wire.Searched)

    @operation("create-checkout", verb="start", answer=checkout_created)
    async def create_checkout(self, order: Order, reference: str | None, body: CreateCheckoutBody) -> Started:
        """Open Shopify's checkout for variants of the shop, or for the order's own items."""
        # The demo's shop has no variants, so nobody can say what they cost.
        return await self._start(order, reference, () if self._demo else body.lines)

    async def _start(self, order: Order, reference: str | None, lines: tuple[Line, ...]) -> Started:
        draft = await self._open(order, lines) if reference is None else await self._reopen(order, reference)
        url = draft.invoice_url
        if draft.order is not None:
            collected = draft.order.payment_collection_details
            url = collected.additional_payment_collection_url if collected else None
        return Started(reference=draft.id, browser={"checkoutUrl": url, "draftOrderId": draft.id} if url else {})

    async def _open(self, order: Order, lines: tuple[Line, ...]) -> Draft:
        """Open one draft order for an attempt.

        Where the reply of an earlier start was lost and the search does not know its draft order yet, there will be
        two: no money moves in a draft order, and of the first one's page nobody was ever told.
        """
        known = self._opened.get(order.attempt_id)
        earlier = await self._read(known) if known else None
        found = [earlier] if earlier else await self._search(order)
        if found:
            return found[0]
        given = draft_of(order, lines)
        answer = (await self._api.read(documents.CREATE, {"input": given}, wire.Created)).draft_order_create
        draft = answer.draft_order
        if draft is None or answer.user_errors:
            raise ProviderRefused("Shopify refuses this draft order", details=_told(answer.user_errors) or None)
        draft = await self._reckoned(draft)
        await self._refuse_another_total(order, draft)
        self._opened[order.attempt_id] = draft.id
        if len(self._opened) > _MOST_REMEMBERED:
            self._opened.popitem(last=False)
        return draft

    async def _reckoned(self, draft: Draft) -> Draft:
        """Wait for Shopify to reckon the total, which it does after it has answered."""
        for _ in range(_READY_READS):
            if draft.ready:
                return draft
            await asyncio.sleep(_READY_SECONDS)
            draft = await self._read(draft.id) or draft
        raise ProviderUnavailable("Shopify is still reckoning the draft order's total")

    async def _refuse_another_total(self, order: Order, draft: Draft) -> None:
        """Refuse a draft order of another amount, and delete it: nobody has been told of its page."""
        try:
            total = from_shopify(draft.total_price_set)
        except ValueError as error:
            raise ProviderRefused("Shopify's total can't be read", details=str(error)) from error
        if total == order.money:
            return
        with suppress(PaylinksError):
            await self._api.read(documents.DELETE, {"input": {"id": draft.id}}, wire.Deleted)
        details = f"amount: the draft order comes to {total}, and the order to {order.money}"
        raise ProviderRefused("Shopify's draft order has another total", details=details)

    async def _reopen(self, order: Order, reference: str) -> Draft:
        draft = await self._read(reference)
        if draft is None:
            raise ProviderRefused("Shopify's draft order is gone", details="It was deleted in the shop's admin")
        if not outcomes.is_ours(order, draft):
            raise ProviderRefused("Shopify's draft order is another order's")
        return draft

    async def _read(self, reference: str) -> Draft | None:
        return (await self._api.read(documents.READ, {"id": reference}, wire.Read)).draft_order

    async def _search(self, order: Order) -> list[Draft]:
        query = f"tag:'{tag_of(order.attempt_id)}'"
        found = await self._api.read(documents.SEARCH, {"query": query}, wire.Searched)
        return [one for one in found.draft_orders.nodes if one.attribute(ATTEMPT) == order.attempt_id]

    async def _order(self, order: Order, refund: RefundOrder) -> wire.Order:
        draft = await self._read(refund.reference)
        if draft is None or draft.order is None or not outcomes.is_ours(order, draft):
            raise ProviderRefused("Shopify has no such order to refund")
        return draft.order


def _told(errors: list[UserError]) -> str:
    return redact("; ".join(f"{'.'.join(one.field or [])}: {one.message}" for one in errors))
