"""Claims: what is accepted, and that every nonsense is named by its field."""

import pytest

from paylinks_core.claims import check_address, check_customer, read_claims
from paylinks_core.errors import InvalidClaims, InvalidInput, RawCardRefused
from paylinks_ports.operations import BodyCustomer
from paylinks_ports.payments import Address, Customer

GOOD: dict[str, object] = {"orderId": "o-1", "amount": 4999, "currency": "USD", "productName": "Shirt"}
ADDRESS: dict[str, object] = {"line1": "1 Way", "city": "Bonn", "state": "", "postalCode": "53111", "country": "DE"}
ITEM: dict[str, object] = {"name": "Shirt", "quantity": 2, "unitPrice": 2000}


def test_reads_what_is_needed() -> None:
    """The four required claims suffice, and unknown ones are ignored."""
    claims = read_claims({**GOOD, "theme": "dark"})

    assert claims.order_id == "o-1"
    assert str(claims.money) == "49.99 USD"


def test_reads_address_aliases() -> None:
    """`address1` and `address2` are read as `line1` and `line2`."""
    address = {key: value for key, value in ADDRESS.items() if key != "line1"} | {"address1": "2 Way", "address2": "b"}

    read = read_claims({**GOOD, "shippingAddress": address}).shipping_address

    assert read is not None
    assert (read.line1, read.line2) == ("2 Way", "b")


def test_items_add_up() -> None:
    """Items, shipping and tax less discount are the amount."""
    cart = {**GOOD, "lineItems": [ITEM], "shipping": 500, "tax": 600, "discount": 101}

    assert read_claims({**cart, "amount": 4999}).amount == 4999
    with pytest.raises(InvalidClaims) as refusal:
        read_claims({**cart, "amount": 5000})
    assert "amount: is 5000, but" in str(refusal.value.details)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"orderId": ""}, "orderId"),
        ({"orderId": None}, "orderId"),
        ({"amount": 0}, "amount"),
        ({"amount": 49.99}, "amount"),
        ({"amount": "4999"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 10**13}, "amount"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "ZZZ"}, "currency"),
        ({"productName": None}, "productName"),
        ({"customer": {"email": "nobody"}}, "customer.email"),
        ({"customer": "ada"}, "customer"),
        ({"shippingAddress": {**ADDRESS, "country": "ZZ"}}, "shippingAddress.country"),
        ({"shippingAddress": {**ADDRESS, "country": "Germany"}}, "shippingAddress.country"),
        ({"lineItems": [{**ITEM, "quantity": 0}]}, "lineItems[0].quantity"),
        ({"lineItems": [{**ITEM, "unitPrice": -1}]}, "lineItems[0].unitPrice"),
        ({"successUrl": "javascript:alert(1)"}, "successUrl"),
        ({"successUrl": "https://"}, "successUrl"),
        ({"webhookUrl": "ftp://example.com/x"}, "webhookUrl"),
        ({"productImage": "/local.png"}, "productImage"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"metadata": {"a": "x" * 501}}, "metadata.a"),
        ({"metadata": {f"k{n}": "" for n in range(51)}}, "metadata"),
        ({"providers": "stripe"}, "providers"),
        ({"orderId": "o\0"}, "orderId"),
        ({"productName": "\ud800"}, "productName"),
        ({"metadata": {"a": "\udfff"}}, "metadata.a"),
        ({"metadata": {"\ud800": "a"}}, "metadata"),
        ({"unknown": ["\0"]}, "unknown[0]"),
    ],
)
def test_names_what_is_wrong(changed: dict[str, object], named: str) -> None:
    """Each wrong claim is refused by its path."""
    with pytest.raises(InvalidClaims) as refusal:
        read_claims({**GOOD, **changed})

    assert refusal.value.details is not None
    assert refusal.value.details.startswith(named) or f"`{named}`" in refusal.value.details


@pytest.mark.parametrize(
    "changed",
    [
        {"metadata": {"note": "4242 4242 4242 4242"}},
        {"customer": {"firstName": "4000056655665556"}},
        {"lineItems": [{**ITEM, "name": "4242424242424242"}]},
        {"unknown": {"cardNumber": "1"}},
    ],
)
def test_no_claim_holds_a_card(changed: dict[str, object]) -> None:
    """Claims are kept and shown; whoever reads one is not told the number again."""
    with pytest.raises(RawCardRefused) as refusal:
        read_claims({**GOOD, **changed})

    assert "4242" not in str(refusal.value.details)


def test_ids_of_the_token_itself_may_look_like_anything() -> None:
    """They are neither kept nor shown."""
    assert read_claims({**GOOD, "jti": "4242424242424242", "sub": "4000056655665556"}).order_id == "o-1"


@pytest.mark.parametrize(
    ("customer", "named"),
    [
        (Customer(email=f"{'a' * 250}@example.com"), "customer.email"),
        (Customer(first_name="a" * 101), "customer.firstName"),
        (Customer(phone="1" * 41), "customer.phone"),
        (BodyCustomer(name=f"{'a' * 101} b").read(), "customer.firstName"),
        (BodyCustomer(name=f"a {'b' * 101}").read(), "customer.lastName"),
    ],
)
def test_checks_a_customer_that_was_put_together(customer: Customer, named: str) -> None:
    """A constructor checks nothing, so the lengths are checked where the customer comes in."""
    with pytest.raises(InvalidInput) as refusal:
        check_customer(customer, "customer")

    assert str(refusal.value.details).startswith(f"{named}: ")


def test_checks_an_address_that_was_put_together() -> None:
    """The same holds for an address."""
    address = Address(line1="1 Way", city="a" * 501, state="", postal_code="53111", country="DE")

    with pytest.raises(InvalidInput) as refusal:
        check_address(address, "billingAddress")

    assert str(refusal.value.details).startswith("billingAddress.city: ")
