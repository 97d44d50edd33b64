"""A paid order at Attentive: user, subscription, segments and purchase."""

import httpx
import msgspec
import pytest

from paylinks_attentive import INTEGRATION, AttentiveCredentials
from paylinks_attentive.phones import international
from paylinks_ports import Customer, EventInDoubt, ProviderRefused, ProviderUnavailable, TryLater

from .conftest import Brand, Forward, PlaceOrder

ADA = "ada@example.com"


async def test_order_is_user_and_purchase(brand: Brand, place_order: PlaceOrder) -> None:
    """A paid order writes the user and one purchase, and without consent subscribes to nothing."""
    await brand.gateway.order_placed(place_order(list_ids=("vip",)))
    user = brand.user(ADA)
    assert (user.attributes["firstName"], user.attributes["lastName"]) == ("Ada", "Lovelace")
    assert user.attributes["location"] == {
        "address1": "1 Road",
        "city": "San Francisco",
        "state": "CA",
        "zip": "94103",
        "country": "US",
    }
    assert (user.subscriptions, user.segments) == ((), ())
    assert brand.purchases() == [
        {
            "items": [
                {
                    "productId": "p-1",
                    "productVariantId": "BLUE",
                    "name": "Blue shirt",
                    "price": [{"value": 24.99, "currency": "USD"}],
                    "quantity": 2,
                }
            ],
            "orderId": "evt_1",
            "occurredAt": "2027-01-15T07:59:00+00:00",
            "user": {"email": ADA, "phone": "+14155550132"},
        }
    ]
    assert len(brand.network.sent) == 2


@pytest.mark.parametrize(("amount", "currency", "written"), [(500, "JPY", "500"), (1500, "KWD", "1.500")])
async def test_money_is_in_major_units(
    brand: Brand, place_order: PlaceOrder, amount: int, currency: str, written: str
) -> None:
    """Prices are numbers in major units, exactly, and an order without lines is one item."""
    await brand.gateway.order_placed(place_order(amount, currency, line_items=()))
    assert f'"price":[{{"value":{written},"currency":"{currency}"}}]'.encode() in brand.network.sent[-1].content


async def test_consent_subscribes_by_email(brand: Brand, place_order: PlaceOrder) -> None:
    """With consent the address is subscribed by the sign-up unit, the chosen segments get a member, no phone a text."""
    await brand.gateway.order_placed(place_order(consent=True, list_ids=("vip", "customers", "vip")))
    user = brand.user(ADA)
    assert (user.subscriptions, user.segments) == (("MARKETING/EMAIL",), ("vip", "customers"))
    sent = [each for each in brand.network.sent if each.method == "POST" and each.url.path == "/v1/subscriptions"]
    assert [msgspec.json.decode(each.content) for each in sent] == [
        {"user": {"email": ADA}, "signUpSourceId": "unit-1"}
    ]

    await brand.gateway.order_placed(place_order(event_id="evt_2", consent=True))
    assert brand.user(ADA).told == 0  # who is subscribed is not asked for again
    plain = brand.open(AttentiveCredentials(api_key="another-key"))
    lin = Customer(email="lin@example.com")
    await plain.order_placed(place_order(event_id="evt_3", consent=True, customer=lin))
    assert brand.user("lin@example.com").subscriptions == ()
    by_phone = Customer(phone="+442071838750")
    await brand.gateway.order_placed(place_order(event_id="evt_4", consent=True, customer=by_phone))
    assert brand.user("+442071838750").subscriptions == ()


@pytest.mark.parametrize("path", ["/v2/user/attributes", "/v1/subscriptions", "/v2/bulk/segments/members"])
async def test_repeated_until_the_purchase(brand: Brand, place_order: PlaceOrder, path: str) -> None:
    """Whatever fails before the purchase may be repeated: the purchase has not been sent."""

    async def lose_reply(request: httpx.Request, forward: Forward) -> httpx.Response:
        reply = await forward(request)
        if request.url.path == path and request.method == "POST":
            raise httpx.ReadTimeout("lost")
        return reply

    order = place_order(consent=True, list_ids=("vip",))
    brand.network.accident = lose_reply
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(order)
    assert brand.purchases() == []
    brand.network.accident = None
    await brand.gateway.order_placed(order)
    assert len(brand.purchases()) == 1
    assert brand.user(ADA).told == 0


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteError, httpx.RemoteProtocolError])
async def test_lost_purchase_is_in_doubt(
    brand: Brand, place_order: PlaceOrder, error: type[httpx.TransportError]
) -> None:
    """A purchase whose answer was lost may count: it is never repeated, for Attentive might count it twice."""

    async def lose_reply(request: httpx.Request, forward: Forward) -> httpx.Response:
        reply = await forward(request)
        if request.url.path.endswith("/purchase"):
            raise error("lost")
        return reply

    brand.network.accident = lose_reply
    with pytest.raises(EventInDoubt):
        await brand.gateway.order_placed(place_order())
    assert len(brand.purchases()) == 1
    assert not INTEGRATION.repeatable
    brand.answers("/purchase", 502, html="<h1>Bad gateway</h1>")
    with pytest.raises(EventInDoubt):
        await brand.gateway.order_placed(place_order())


async def test_unsent_purchase_is_repeated(brand: Brand, place_order: PlaceOrder) -> None:
    """A purchase that certainly was not taken may be repeated."""

    async def refuse(request: httpx.Request, forward: Forward) -> httpx.Response:
        if request.url.path.endswith("/purchase"):
            raise httpx.ConnectError("no route")
        return await forward(request)

    brand.network.accident = refuse
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(place_order())
    brand.answers("/purchase", 429, headers={"Retry-After": "3"})
    with pytest.raises(TryLater) as later:
        await brand.gateway.order_placed(place_order())
    assert later.value.seconds == 3


async def test_refused_subscription_keeps_the_purchase(brand: Brand, place_order: PlaceOrder) -> None:
    """A sign-up unit or a segment that is no more is reported, after everything else is done."""
    gateway = brand.open(AttentiveCredentials(api_key="another-key", sign_up_source_id="unknown"))
    with pytest.raises(ProviderRefused):
        await gateway.order_placed(place_order(consent=True, list_ids=("gone", "vip")))
    assert brand.user(ADA).segments == ("vip",)
    assert len(brand.purchases()) == 1


async def test_customer_needs_an_identifier(brand: Brand, place_order: PlaceOrder) -> None:
    """Nobody can be told of without an address or a number that is certain."""
    with pytest.raises(ProviderRefused, match="e-mail address"):
        await brand.gateway.order_placed(place_order(customer=Customer(phone="555 0132"), shipping_address=None))
    assert brand.network.sent == []


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [
        ("+44 (0)20 7183-8750", "GB", "+442071838750"),
        ("1 (914) 844-0001", "CA", "+19148440001"),
        ("020 7183 8750", "GB", None),
        ("+1---914---844---0001", None, "+19148440001"),
        (None, "US", None),
    ],
)
def test_phone_is_international_or_left_out(phone: str | None, country: str | None, expected: str | None) -> None:
    """A number is never guessed."""
    assert international(phone, country) == expected


def test_announcement() -> None:
    """The plugin says what is missing, and its credentials show no secret."""
    assert INTEGRATION.missing == "Attentive not configured. Please add your API Key."
    assert "TopSecret" not in repr(AttentiveCredentials(api_key="TopSecret"))
