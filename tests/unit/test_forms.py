"""What a customer fills in: card numbers stay out of every field that is kept, however they are written."""

import pytest

from paylinks_web.pages.forms import filled_by

ADDRESS = {
    "shipping.line1": "1 Way",
    "shipping.city": "Bonn",
    "shipping.postalCode": "53111",
    "shipping.country": "DE",
}


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "firstName",
        "lastName",
        "phone",
        *(f"{part}.{name}" for part in ("shipping", "billing") for name in ("line1", "line2", "city", "state")),
    ],
)
@pytest.mark.parametrize("number", ["4111111111111111", "4242 4242 4242 4242 12/29 123", "\uff14\uff12" * 8])
def test_a_card_number_is_an_error_of_its_field(name: str, number: str) -> None:
    """It is told there, and the number is not even shown again."""
    filled = filled_by({"email": "ada@example.com", **ADDRESS, name: number})

    assert filled.errors[name].startswith("This looks like a card number.")
    assert filled.values[name] == ""
    assert filled.given.customer is None
    assert filled.given.shipping_address is None


def test_what_is_no_card_number_is_taken() -> None:
    """A long phone number, and digits in an address."""
    filled = filled_by({"email": "ada@example.com", "phone": "+49 30 1234 5678 90", **ADDRESS})

    assert not filled.errors
    assert filled.given.customer is not None
    assert filled.given.customer.phone == "+49 30 1234 5678 90"
