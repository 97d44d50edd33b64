"""One Attentive account: its segments, and what it is told of a paid order."""

import httpx

from paylinks_ports import (
    MarketingList,
    OrderPlaced,
    ProviderRefused,
    ProviderUnavailable,
    international_phone,
    read_answer,
)

from .answers import SegmentPage, Subscriptions
from .credentials import AttentiveCredentials
from .documents import attributes, member, purchase, subscription
from .transport import AttentiveCalls

__all__ = ["AttentiveGateway"]

_SEGMENTS_A_PAGE = "200"  # of 1000 there may be, for an answer of a sensible size
_MOST_PAGES = 50


class AttentiveGateway:
    """Speaks with Attentive by raw calls."""

    def __init__(self, credentials: AttentiveCredentials, client: httpx.AsyncClient) -> None:
        self._calls = AttentiveCalls(credentials.api_key, client)
        self._sign_up_source_id = credentials.sign_up_source_id

    async def check_credentials(self) -> None:
        """Read who the key belongs to.

        Raises:
            CredentialsRejected, ProviderUnavailable, TryLater: the key is bad, or it can't be said now.

        """
        await self._calls.send("GET", "/v2/me")

    async def lists(self) -> tuple[MarketingList, ...]:
        """Fetch all segments, over all pages: Attentive has no lists.

        Raises:
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: they can't be had.

        """
        found: dict[str, MarketingList] = {}
        query = {"limit": _SEGMENTS_A_PAGE}
        for _ in range(_MOST_PAGES):
            page = read_answer("Attentive", await self._calls.send("GET", "/v2/segments", query=query), SegmentPage)
            for each in page.segments:
                name = each.name or each.external_id
                found[each.external_id] = MarketingList(list_id=each.external_id, original_name=name)
            if not page.has_more:
                return tuple(found.values())
            if not page.cursor or page.cursor == query.get("cursor"):
                raise ProviderUnavailable("Attentive's pages of segments lead nowhere")
            query = query | {"cursor": page.cursor}
        raise ProviderRefused("Attentive has more segments than can be shown", details=f"over {_MOST_PAGES} pages")

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Write the user, subscribe it where there is consent, and add the purchase.

        The purchase comes last: it alone would count twice, so nothing that may still fail and be repeated follows it.

        Raises:
            TryLater, ProviderUnavailable: it may be repeated; the purchase was not taken.
            CredentialsRejected, ProviderRefused: repeating it unchanged is no use.
            EventInDoubt: the purchase may have been taken.

        """
        country = placed.shipping_address.country if placed.shipping_address else None
        phone = international_phone(placed.customer.phone, country)
        if not placed.customer.email and phone is None:
            raise ProviderRefused("Attentive knows customers by an e-mail address or an international phone number")
        await self._calls.send("POST", "/v2/user/attributes", body=attributes(placed, phone))
        refused = await self._subscribe(placed, phone) if placed.consent else None
        await self._calls.send_once("/v1/events/ecommerce/purchase", purchase(placed, phone))
        if refused is not None:
            raise refused

    async def _subscribe(self, placed: OrderPlaced, phone: str | None) -> ProviderRefused | None:
        """Subscribe the address, and add the customer to each segment; a refusal keeps nothing else from being done."""
        email, calls, refusals = placed.customer.email, [], []
        if email and self._sign_up_source_id:
            try:
                if not await self._subscribed(email):
                    calls.append(("/v1/subscriptions", subscription(email, self._sign_up_source_id)))
            except ProviderRefused as error:
                refusals.append(error)
        members = [member(placed, phone, segment_id) for segment_id in dict.fromkeys(placed.list_ids)]
        calls += [("/v2/bulk/segments/members", body) for body in members]
        for path, body in calls:
            try:
                await self._calls.send("POST", path, body=body)
            except ProviderRefused as error:
                refusals.append(error)
        return refusals[0] if refusals else None

    async def _subscribed(self, email: str) -> bool:
        """Say whether there is nothing left to ask for: asking again may have Attentive write to the customer."""
        found = await self._calls.find("/v1/subscriptions", {"email": email})
        return found is not None and read_answer("Attentive", found, Subscriptions).marketing_by_email
