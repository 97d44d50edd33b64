"""What a shop does before a customer comes: links, paid orders and offers, on the server under test."""

import itertools
import sqlite3
from contextlib import closing
from typing import Any

from playwright.sync_api import Page, expect

from ..conftest import Server

__all__ = ["CARE", "CART", "WRAP", "Shop", "choose"]

CARE: dict[str, Any] = {
    "id": "care",
    "name": "Leather care set",
    "description": "Wax, brush and cloth for your new belt. It comes with your order.",
    "price": 1900,
    "originalPrice": 2900,
}
WRAP: dict[str, Any] = {"id": "wrap", "name": "Gift wrap", "price": 500}

CART: dict[str, Any] = {
    "lineItems": [
        {"name": "Blue linen shirt", "quantity": 2, "unitPrice": 4500},
        {"name": "Canvas belt, natural", "quantity": 1, "unitPrice": 2900},
    ],
    "shipping": 490,
    "tax": 960,
    "discount": 1000,
    "amount": 12350,
    "currency": "USD",
    "customer": {"email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace"},
    "shippingAddress": {
        "line1": "12 St James's Square",
        "city": "London",
        "state": "",
        "postalCode": "SW1Y 4JH",
        "country": "GB",
    },
}


def choose(page: Page, provider: str) -> None:
    """Choose a provider with the keyboard: under a mouse the page may move, as fields come into it."""
    radio = page.get_by_role("radio", name=provider)
    radio.focus()
    page.keyboard.press("Space")
    expect(radio).to_be_checked()


class Shop:
    """A brand's own server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.url = server.url
        self._numbers = itertools.count(1)

    def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call the API."""
        answer = self.server.post(path, body)
        assert answer.is_success, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def link(self, **claims: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Make a pay link for a new order."""
        order = {"orderId": f"order-{next(self._numbers)}", "amount": 4999, "currency": "USD", "provider": "stripe"}
        product = {} if "lineItems" in claims else {"productName": "Blue shirt"}
        return self.call("/api/token/generate", order | product | claims)

    def checkout(self, **claims: Any) -> str:  # noqa: ANN401 - JSON
        """Make a pay link, and give its page's path."""
        return f"/c/{self.link(**claims)['code']}"

    def paid(self, **claims: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Make a paid order."""
        link = self.link(**claims)
        self.call("/api/checkout/initialize", {"token": link["token"], "provider": "stripe"})
        self.call("/api/checkout/complete", {"token": link["token"]})
        return link

    def offers(self, *offers: dict[str, Any], order: str | None = None, **more: Any) -> str:  # noqa: ANN401 - JSON
        """Make offers to the customer of a paid order, and give their page's path."""
        session = {
            "orderId": f"upsell-{next(self._numbers)}",
            "originalOrderId": order or self.paid(**CART)["orderId"],
            "customerEmail": "ada@example.com",
            "provider": "stripe",
            "offers": list(offers),
        }
        return f"/upsell/{self.call('/api/upsell/create-session', session | more)['sessionId']}"

    def write(self, statement: str, *values: object) -> None:
        """Bring about what only time or a provider's error can, such as an expiry, in the server's own database."""
        (path,) = (self.server.folder / "data").glob("*.db")
        with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
            assert connection.execute(statement, values).rowcount == 1
