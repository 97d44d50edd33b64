"""Reference Mail: a marketing system with lists in pages, profiles and events, and its examples."""

from collections.abc import Collection
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import (
    CredentialsRejected,
    MarketingIntegration,
    MarketingList,
    OrderPlaced,
    ProviderRefused,
    ProviderUnavailable,
    Secret,
    SimulatedWorld,
    Simulator,
    TryLater,
)
from paylinks_ports.testing import IntegrationContract, Shop

__all__ = ["INTEGRATION", "Gateway", "MailContract"]

URL = "https://mail.reference.example"
KEY = "mail_simulated_key_1"
PAGE = 2
LISTS = ("Customers", "News", "Sale")


class Credentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the merchant enters."""

    api_key: Secret

    def __repr__(self) -> str:
        """Show no secret."""
        return "Credentials(…)"


class Page(Struct, frozen=True):
    """A page of lists: pairs of id and name."""

    lists: list[tuple[str, str]]
    next: int | None


class Gateway:
    """One account."""

    def __init__(self, credentials: Credentials, client: httpx.AsyncClient) -> None:
        self.credentials = credentials
        self.client = client

    async def lists(self) -> tuple[MarketingList, ...]:
        """Fetch all pages."""
        found: list[MarketingList] = []
        after: int | None = 0
        while after is not None:
            answer = await self.send("GET", f"/lists?after={after}")
            try:
                page = msgspec.json.decode(answer.content, type=Page)
            except msgspec.DecodeError:
                raise ProviderUnavailable("The lists can't be read") from None
            found += [MarketingList(list_id=name, original_name=title) for name, title in page.lists]
            after = page.next
        return tuple(found)

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Write the profile and the event."""
        who = {"email": placed.customer.email, "name": placed.customer.name}
        await self.send("PUT", "/profile", who | {"lists": list(placed.list_ids) if placed.consent else []})
        await self.send("POST", "/events", {"id": placed.event_id, "value": str(placed.money.major)})

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:  # noqa: ANN401 - JSON
        """Send one request, and raise what its status means."""
        headers = {"authorization": self.credentials.api_key}
        answer = await self.client.request(method, URL + path, json=body, headers=headers)
        match answer.status_code:
            case 401:
                raise CredentialsRejected("Reference Mail refuses the key")
            case 429:
                wait = answer.headers.get("retry-after")
                raise TryLater("Reference Mail asks to wait", seconds=float(wait) if wait else None)
            case status if status >= 500:
                raise ProviderUnavailable("Reference Mail has an error")
            case status if status >= 400:
                raise ProviderRefused("Reference Mail refuses it")
        return answer


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request."""
    if request.headers.get("authorization") != KEY:
        return httpx.Response(401)
    if request.method == "GET":
        first = int(request.url.params["after"])
        after = first + PAGE if first + PAGE < len(LISTS) else None
        lists = [(f"l_{first + n}", name) for n, name in enumerate(LISTS[first : first + PAGE])]
        return httpx.Response(200, json={"lists": lists, "next": after})
    body = msgspec.json.decode(request.content)
    key = request.url.path if request.method == "PUT" else f"/events/{body['id']}"
    await world.store.put(key, msgspec.json.encode(body).decode(), was=await world.store.get(key))
    return httpx.Response(202)


INTEGRATION = MarketingIntegration(
    name="mail",
    title="Reference Mail",
    missing="Reference Mail not configured. Please add your API key.",
    credentials=Credentials,
    gateway=Gateway,
    simulator=Simulator(credentials=Credentials(api_key=KEY), answer=answer),
)


class MailContract(IntegrationContract):
    """Its examples."""

    integration = INTEGRATION
    wrong_credentials = Credentials(api_key="mail_of_nobody_at_all")
    list_count = len(LISTS)

    async def events(self, shop: Shop[Any]) -> int:
        """Count what the simulator keeps."""
        return sum(key.startswith("/events/") for key in shop.store.entries)

    async def subscribed(self, shop: Shop[Any]) -> Collection[str]:
        """Read the profile that the simulator keeps."""
        lists: list[str] = msgspec.json.decode(shop.store.entries["/profile"])["lists"]
        return lists
