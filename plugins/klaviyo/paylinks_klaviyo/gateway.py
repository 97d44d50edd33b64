"""One Klaviyo account: its lists, and what it is told of a paid order."""

from urllib.parse import parse_qsl

import httpx

from paylinks_ports import (
    MarketingList,
    OrderPlaced,
    ProviderRefused,
    ProviderUnavailable,
    international_phone,
    nothing_happened,
    read_answer,
)

from .answers import EmailMarketing, ListPage, ProfileAnswer
from .credentials import KlaviyoCredentials
from .documents import event, profile, subscription
from .transport import KlaviyoCalls

__all__ = ["KlaviyoGateway"]

_LISTS_A_PAGE = "10"  # the most there may be
_MOST_PAGES = 200


class KlaviyoGateway:
    """Speaks with Klaviyo by raw calls: its SDK has no asyncio, and five operations are all that is needed."""

    def __init__(self, credentials: KlaviyoCredentials, client: httpx.AsyncClient) -> None:
        self._calls = KlaviyoCalls(credentials.private_api_key, client)
        self._default_list_id = credentials.default_list_id

    async def check_credentials(self) -> None:
        """Read the account.

        Raises:
            CredentialsRejected, ProviderUnavailable, TryLater: the key is bad, or it can't be said now.

        """
        try:
            await self._calls.send("GET", "/api/accounts")
        except ProviderRefused as error:
            # There is nothing in this call that could be wrong but the key; the documents say 400 of a bad one.
            raise nothing_happened("Klaviyo", "credentials", error.details) from None

    async def lists(self) -> tuple[MarketingList, ...]:
        """Fetch all lists, over all pages.

        Raises:
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: they can't be had.

        """
        found: dict[str, MarketingList] = {}
        query = {"fields[list]": "name", "page[size]": _LISTS_A_PAGE}
        for _ in range(_MOST_PAGES):
            page = read_answer("Klaviyo", await self._calls.send("GET", "/api/lists", query=query), ListPage)
            for each in page.data:
                found[each.id] = MarketingList(list_id=each.id, original_name=each.attributes.name or each.id)
            if not page.links.next:
                return tuple(found.values())
            # Only its cursor is followed: the key goes to Klaviyo, wherever the link may lead.
            cursor = dict(parse_qsl(page.links.next.partition("?")[2])).get("page[cursor]")
            if not cursor or cursor == query.get("page[cursor]"):
                raise ProviderUnavailable("Klaviyo's pages of lists lead nowhere")
            query = query | {"page[cursor]": cursor}
        raise ProviderRefused("Klaviyo has more lists than can be shown", details=f"over {_MOST_PAGES} pages")

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Write the profile, add the event, and subscribe the customer where there is consent.

        The subscription comes last, so that a repeat seldom asks for it a second time.

        Raises:
            TryLater, ProviderUnavailable: it may be repeated.
            CredentialsRejected, ProviderRefused: repeating it unchanged is no use.

        """
        country = placed.shipping_address.country if placed.shipping_address else None
        phone = international_phone(placed.customer.phone, country)
        if not placed.customer.email and phone is None:
            raise ProviderRefused("Klaviyo knows customers by an e-mail address or an international phone number")
        marketing = await self._write_profile(placed, phone)
        await self._calls.send("POST", "/api/events", body=event(placed, phone))
        if placed.consent and placed.customer.email:
            await self._subscribe(placed, placed.customer.email, marketing)

    async def _write_profile(self, placed: OrderPlaced, phone: str | None) -> EmailMarketing:
        path, query = "/api/profile-import", {"additional-fields[profile]": "subscriptions"}
        try:
            response = await self._calls.send("POST", path, query=query, body=profile(placed, phone))
        except ProviderRefused:
            if phone is None or not placed.customer.email:
                raise
            # An e-mail address and a phone number of two profiles (409), or a number that Klaviyo can't take (400),
            # must not cost the order: the address alone names the customer.
            response = await self._calls.send("POST", path, query=query, body=profile(placed, None))
        return read_answer("Klaviyo", response, ProfileAnswer).email_marketing

    async def _subscribe(self, placed: OrderPlaced, email: str, marketing: EmailMarketing) -> None:
        """Subscribe to each list; one that is refused does not keep the others from it."""
        default = (self._default_list_id,) if self._default_list_id else ()
        refusals = []
        for list_id in dict.fromkeys(placed.list_ids or default):
            # Subscribing lifts an unsubscription, and a repeat may come days later: the customer's last word holds.
            if marketing.refused_since(placed.occurred_at, list_id):
                continue
            path = "/api/profile-subscription-bulk-create-jobs"
            try:
                await self._calls.send("POST", path, body=subscription(email, list_id))
            except ProviderRefused as error:
                refusals.append(error)
        if refusals:
            raise refusals[0]
