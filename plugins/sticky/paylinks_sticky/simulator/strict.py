"""Checks of what a request has in it: nothing unknown, nothing missing, every value of its kind."""

import re
from typing import Any

from .call import Method
from .faults import StickyFault, missing

__all__ = ["cents", "check"]

_OFFER = frozenset({"offer_id", "product_id", "billing_model_id", "quantity", "price", "step_num"})
_NUMBERS = frozenset(
    {"campaignId", "shippingId", "prospectId", "previousOrderId", "order_id", "offer_id", "product_id", "quantity"}
    | {"billing_model_id", "step_num", "forceGatewayId"}
)
_AMOUNTS = frozenset({"amount", "price", "dynamic_shipping_charge"})
_CHOICES = {"tranType": {"Sale"}, "keep_recurring": {"0", "1"}, "billingSameAsShipping": {"YES", "NO"}}
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_GROUPS = frozenset({"offers", "criteria"})


def check(given: dict[str, Any], method: Method, *, demo: bool) -> None:
    """Refuse what Sticky.io would refuse, and what the simulator would have to ignore.

    Raises:
        StickyFault: with the code that Sticky.io has for it.

    """
    for name in sorted(method.required | (frozenset() if demo else method.customer)):
        if given.get(name) in (None, "", []):
            raise missing(name)
    for name, value in given.items():
        if name not in method.required | method.customer | method.optional:
            raise StickyFault("303", f"Unknown parameter {name}")
        if name not in _GROUPS:
            _value(name, value)
    for offer in given.get("offers", []):
        if not isinstance(offer, dict) or not {"offer_id", "product_id", "quantity"} <= offer.keys() <= _OFFER:
            raise missing("offers")
        for name, value in offer.items():
            _value(name, value)


def _value(name: str, value: object) -> None:
    if not isinstance(value, str | int):
        raise missing(name)
    text = str(value)
    if name in _NUMBERS and not (text.isascii() and text.isdigit()):
        raise missing(name)
    if name in _AMOUNTS and not _AMOUNT.fullmatch(text):
        raise missing(name)
    if text not in _CHOICES.get(name, {text}):
        raise missing(name)
    if name.endswith(("Country", "country")) and not _COUNTRY.fullmatch(text):
        raise missing(name)


def cents(text: str) -> int:
    """Read a checked amount."""
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(f"{rest}00"[:2])
