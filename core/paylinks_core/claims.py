"""Validation of what is claimed of an order, in a checkout token or by the merchant's server."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from paylinks_ports.card_data import contains_card
from paylinks_ports.errors import UnknownCurrency
from paylinks_ports.money import exponent
from paylinks_ports.payments import Address, Customer
from paylinks_ports.records.checkouts import Claims

from .errors import InvalidClaims, InvalidInput, RawCardRefused
from .texts import UNFIT, find_unfit

__all__ = [
    "check_address",
    "check_customer",
    "check_metadata",
    "check_texts",
    "check_url",
    "field_message",
    "is_email",
    "read_aliases",
    "read_claims",
]

_CARD = "Send no card number: what a claim says is kept and shown"
# What RFC 7519 has for tokens themselves is the issuer's: ids, which may look like anything.
_REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
_METADATA_KEYS = 50
_METADATA_KEY_LENGTH = 128
_METADATA_VALUE_LENGTH = 500


def read_claims(raw: Mapping[str, object]) -> Claims:
    """Decode and check claims.

    Args:
        raw: decoded JSON; unknown claims are ignored.

    Raises:
        InvalidClaims: `details` names the claim, such as ``lineItems[0].quantity``.
        RawCardRefused: a card number stands in one.

    """
    check_texts(raw)
    if contains_card({name: value for name, value in raw.items() if name not in _REGISTERED}):
        raise RawCardRefused(_CARD)
    known = {key: value for key, value in read_aliases(raw).items() if value is not None}
    try:
        claims = msgspec.convert(known, Claims)
    except msgspec.ValidationError as error:
        raise InvalidClaims(field_message(error)) from error
    try:
        _check(claims)
    except InvalidInput as error:
        raise InvalidClaims(error.details) from error
    return claims


def check_texts(raw: Mapping[str, object]) -> None:
    """Refuse claims with a text that can't be kept.

    Raises:
        InvalidClaims: naming the claim.

    """
    if (name := find_unfit(dict(raw), "claims")) is not None:
        raise InvalidClaims(f"{name}: {UNFIT}")


def field_message(error: msgspec.ValidationError) -> str:
    """Put msgspec's ``message - at `$.path``` the other way round: ``path: message``."""
    message, _, path = str(error).partition(" - at `$")
    name = path.rstrip("`").removeprefix(".")
    return f"{name}: {message}" if name else message


def read_aliases(raw: Mapping[str, object]) -> dict[str, object]:
    """Put an address's `address1` and `address2` under the names that count, `line1` and `line2`."""
    known = dict(raw)
    for field in ("shippingAddress", "billingAddress"):
        if isinstance(address := known.get(field), dict) and not address.keys().isdisjoint(("address1", "address2")):
            names = {"address1": "line1", "address2": "line2"}
            known[field] = {names.get(key, key): value for key, value in address.items()} | {
                key: value for key, value in address.items() if key in ("line1", "line2")
            }
    return known


def _check(claims: Claims) -> None:
    _check_money(claims)
    check_customer(claims.customer, "customer")
    for name, address in (("shippingAddress", claims.shipping_address), ("billingAddress", claims.billing_address)):
        if address is not None:
            check_address(address, name)
    urls = {
        "productImage": claims.product_image,
        "successUrl": claims.success_url,
        "cancelUrl": claims.cancel_url,
        "webhookUrl": claims.webhook_url,
    } | {f"lineItems[{index}].image": item.image for index, item in enumerate(claims.line_items)}
    for name, url in urls.items():
        if url is not None:
            check_url(url, name)
    check_metadata(claims.metadata)


def _check_money(claims: Claims) -> None:
    try:
        exponent(claims.currency)
    except UnknownCurrency as error:
        raise InvalidInput(f"currency: {error.details}") from error
    if claims.line_items:
        total = sum(item.quantity * item.unit_price for item in claims.line_items)
        total += claims.shipping + claims.tax - claims.discount
        if total != claims.amount:
            message = f"amount: is {claims.amount}, but lineItems, shipping and tax less discount come to {total}"
            raise InvalidInput(message)
    elif not claims.product_name:
        raise InvalidInput("productName: is required unless lineItems is given")


def _check_limits(given: Struct, path: str) -> None:
    """Hold a Struct against its own type: one that was put together by its constructor has been checked by nobody."""
    try:
        msgspec.convert(msgspec.to_builtins(given), type(given))
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{path}.{field_message(error)}") from error


def check_customer(customer: Customer, path: str) -> None:
    """Check the length of each field, and the e-mail address.

    Raises:
        InvalidInput: naming the field under `path`.

    """
    _check_limits(customer, path)
    if customer.email is not None and not is_email(customer.email):
        raise InvalidInput(f"{path}.email: is not an e-mail address")


def check_address(address: Address, path: str) -> None:
    """Check the length of each field, and the country.

    Raises:
        InvalidInput: naming the field under `path`.

    """
    _check_limits(address, path)
    if not _is_country(address.country):
        raise InvalidInput(f"{path}.country: is not an ISO 3166 alpha-2 code")


def check_url(url: str, path: str) -> None:
    """Check a URL that is shown or followed.

    Raises:
        InvalidInput: naming the field `path`.

    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        valid = False
    if not valid:
        raise InvalidInput(f"{path}: is not an http or https URL")


def check_metadata(metadata: Mapping[str, str]) -> None:
    """Check how much there is of it.

    Raises:
        InvalidInput: naming the key.

    """
    if len(metadata) > _METADATA_KEYS:
        raise InvalidInput(f"metadata: has more than {_METADATA_KEYS} keys")
    for key, value in metadata.items():
        if not 1 <= len(key) <= _METADATA_KEY_LENGTH:
            raise InvalidInput(f"metadata: a key has not 1 to {_METADATA_KEY_LENGTH} characters")
        if len(value) > _METADATA_VALUE_LENGTH:
            raise InvalidInput(f"metadata.{key}: has more than {_METADATA_VALUE_LENGTH} characters")


@lru_cache(maxsize=4096)
def is_email(text: str) -> bool:
    """Say whether a text is an e-mail address; nobody is asked whether it exists."""
    from email_validator import EmailNotValidError, validate_email  # here, because it is slow to import

    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


@lru_cache(maxsize=512)
def _is_country(code: str) -> bool:
    import pycountry  # here, because its tables are slow to load

    return pycountry.countries.get(alpha_2=code) is not None
