"""A paid order at Attentive: user, subscription, segments and purchase."""

import httpx
import msgspec
import pytest

from paylinks_attentive import INTEGRATION, AttentiveCredentials
from paylinks_ports import Address, Customer, EventInDoubt, ProviderRefused, ProviderUnavailable, TryLater
from paylinks_ports.testing import make_order_placed

from .conftest import Brand

ADA = "ada@example.com"


async def test_order_is_user_and_purchase(brand: Brand) -> None:
    """A paid order writes the user and one purchase, and without consent subscribes to nothing."""
    await brand.gateway.order_placed(make_order_placed(list_ids=("vip",)))
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
async def test_money_is_in_major_units(brand: Brand, amount: int, currency: str, written: str) -> None:
    """Prices are numbers in major units, exactly, and an order without lines is one item."""
    await brand.gateway.order_placed(make_order_placed(amount, currency, line_items=()))
    assert f'"price":[{{"value":{written},"currency":"{currency}"}}]'.encode() in brand.network.sent[-1].content


async def test_consent_subscribes_by_email(brand: Brand) -> None:
    """With consent the address is subscribed by the sign-up unit, the chosen segments get a member, no phone a text."""
    await brand.gateway.order_placed(make_order_placed(consent=True, list_ids=("vip", "customers", "vip")))
    user = brand.user(ADA)
    assert (user.subscriptions, user.segments) == (("MARKETING/EMAIL",), ("vip", "customers"))
    sent = [each for each in brand.network.sent if each.method == "POST" and each.url.path == "/v1/subscriptions"]
    assert [msgspec.json.decode(each.content) for each in sent] == [
        {"user": {"email": ADA}, "signUpSourceId": "unit-1"}
    ]

    await brand.gateway.order_placed(make_order_placed(event_id="evt_2", consent=True))
    assert brand.user(ADA).told == 0  # who is subscribed is not asked for again
    plain = brand.open(AttentiveCredentials(api_key="another-key"))
    lin = Customer(email="lin@example.com")
    await plain.order_placed(make_order_placed(event_id="evt_3", consent=True, customer=lin))
    assert brand.user("lin@example.com").subscriptions == ()
    by_phone = Customer(phone="+442071838750")
    await brand.gateway.order_placed(make_order_placed(event_id="evt_4", consent=True, customer=by_phone))
    assert brand.user("+442071838750").subscriptions == ()


async def test_unknown_subscriptions_are_none(brand: Brand) -> None:
    """An address that Attentive says is not there is subscribed as one without subscriptions."""
    brand.answers(lambda request: request.method == "GET", 404, json={"error": {"id": 1, "message": "not found"}})
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert brand.user(ADA).subscriptions == ("MARKETING/EMAIL",)
    assert len(brand.purchases()) == 1


@pytest.mark.parametrize("path", ["/v2/user/attributes", "/v1/subscriptions", "/v2/bulk/segments/members"])
async def test_repeated_until_the_purchase(brand: Brand, path: str) -> None:
    """Whatever fails before the purchase may be repeated: the purchase has not been sent."""
    order = make_order_placed(consent=True, list_ids=("vip",))
    brand.loses(lambda request: request.url.path == path and request.method == "POST")
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(order)
    assert brand.purchases() == []
    brand.network.accident = None
    await brand.gateway.order_placed(order)
    assert len(brand.purchases()) == 1
    assert brand.user(ADA).told == 0


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteError, httpx.RemoteProtocolError])
async def test_lost_purchase_is_in_doubt(brand: Brand, error: type[httpx.TransportError]) -> None:
    """A purchase whose answer was lost may count: it is never repeated, for Attentive might count it twice."""
    brand.loses("/purchase", error)
    with pytest.raises(EventInDoubt):
        await brand.gateway.order_placed(make_order_placed())
    assert len(brand.purchases()) == 1
    assert not INTEGRATION.repeatable
    brand.answers("/purchase", 502, html="<h1>Bad gateway</h1>")
    with pytest.raises(EventInDoubt):
        await brand.gateway.order_placed(make_order_placed())


async def test_unsent_purchase_is_repeated(brand: Brand) -> None:
    """A purchase that certainly was not taken may be repeated."""
    brand.loses("/purchase", httpx.ConnectError, after=False)
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(make_order_placed())
    brand.answers("/purchase", 429, headers={"Retry-After": "3"})
    with pytest.raises(TryLater) as later:
        await brand.gateway.order_placed(make_order_placed())
    assert later.value.seconds == 3


async def test_refused_subscription_keeps_the_purchase(brand: Brand) -> None:
    """A sign-up unit or a segment that is no more is reported, after everything else is done."""
    gateway = brand.open(AttentiveCredentials(api_key="another-key", sign_up_source_id="unknown"))
    with pytest.raises(ProviderRefused):
        await gateway.order_placed(make_order_placed(consent=True, list_ids=("gone", "vip")))
    assert brand.user(ADA).segments == ("vip",)
    assert len(brand.purchases()) == 1


async def test_refused_question_keeps_the_purchase(brand: Brand) -> None:
    """Where Attentive does not say whether the address is subscribed, nobody is, and the rest is done."""
    brand.answers("/v1/subscriptions", 400, json={"message": "no"})
    with pytest.raises(ProviderRefused):
        await brand.gateway.order_placed(make_order_placed(consent=True, list_ids=("vip",)))
    assert [request.method for request in brand.network.sent if request.url.path == "/v1/subscriptions"] == ["GET"]
    assert brand.user(ADA).segments == ("vip",)
    assert len(brand.purchases()) == 1


async def test_customer_needs_an_identifier(brand: Brand) -> None:
    """Nobody can be told of without an address or a number that is certain."""
    with pytest.raises(ProviderRefused, match="e-mail address"):
        await brand.gateway.order_placed(make_order_placed(customer=Customer(phone="555 0132"), shipping_address=None))
    assert brand.network.sent == []


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [
        ("020 7183 8750", "GB", "+442071838750"),
        ("1 (914) 844-0001", "CA", "+19148440001"),
        ("020 7183 8750", "US", None),
        ("+49112", "DE", None),  # may be dialled, and is no E.164
        ("+49" + "3" * 14, "DE", None),
        (None, "US", None),
    ],
)
async def test_phone_is_international_or_left_out(
    brand: Brand, phone: str | None, country: str, expected: str | None
) -> None:
    """A national number is read by the address's country; one that would be a guess is left out."""
    address = Address(line1="1 Road", city="London", state="", postal_code="N1", country=country)
    ada = Customer(email=ADA, phone=phone)
    await brand.gateway.order_placed(make_order_placed(customer=ada, shipping_address=address))
    assert brand.purchases()[0]["user"].get("phone") == expected


def test_announcement() -> None:
    """The plugin says what is missing, and its credentials show no secret."""
    assert INTEGRATION.missing == "Attentive not configured. Please add your API Key."
    assert "TopSecret" not in repr(AttentiveCredentials(api_key="TopSecret"))
