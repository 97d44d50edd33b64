"""One Maropost account: its lists, and what it is told of a paid order."""

from urllib.parse import quote

import httpx

from paylinks_ports import (
    MarketingList,
    OrderPlaced,
    ProviderRefused,
    ProviderUnavailable,
    nothing_happened,
    read_answer,
)

from .answers import Contact, ListItem, OrderAnswer
from .credentials import MaropostCredentials
from .documents import contact, order, subscription
from .transport import MaropostCalls

__all__ = ["MaropostGateway"]

_MOST_PAGES = 100  # of 200 lists


class MaropostGateway:
    """Speaks with Maropost Marketing Cloud by raw calls: there is no SDK for Python that is kept."""

    def __init__(self, credentials: MaropostCredentials, client: httpx.AsyncClient) -> None:
        self._calls = MaropostCalls(credentials.account_id, credentials.api_key, client)
        self._default_list_id = credentials.default_list_id

    async def check_credentials(self) -> None:
        """Read a page of lists: Maropost has no call that only says who is there.

        Raises:
            CredentialsRejected, ProviderUnavailable, TryLater: account or key is bad, or it can't be said now.

        """
        try:
            await self._page(1)
        except ProviderRefused as error:
            # There is nothing in this call that could be wrong but the account.
            raise nothing_happened("Maropost", "credentials", error.details) from None

    async def lists(self) -> tuple[MarketingList, ...]:
        """Fetch all lists, over all pages.

        Raises:
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: they can't be had.

        """
        found: dict[str, MarketingList] = {}
        for number in range(1, _MOST_PAGES + 1):
            page, before = await self._page(number), len(found)
            for each in page:
                found[str(each.id)] = MarketingList(list_id=str(each.id), original_name=each.name or str(each.id))
            # Every item says how many pages there are; where none does, an empty page is the end.
            pages = str(page[0].total_pages or "") if page else "0"
            if not page or (pages.isdecimal() and int(pages) <= number):
                return tuple(found.values())
            if len(found) == before:
                raise ProviderUnavailable("Maropost's pages of lists lead nowhere")
        raise ProviderRefused("Maropost has more lists than can be shown", details=f"over {_MOST_PAGES} pages")

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Write the contact, add the order, and subscribe the customer where there is consent.

        The subscription comes last, so that a repeat seldom asks for it a second time.

        Raises:
            TryLater, ProviderUnavailable: it may be repeated.
            CredentialsRejected, ProviderRefused: repeating it unchanged is no use.

        """
        email = placed.customer.email
        if not email:
            raise ProviderRefused("Maropost knows customers by an e-mail address")
        await self._calls.send("POST", "/contacts.json", body=contact(placed))
        await self._add_order(placed)
        default = (self._default_list_id,) if self._default_list_id else ()
        list_ids = tuple(dict.fromkeys(placed.list_ids or default))
        if placed.consent and list_ids:
            await self._subscribe(placed, email, list_ids)

    async def _page(self, number: int) -> list[ListItem]:
        # Counting subscribers is slow, and nobody asks.
        query = {"page": str(number), "no_counts": "true"}
        return read_answer("Maropost", await self._calls.send("GET", "/lists.json", query=query), list[ListItem])

    async def _add_order(self, placed: OrderPlaced) -> None:
        """Add the order unless the contact has it; how Maropost says that it has is not known, so it is asked."""
        try:
            await self._calls.send("POST", "/orders.json", query={"unique": "true"}, body=order(placed))
        except ProviderRefused:
            found = await self._calls.find(f"/orders/{quote(placed.event_id, safe='')}.json")
            if found is None or str(read_answer("Maropost", found, OrderAnswer).original_order_id) != placed.event_id:
                raise

    async def _subscribe(self, placed: OrderPlaced, email: str, list_ids: tuple[str, ...]) -> None:
        """Subscribe to each list; one that is refused does not keep the others from it."""
        query = {"contact[email]": email}
        # Who is on the do-not-mail list stays there: to take them off is for the merchant, in Maropost.
        if await self._calls.find("/global_unsubscribes/email.json", query) is not None:
            return
        found = await self._calls.find("/contacts/email.json", query)
        known = None if found is None else read_answer("Maropost", found, Contact)
        refusals = []
        for list_id in list_ids:
            # A repeat may come days later: the customer's last word holds.
            if known and known.refused_since(placed.occurred_at, list_id):
                continue
            path = f"/lists/{quote(list_id, safe='')}/contacts.json"
            try:
                await self._calls.send("POST", path, body=subscription(placed))
            except ProviderRefused as error:
                refusals.append(error)
        if refusals:
            raise refusals[0]
