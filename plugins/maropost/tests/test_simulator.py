"""The simulator refuses what Maropost refuses, and has its pitfalls."""

from typing import Any

import pytest

from .conftest import Brand

ORDER: dict[str, Any] = {
    "contact": {"email": "ada@example.com"},
    "order_date": "2026-11-25T10:00:00",
    "order_status": "Completed",
    "original_order_id": "o-1",
    "order_items": [{"item_id": "1", "price": "1.00", "quantity": "1"}],
}


async def test_token_is_in_the_address(brand: Brand) -> None:
    """Without a token in the address nothing is answered, and the content is JSON."""
    assert (await brand.call("GET", "/lists.json", token="")).status_code == 401
    assert (await brand.call("GET", "/lists.json")).status_code == 200
    assert (await brand.call("GET", "/lists.json?per_page=10")).status_code == 400
    assert (await brand.call("POST", "/orders.json", {"order": ORDER}, media="text/xml")).status_code == 400
    assert (await brand.call("GET", "/lists")).status_code == 404
    assert (await brand.call("PUT", "/orders.json")).status_code == 405


@pytest.mark.parametrize(
    "changes",
    [
        {"order_items": []},
        {"order_date": "yesterday"},
        {"grand_total": 49.99},
        {"currency": "USD"},
        {"order_status": "x" * 256},
        {"contact": {"first_name": "Ada"}},
    ],
)
async def test_orders(brand: Brand, changes: dict[str, Any]) -> None:
    """An order with a wrong field is refused, and a right one taken."""
    assert (await brand.call("POST", "/orders.json", {"order": ORDER | changes})).status_code == 422
    assert (await brand.call("POST", "/orders.json", {"order": ORDER})).status_code == 201


async def test_pitfalls(brand: Brand) -> None:
    """Absence is a 200, orders are doubled unless unique, and a time without an offset is Eastern."""
    absent = await brand.call("GET", "/contacts/email.json?contact[email]=nobody@example.com")
    assert (absent.status_code, absent.json()) == (200, {"message": "Contact not present.", "status": 404})
    for _ in range(2):
        assert (await brand.call("POST", "/orders.json", {"order": ORDER})).status_code == 201
    assert (await brand.call("POST", "/orders.json?unique=true", {"order": ORDER})).status_code == 422
    assert [order.order_date.isoformat() for order in brand.orders()] == ["2026-11-25T10:00:00-05:00"] * 2
