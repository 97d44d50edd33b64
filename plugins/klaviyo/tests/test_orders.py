"""A paid order at Klaviyo: profile, event and subscription."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from paylinks_klaviyo import INTEGRATION, KlaviyoCredentials
from paylinks_klaviyo.answers import EmailMarketing
from paylinks_ports import Address, Customer, ProviderRefused, ProviderUnavailable
from paylinks_ports.testing import make_order_placed

from .conftest import Brand


async def test_order_is_profile_and_event(brand: Brand) -> None:
    """A paid order writes the profile and one event, and without consent subscribes to nothing."""
    await brand.gateway.order_placed(make_order_placed(list_ids=("Wsletr",)))
    profile = brand.profile("ada@example.com")
    assert profile.attributes["phone_number"] == "+14155550132"
    assert profile.attributes["location"] == {
        "address1": "1 Road",
        "city": "San Francisco",
        "region": "CA",
        "country": "US",
        "zip": "94103",
    }
    (event,) = brand.events()
    assert (event.profile_id, event.metric) == (profile.id, "Placed Order")
    assert event.attributes["unique_id"] == "evt_1"
    assert (event.attributes["value"], event.attributes["value_currency"]) == (49.99, "USD")
    assert event.attributes["time"] == "2027-01-15T07:59:00+00:00"
    properties = event.attributes["properties"]
    assert isinstance(properties, dict)
    assert properties["OrderId"] == "order-1"
    assert properties["Items"] == [
        {
            "ProductID": "p-1",
            "SKU": "BLUE",
            "ProductName": "Blue shirt",
            "Quantity": 2,
            "ItemPrice": 24.99,
            "RowTotal": 49.98,
        }
    ]
    assert (profile.consent, profile.lists) == ("NEVER_SUBSCRIBED", ())
    assert not any("subscription" in request.url.path for request in brand.network.sent)
    assert {request.headers["revision"] for request in brand.network.sent} == {"2026-10-15"}


@pytest.mark.parametrize(
    ("amount", "currency", "written"), [(500, "JPY", "500"), (1500, "KWD", "1.500"), (10, "USD", "0.10")]
)
async def test_money_is_in_major_units(brand: Brand, amount: int, currency: str, written: str) -> None:
    """Amounts are numbers in major units, exactly, whatever the currency's digits."""
    await brand.gateway.order_placed(make_order_placed(amount, currency))
    assert f'"value":{written},"value_currency":"{currency}"'.encode() in brand.network.sent[-1].content


async def test_same_event_again_is_one_event(brand: Brand) -> None:
    """A repeated call adds no second event, and neither does one whose reply was lost."""
    brand.loses("/api/events")
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(make_order_placed(consent=True))
    brand.network.accident = None
    await brand.gateway.order_placed(make_order_placed(consent=True))
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert len(brand.events()) == 1
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2"))
    assert len(brand.events()) == 2


async def test_consent_subscribes_to_chosen_lists(brand: Brand) -> None:
    """With consent the chosen lists are subscribed to, the default one where none is chosen, and never by text."""
    await brand.gateway.order_placed(make_order_placed(consent=True, list_ids=("Wsletr", "DblOpt", "Wsletr")))
    profile = brand.profile("ada@example.com")
    assert (profile.consent, profile.lists) == ("SUBSCRIBED", ("Wsletr",))
    assert profile.unconfirmed == ("DblOpt",)  # the customer's answer decides
    sent = [request.content for request in brand.network.sent if "subscription" in request.url.path]
    assert len(sent) == 2
    assert not any(word in body for body in sent for word in (b"sms", b"consented_at", b"historical"))

    grace = Customer(email="grace@example.com")
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2", consent=True, customer=grace))
    assert brand.profile("grace@example.com").lists == ("Cstmrs",)
    plain = brand.open(KlaviyoCredentials(private_api_key="pk_other"))
    lin = Customer(email="lin@example.com")
    await plain.order_placed(make_order_placed(event_id="evt_3", consent=True, customer=lin))
    assert brand.profile("lin@example.com").consent == "NEVER_SUBSCRIBED"


async def test_later_unsubscription_holds(brand: Brand) -> None:
    """An order that is told again after the customer has unsubscribed does not subscribe them again; a new one does."""
    await brand.gateway.order_placed(make_order_placed(consent=True))
    await brand.unsubscribe("ada@example.com")
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert brand.profile("ada@example.com").consent == "UNSUBSCRIBED"
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2", consent=True, occurred_at=brand.now + 60_000))
    assert brand.profile("ada@example.com").consent == "SUBSCRIBED"


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, False),
        ({"consent": "UNSUBSCRIBED", "last_updated": "2026-11-25T09:59:59+00:00"}, False),
        ({"consent": "UNSUBSCRIBED", "last_updated": "2026-11-25T12:00:01+02:00"}, True),
        ({"consent": "UNSUBSCRIBED", "consent_timestamp": "2026-11-25T10:00:00.000001"}, True),
        ({"consent": "UNSUBSCRIBED"}, True),
        ({"consent": "UNSUBSCRIBED", "last_updated": "yesterday"}, True),
        ({"suppression": [{"reason": "SPAM_COMPLAINT", "timestamp": "2026-11-25T10:01:00Z"}]}, True),
        ({"suppression": [{"reason": "SPAM_COMPLAINT", "timestamp": "2026-11-25T09:01:00Z"}]}, False),
        ({"suppression": [{"reason": "HARD_BOUNCE", "timestamp": "2026-11-25T10:01:00Z"}]}, False),
        ({"list_suppressions": [{"list_id": "A", "reason": "UNSUBSCRIBE", "timestamp": "2026-11-25T10:01:00Z"}]}, True),
        (
            {"list_suppressions": [{"list_id": "B", "reason": "UNSUBSCRIBE", "timestamp": "2026-11-25T10:01:00Z"}]},
            False,
        ),
    ],
)
def test_withdrawal_after_consent(said: dict[str, object], *, refused: bool) -> None:
    """A customer's own wish counts if it is later than the consent, for the list it is about, and in doubt."""
    agreed_at = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp() * 1000)
    marketing = msgspec.convert({"consent": "SUBSCRIBED"} | said, EmailMarketing)
    assert marketing.refused_since(agreed_at, "A") is refused


async def test_same_event_at_once(brand: Brand) -> None:
    """Two processes that tell of one new customer's order at once make one profile and one event."""
    await asyncio.gather(*(brand.gateway.order_placed(make_order_placed(consent=True)) for _ in range(5)))
    assert len(brand.events()) == 1
    assert sum(key.startswith("profile/") for key in brand.store.entries) == 1


async def test_refused_list_keeps_the_others(brand: Brand) -> None:
    """A list that is no more is reported, after the event and the other lists."""
    with pytest.raises(ProviderRefused, match="refused") as refused:
        await brand.gateway.order_placed(make_order_placed(consent=True, list_ids=("Gone12", "Wsletr")))
    assert refused.value.details == "HTTP 404, not_found at /data/relationships/list/data/id"
    assert brand.profile("ada@example.com").lists == ("Wsletr",)
    assert len(brand.events()) == 1


async def test_phone_of_another_profile_costs_no_order(brand: Brand) -> None:
    """An address and a number of two profiles are a conflict; the address names the customer."""
    by_phone = Customer(phone="+14155550132", first_name="Grace")
    await brand.gateway.order_placed(make_order_placed(event_id="evt_0", customer=by_phone))
    ada = Customer(email="ada@example.com")
    await brand.gateway.order_placed(make_order_placed(event_id="evt_1", customer=ada))
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2"))
    assert "phone_number" not in brand.profile("ada@example.com").attributes
    assert len(brand.events()) == 3
    with pytest.raises(ProviderRefused, match="e-mail address"):
        await brand.gateway.order_placed(make_order_placed(customer=Customer(phone="555 0132"), shipping_address=None))


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [("020 7183 8750", "GB", "+442071838750"), ("0044 20 7183 8750", "US", "+442071838750"), ("555-0132", "US", None)],
)
async def test_phone_is_international_or_left_out(brand: Brand, phone: str, country: str, expected: str | None) -> None:
    """A national number is read by the address's country; one that would be a guess is left out."""
    address = Address(line1="1 Road", city="London", state="", postal_code="N1", country=country)
    ada = Customer(email="ada@example.com", phone=phone)
    await brand.gateway.order_placed(make_order_placed(customer=ada, shipping_address=address))
    assert brand.profile("ada@example.com").attributes.get("phone_number") == expected
    assert len(brand.network.sent) == 2


async def test_phone_that_is_refused_costs_no_order(brand: Brand) -> None:
    """A number that Klaviyo calls none is left out; without an address there is nobody to tell of."""
    fault = {"errors": [{"code": "invalid", "source": {"pointer": "/data/attributes/phone_number"}}]}
    brand.answers(lambda request: b"+442071838750" in request.content, 400, json=fault)
    ada = Customer(email="ada@example.com", phone="+44 20 7183 8750")
    await brand.gateway.order_placed(make_order_placed(customer=ada))
    assert "phone_number" not in brand.profile("ada@example.com").attributes
    assert len(brand.events()) == 1
    with pytest.raises(ProviderRefused):
        await brand.gateway.order_placed(make_order_placed(event_id="evt_2", customer=Customer(phone=ada.phone)))
    assert len(brand.events()) == 1


async def test_unknown_stays_as_it_is(brand: Brand) -> None:
    """Neither a null nor an empty text is sent: each would clear what Klaviyo knows."""
    nameless = Customer(email="ada@example.com", first_name="", phone="")
    await brand.gateway.order_placed(make_order_placed(customer=Customer(email="ada@example.com", first_name="Ada")))
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2", customer=nameless))
    assert brand.profile("ada@example.com").attributes["first_name"] == "Ada"


def test_announcement() -> None:
    """The plugin says what is missing, and its credentials show no secret."""
    assert INTEGRATION.missing == "Klaviyo not configured. Please add your Private API Key."
    assert INTEGRATION.repeatable
    assert "TopSecret" not in repr(KlaviyoCredentials(private_api_key="pk_TopSecret"))
