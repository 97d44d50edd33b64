"""Form bodies of the two doors, with every name and value checked (Payment API and Query API, "Variables")."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl

import httpx

from paylinks_ports import UnknownCurrency, exponent

from .faults import GatewayFault

__all__ = ["CHECKS", "KNOWN", "checked", "hundredths", "read_form"]

_FORM = "application/x-www-form-urlencoded"
_AMOUNT = re.compile(r"\d{1,10}\.\d{2}", re.ASCII)
_OURS = {f"merchant_defined_field_{number}" for number in range(1, 21)}
_SALE = _OURS | {
    "type", "amount", "currency", "orderid", "order_description", "processor_id", "ipaddress", "dup_seconds",
    "payment_token", "customer_vault", "customer_vault_id", "initiated_by", "stored_credential_indicator",
    "initial_transaction_id", "first_name", "last_name", "company", "address1", "address2", "city", "state", "zip",
    "country", "phone", "email", "shipping_firstname", "shipping_lastname", "shipping_address1", "shipping_address2",
    "shipping_city", "shipping_state", "shipping_zip", "shipping_country", "shipping_email", "cardholder_auth", "cavv",
    "xid", "eci", "three_ds_version", "directory_server_id",
}  # fmt: skip
KNOWN: dict[str, set[str]] = {
    "sale": _SALE,
    "void": {"type", "transactionid", "void_reason"},
    "refund": {"type", "transactionid", "amount", "orderid"},
}
"""The variables of each type that the simulator acts on; any other is refused."""

_REQUIRED = {"sale": ("amount",), "void": ("transactionid",), "refund": ("transactionid", "amount")}


def _is_currency(text: str) -> bool:
    try:
        exponent(text)
    except UnknownCurrency:
        return False
    return True


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda text: text in words


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


CHECKS: dict[str, Callable[[str], bool]] = {
    "amount": _matches(_AMOUNT.pattern),
    "currency": _is_currency,
    "ipaddress": _matches(r"\d{1,3}(\.\d{1,3}){3}"),
    "country": _matches("[A-Z]{2}"),
    "shipping_country": _matches("[A-Z]{2}"),
    "dup_seconds": _matches(r"\d{1,7}"),
    "customer_vault": _one_of("add_customer"),
    "initiated_by": _one_of("customer", "merchant"),
    "stored_credential_indicator": _one_of("stored", "used"),
    "cardholder_auth": _one_of("verified", "attempted"),
    "transactionid": _matches(r"\d{1,20}"),
}


async def read_form(request: httpx.Request) -> dict[str, str]:
    """Read a form.

    Raises:
        GatewayFault: it is none, or a name is given twice.

    """
    body = await request.aread()
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _FORM:
        raise GatewayFault("Invalid content type")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise GatewayFault("The request is malformed") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise GatewayFault("A variable is given twice")
    return form


def checked(form: dict[str, str]) -> dict[str, str]:
    """Check a transaction's variables.

    Raises:
        GatewayFault: one is unknown, missing or wrong.

    """
    kind = form.get("type", "")
    if kind not in KNOWN:
        raise GatewayFault("Invalid Transaction Type")
    for name, value in form.items():
        if name not in KNOWN[kind]:
            raise GatewayFault(f"Unexpected variable {name}")
        if name in CHECKS and not CHECKS[name](value):
            raise GatewayFault(f"Invalid {name}")
    for name in _REQUIRED[kind]:
        if not form.get(name):
            raise GatewayFault(f"The {name} field is required")
    return form


def hundredths(amount: str) -> int:
    """Read a checked amount."""
    return int(amount.replace(".", ""))
