"""A paid order at Maropost: contact, order and subscription."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from paylinks_maropost import INTEGRATION, MaropostCredentials
from paylinks_ports import Customer, LineItem, ProviderRefused, ProviderUnavailable
from paylinks_ports.testing import make_order_placed

from .conftest import Brand

ADA = "ada@example.com"


async def test_order_is_contact_and_order(brand: Brand) -> None:
    """A paid order writes the contact and one order, and without consent subscribes to nothing."""
    await brand.gateway.order_placed(make_order_placed(list_ids=("1",)))
    contact = brand.contact(ADA)
    assert contact.fields == {"first_name": "Ada", "last_name": "Lovelace", "phone": "(415) 555-0132"}
    assert contact.lists == {}
    (order,) = brand.orders()
    assert (order.email, order.original_order_id, order.grand_total) == (ADA, "evt_1", "49.99")
    assert order.order_date == datetime.fromtimestamp(brand.now / 1000 - 60, UTC)
    assert order.items == [{"item_id": "BLUE", "price": "24.99", "quantity": "2", "description": "Blue shirt"}]
    assert not any("/lists/" in request.url.path for request in brand.network.sent)


@pytest.mark.parametrize(("amount", "currency", "written"), [(500, "JPY", "500"), (1500, "KWD", "1.500")])
async def test_money_is_in_major_units(brand: Brand, amount: int, currency: str, written: str) -> None:
    """Amounts are texts in major units, and an order without lines is one line."""
    await brand.gateway.order_placed(make_order_placed(amount, currency, line_items=()))
    (order,) = brand.orders()
    assert order.grand_total == written
    assert [Decimal(item["price"]) for item in order.items] == [Decimal(written)]


async def test_same_event_again_is_one_order(brand: Brand) -> None:
    """A repeated call adds no second order, and neither does one whose reply was lost."""
    brand.loses("/orders.json")
    with pytest.raises(ProviderUnavailable):
        await brand.gateway.order_placed(make_order_placed(consent=True))
    assert len(brand.orders()) == 1
    brand.network.accident = None
    await brand.gateway.order_placed(make_order_placed(consent=True))
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert len(brand.orders()) == 1
    assert brand.subscribed(ADA) == [2]
    await brand.gateway.order_placed(make_order_placed(event_id="evt/2.x"))
    await brand.gateway.order_placed(make_order_placed(event_id="evt/2.x"))
    assert len(brand.orders()) == 2


async def test_refused_order_is_no_known_order(brand: Brand) -> None:
    """A refusal counts as done only where Maropost has this very order."""
    brand.answers("/orders.json", 422, json={"base": ["nonsense"]})
    with pytest.raises(ProviderRefused, match="refused the call") as refused:
        await brand.gateway.order_placed(make_order_placed())
    assert refused.value.details == "HTTP 422"
    assert brand.network.sent[-1].url.path.endswith("/orders/evt_1.json")


async def test_consent_subscribes_to_chosen_lists(brand: Brand) -> None:
    """With consent the chosen lists are subscribed to, the default one where none is chosen."""
    await brand.gateway.order_placed(make_order_placed(consent=True, list_ids=("1", "3", "1")))
    assert brand.subscribed(ADA) == [1, 3]
    bodies = [msgspec.json.decode(each.content) for each in brand.network.sent if each.content]
    contacts = [body["contact"] for body in bodies if "contact" in body]
    assert [each["remove_from_dnm"] for each in contacts] == [False] * 3
    grace = Customer(email="grace@example.com")
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2", consent=True, customer=grace))
    assert brand.subscribed("grace@example.com") == [2]
    plain = brand.open(MaropostCredentials(account_id="77", api_key="another-key"))
    lin = Customer(email="lin@example.com")
    await plain.order_placed(make_order_placed(event_id="evt_3", consent=True, customer=lin))
    assert brand.subscribed("lin@example.com") == []


async def test_do_not_mail_holds(brand: Brand) -> None:
    """Who is on the do-not-mail list is neither taken off it nor subscribed, though Maropost would by default."""
    await brand.call("POST", "/global_unsubscribes.json", {"global_unsubscribe": {"email": ADA}})
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert brand.contact(ADA).do_not_mail == brand.now
    assert brand.subscribed(ADA) == []
    assert len(brand.orders()) == 1
    await brand.call("POST", "/contacts.json", {"contact": {"email": ADA}})
    assert brand.contact(ADA).do_not_mail is None


async def test_later_unsubscription_holds(brand: Brand) -> None:
    """An order that is told again after the customer has left the list does not bring them back; a new one does."""
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert (await brand.call("PUT", f"/contacts/unsubscribe_all.json?contact[email]={ADA}")).status_code == 200
    await brand.gateway.order_placed(make_order_placed(consent=True))
    assert brand.subscribed(ADA) == []
    await brand.gateway.order_placed(make_order_placed(event_id="evt_2", consent=True, occurred_at=brand.now + 60_000))
    assert brand.subscribed(ADA) == [2]


async def test_refused_list_keeps_the_others(brand: Brand) -> None:
    """A list that is none is reported, after the order and the other lists; its id leads to no other path."""
    with pytest.raises(ProviderRefused):
        await brand.gateway.order_placed(make_order_placed(consent=True, list_ids=("99", "../contacts", "1")))
    assert brand.subscribed(ADA) == [1]
    assert len(brand.orders()) == 1
    assert sum(b"/lists/" in each.url.raw_path for each in brand.network.sent) == 3


async def test_long_texts_are_cut(brand: Brand) -> None:
    """Maropost takes 255 characters a text."""
    item = LineItem(name="é" * 500, quantity=1, unit_price=4999)
    await brand.gateway.order_placed(make_order_placed(line_items=(item,)))
    assert brand.orders()[0].items[0]["description"] == "é" * 255


async def test_customer_needs_an_address(brand: Brand) -> None:
    """Maropost's key is the e-mail address; without one nothing is sent."""
    with pytest.raises(ProviderRefused, match="e-mail"):
        await brand.gateway.order_placed(make_order_placed(customer=Customer(phone="+14155550132")))
    assert brand.network.sent == []


def test_announcement() -> None:
    """The plugin says what is missing, and its credentials show no secret."""
    assert INTEGRATION.missing == "Maropost not configured. Please add your Account ID and API Key."
    assert "TopSecret" not in repr(MaropostCredentials(account_id="1", api_key="TopSecret"))
