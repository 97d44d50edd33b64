"""What a customer fills in on a checkout page: contact and addresses, and an error for each field that is wrong."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from paylinks_core.checkouts import Given
from paylinks_core.claims import check_address, is_email
from paylinks_core.errors import InvalidInput
from paylinks_ports.card_data import contains_card
from paylinks_ports.payments import Address, Customer
from paylinks_ports.records.checkouts import Claims

__all__ = ["Filled", "filled_by", "filled_from"]

_CONTACT = ("email", "firstName", "lastName", "phone")
_ADDRESS = ("line1", "line2", "city", "state", "postalCode", "country")
_NAMES = (*_CONTACT, *(f"{prefix}{name}" for prefix in ("shipping.", "billing.") for name in _ADDRESS))
_NEEDED = {
    "line1": "Enter the street and number.",
    "city": "Enter the town or city.",
    "postalCode": "Enter the postal code.",
    "country": "Choose the country.",
}
_NO_EMAIL = "Enter your e-mail address."
_NOT_AN_EMAIL = "Enter an e-mail address like name@example.com."
_TOO_LONG = "This is too long."
_A_CARD = "This looks like a card number. Please enter no card here."


class Filled(Struct, frozen=True, kw_only=True):
    """A form as it is filled in.

    Args:
        values: the text of each field, by its name in the form.
        errors: what is wrong, by field, in the order of the form.
        given: what can be used of it; only without errors.

    """

    values: Mapping[str, str]
    errors: Mapping[str, str] = msgspec.field(default_factory=dict)
    given: Given = Given()

    def opens(self, prefix: str) -> bool:
        """Say whether the fields of a prefix have something to be seen: a text, or an error."""
        filled = (name for name, text in self.values.items() if text and not name.endswith(".country"))
        return any(name.startswith(prefix) for name in (*filled, *self.errors))


def filled_from(claims: Claims) -> Filled:
    """Fill the form with what the token and earlier visits say."""
    values: dict[str, str] = {}
    for prefix, part in (
        ("", claims.customer),
        ("shipping.", claims.shipping_address),
        ("billing.", None if claims.billing_address == claims.shipping_address else claims.billing_address),
    ):
        fields: Mapping[str, str] = msgspec.to_builtins(part) if part else {}
        values |= {f"{prefix}{name}": text for name, text in fields.items()}
    return Filled(values=values)


def filled_by(form: Mapping[str, object]) -> Filled:
    """Read a form that was sent; a field that it does not have is not asked for."""
    values = {name: text.strip() for name, text in form.items() if isinstance(text, str)}
    errors = {name: _A_CARD for name in _NAMES if contains_card(values.get(name))}
    values |= dict.fromkeys(errors, "")  # it is not even shown again
    customer = _customer(values, errors)
    shipping = _address(values, "shipping.", errors)
    billing = _address(values, "billing.", errors)
    if errors:
        return Filled(values=values, errors=errors)
    given = Given(customer=customer, shipping_address=shipping, billing_address=billing or shipping)
    return Filled(values=values, given=given)


def _customer(values: Mapping[str, str], errors: dict[str, str]) -> Customer | None:
    given = {name: values[name] for name in _CONTACT if values.get(name)}
    if "email" in values and not is_email(values["email"]):
        errors.setdefault("email", _NOT_AN_EMAIL if values["email"] else _NO_EMAIL)
    fields: dict[str, str] = {}
    for name, text in given.items():
        try:
            msgspec.convert({name: text}, Customer)
        except msgspec.ValidationError:
            errors.setdefault(name, _TOO_LONG)
        else:
            fields[name] = text
    return msgspec.convert(fields, Customer) if fields else None


def _address(values: Mapping[str, str], prefix: str, errors: dict[str, str]) -> Address | None:
    given = {name: values.get(prefix + name, "") for name in _ADDRESS}
    if not any(text for name, text in given.items() if name != "country"):
        return None
    missing = {prefix + name: message for name, message in _NEEDED.items() if not given[name]}
    if missing:
        errors |= missing | errors
        return None
    try:
        address = msgspec.convert({name: text for name, text in given.items() if text or name == "state"}, Address)
        check_address(address, "country")
    except (InvalidInput, msgspec.ValidationError) as error:
        name = next((name for name in _ADDRESS if name in str(error)), "country")
        errors[prefix + name] = _NEEDED["country"] if name == "country" else _TOO_LONG
        return None
    return address
