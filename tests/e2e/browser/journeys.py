"""What a shop does before a customer comes: links, paid orders and offers, on the server under test."""

import itertools
from typing import Any

from ..conftest import Server

__all__ = ["CART", "PICTURE", "Shop"]

PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 9'%3E"
    "%3Crect width='16' height='9' fill='%23c7d2fe'/%3E%3C/svg%3E"
)

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
        order = {"orderId": f"order-{next(self._numbers)}", "amount": 4999, "currency": "USD"}
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
