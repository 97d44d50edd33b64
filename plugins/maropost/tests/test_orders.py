"""A paid order at Maropost: contact, order and subscription."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest

from paylinks_maropost import INTEGRATION, MaropostCredentials
from paylinks_ports import Customer, LineItem, ProviderRefused, ProviderUnavailable

from .conftest import NOW, Brand, Forward, PlaceOrder

ADA = "ada@example.com"


async def test_order_is_contact_and_order(brand: Brand, place_order: PlaceOrder) -> None:
    """A paid order writes the contact and one order, and without consent subscribes to nothing."""
    await brand.gateway.order_placed(place_order(list_ids=("1",)))
    contact = brand.contact(ADA)
    assert contact.fields == {"first_name": "Ada", "last_name": "Lovelace", "phone": "(415) 555-0132"}
    assert contact.lists == {}
    (order,) = brand.orders()
    assert (order.email, order.original_order_id, order.grand_total) == (ADA, "evt_1", "49.99")
    assert order.order_date == datetime.fromtimestamp(NOW / 1000 - 60, UTC)
    assert order.items == [{"item_id": "BLUE", "price": "24.99", "quantity": "2", "description": "Blue shirt"}]
    assert not any("/lists/" in request.url.path for request in brand.network.sent)


@pytest.mark.parametrize(("amount", "currency", "written"), [(500, "JPY", "500"), (1500, "KWD", "1.500")])
async def test_money_is_in_major_units(
    brand: Brand, place_order: PlaceOrder, amount: int, currency: str, written: str
) -> None:
    """Amounts are texts in major units, and an order without lines is one line."""
    await brand.gateway.order_placed(place_order(amount, currency, line_items=()))
    (order,) = brand.orders()
    assert order.grand_total == written
    assert [Decimal(item["price"]) for item in order.items] == [Decimal(written)]


async def test_same_event_again_is_one_order(brand: Brand, place_order: PlaceOrder) -> None:
    """A repeated call adds no second order, and neither does one whose reply was lost."""

    async def lose_reply(request: httpx.Request, forward: Forward) -> httpx.Response:
        reply = await forward(request)
        if request.url.path.endswith("/orders.json"):
            raise httpx.ReadTimeout("lost")
        return reply

    brand.network.accident = lose_reply
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(place_order(consent=True))
    assert len(brand.orders()) == 1
    brand.network.accident = None
    await brand.gateway.order_placed(place_order(consent=True))
    await brand.gateway.order_placed(place_order(consent=True))
    assert len(brand.orders()) == 1
    assert brand.subscribed(ADA) == [2]
    await brand.gateway.order_placed(place_order(event_id="evt/2.x"))
    await brand.gateway.order_placed(place_order(event_id="evt/2.x"))
    assert len(brand.orders()) == 2


async def test_refused_order_is_no_known_order(brand: Brand, place_order: PlaceOrder) -> None:
    """A refusal counts as done only where Maropost has this very order."""
    brand.answers("/orders.json", 422, json={"base": ["nonsense"]})
    with pytest.raises(ProviderRefused, match="refused the order"):
        await brand.gateway.order_placed(place_order())


async def test_consent_subscribes_to_chosen_lists(brand: Brand, place_order: PlaceOrder) -> None:
    """With consent the chosen lists are subscribed to, the default one where none is chosen."""
    await brand.gateway.order_placed(place_order(consent=True, list_ids=("1", "3", "1")))
    assert brand.subscribed(ADA) == [1, 3]
    bodies = [msgspec.json.decode(each.content) for each in brand.network.sent if each.content]
    contacts = [body["contact"] for body in bodies if "contact" in body]
    assert [each["remove_from_dnm"] for each in contacts] == [False] * 3
    grace = Customer(email="grace@example.com")
    await brand.gateway.order_placed(place_order(event_id="evt_2", consent=True, customer=grace))
    assert brand.subscribed("grace@example.com") == [2]
    plain = brand.open(MaropostCredentials(account_id="77", api_key="another-key"))
    lin = Customer(email="lin@example.com")
    await plain.order_placed(place_order(event_id="evt_3", consent=True, customer=lin))
    assert brand.subscribed("lin@example.com") == []


async def test_do_not_mail_holds(brand: Brand, place_order: PlaceOrder) -> None:
    """Who is on the do-not-mail list is neither taken off it nor subscribed, though Maropost would by default."""
    await brand.call("POST", "/global_unsubscribes.json", {"global_unsubscribe": {"email": ADA}})
    await brand.gateway.order_placed(place_order(consent=True))
    assert brand.contact(ADA).do_not_mail == NOW
    assert brand.subscribed(ADA) == []
    assert len(brand.orders()) == 1
    await brand.call("POST", "/contacts.json", {"contact": {"email": ADA}})
    assert brand.contact(ADA).do_not_mail is None


async def test_later_unsubscription_holds(brand: Brand, place_order: PlaceOrder) -> None:
    """An order that is told again after the customer has left the list does not bring them back; a new one does."""
    await brand.gateway.order_placed(place_order(consent=True))
    assert (await brand.call("PUT", f"/contacts/unsubscribe_all.json?contact[email]={ADA}")).status_code == 200
    await brand.gateway.order_placed(place_order(consent=True))
    assert brand.subscribed(ADA) == []
    await brand.gateway.order_placed(place_order(event_id="evt_2", consent=True, occurred_at=NOW + 60_000))
    assert brand.subscribed(ADA) == [2]


async def test_refused_list_keeps_the_others(brand: Brand, place_order: PlaceOrder) -> None:
    """A list that is none is reported, after the order and the other lists; its id leads to no other path."""
    with pytest.raises(ProviderRefused):
        await brand.gateway.order_placed(place_order(consent=True, list_ids=("99", "../contacts", "1")))
    assert brand.subscribed(ADA) == [1]
    assert len(brand.orders()) == 1
    assert sum(b"/lists/" in each.url.raw_path for each in brand.network.sent) == 3


async def test_long_texts_are_cut(brand: Brand, place_order: PlaceOrder) -> None:
    """Maropost takes 255 characters a text."""
    item = LineItem(name="é" * 500, quantity=1, unit_price=4999)
    await brand.gateway.order_placed(place_order(line_items=(item,)))
    assert brand.orders()[0].items[0]["description"] == "é" * 255


async def test_customer_needs_an_address(brand: Brand, place_order: PlaceOrder) -> None:
    """Maropost's key is the e-mail address; without one nothing is sent."""
    with pytest.raises(ProviderRefused, match="e-mail"):
        await brand.gateway.order_placed(place_order(customer=Customer(phone="+14155550132")))
    assert brand.network.sent == []


def test_announcement() -> None:
    """The plugin says what is missing, and its credentials show no secret."""
    assert INTEGRATION.missing == "Maropost not configured. Please add your Account ID and API Key."
    assert "TopSecret" not in repr(MaropostCredentials(account_id="1", api_key="TopSecret"))
