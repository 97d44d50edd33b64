"""The simulator refuses what Klaviyo refuses."""

import pytest

from paylinks_klaviyo import INTEGRATION, KlaviyoGateway
from paylinks_ports.testing import make_order_placed

from .conftest import Brand


def _event(**changes: object) -> dict[str, object]:
    attributes: dict[str, object] = {
        "properties": {},
        "metric": {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": "ada@example.com"}}},
    }
    return {"data": {"type": "event", "attributes": attributes | changes}}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer pk_a"}, 401),
        ({"revision": ""}, 400),
        ({"revision": "today"}, 400),
        ({"Content_Type": "text/plain"}, 415),
    ],
)
async def test_headers(brand: Brand, headers: dict[str, str], status: int) -> None:
    """Key, revision and media type are required."""
    assert (await brand.call("POST", "/api/events", _event(), **headers)).status_code == status


@pytest.mark.parametrize(
    "changes",
    [
        {"unique": "x"},
        {"value": "49.99"},
        {"value_currency": "dollar"},
        {"time": "yesterday"},
        {"properties": None},
        {"metric": {"data": {"type": "metric", "attributes": {"name": "x" * 128}}}},
        {"profile": {"data": {"type": "profile", "attributes": {}}}},
        {"profile": {"data": {"type": "profile", "attributes": {"phone_number": "415 555 0132"}}}},
    ],
)
async def test_events(brand: Brand, changes: dict[str, object]) -> None:
    """An event with a wrong field is refused with a pointer, and a right one taken."""
    refused = await brand.call("POST", "/api/events", _event(**changes))
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["source"]["pointer"].startswith("/data")
    assert brand.events() == []
    assert (await brand.call("POST", "/api/events", _event())).status_code == 202


async def test_unknown_calls(brand: Brand) -> None:
    """Other paths, methods, parameters and page sizes are refused."""
    assert (await brand.call("GET", "/api/nothing")).status_code == 404
    assert (await brand.call("DELETE", "/api/lists")).status_code == 405
    assert (await brand.call("GET", "/api/lists?page[size]=11")).status_code == 400
    assert (await brand.call("GET", "/api/lists?limit=10")).status_code == 400
    assert (await brand.call("GET", "/api/lists")).headers["RateLimit-Remaining"] == "748"


async def test_events_without_id_collapse(brand: Brand) -> None:
    """Two events of one second and no id are one: the reason for sending ids."""
    await brand.call("POST", "/api/events", _event())
    await brand.call("POST", "/api/events", _event())
    assert len(brand.events()) == 1


async def test_demo_needs_no_credentials(brand: Brand) -> None:
    """The simulator's own credentials work, and its books outlive the gateway."""
    demo = KlaviyoGateway(INTEGRATION.simulator.credentials, brand.client)
    await demo.check_credentials()
    await demo.order_placed(make_order_placed(consent=True))
    assert brand.profile("ada@example.com").lists == ("Wsletr",)
    assert [each.list_id for each in await demo.lists()] == ["Wsletr", "Cstmrs", "DblOpt"]
