"""Carts and orders of UltraCart's (www.ultracart.com/api/, REST API v2): how they are read, and our ids in them.

They stay as they came, for they are sent back whole. What `_expand` does not ask for is not in them, or is null.
"""

import hashlib
import re
from decimal import Decimal
from typing import TypeAlias

from paylinks_ports import Order, View, nothing_happened

__all__ = ["Document", "Json", "amount", "document", "fit", "is_order_id", "marks"]

Json: TypeAlias = dict[str, object]

_FIELD = 50
_DIGEST = 32
_ORDER_ID = re.compile(r"[A-Za-z0-9]{1,5}-[0-9]+")


class Document(View, frozen=True):
    """A cart or an order."""

    def mark(self, name: str) -> str | None:
        """Read one of our ids as `marks` wrote it, to the letter: a merchant's may have spaces around it."""
        written = self.view("checkout").fields.get(name)
        return written if isinstance(written, str) else None

    def is_of(self, order: Order) -> bool:
        """Say whether it is of the merchant's order: another's is never believed."""
        return self.mark("custom_field2") == fit(order.order_id)


def document(content: object, key: str) -> Document:
    """Read a cart by its ``cart_id``, an order by its ``order_id``.

    Raises:
        ProviderUnavailable: it is none, which says nothing of a payment.

    """
    found = Document(content if isinstance(content, dict) else {})
    if not found.text(key):
        raise nothing_happened("UltraCart", "doubt")
    return found


def amount(whole: View, name: str, missing: str = "NaN") -> Decimal:
    """Read the `value` of an amount, in major units of the base currency; its other fields are for display."""
    given = whole.fields.get(name)
    value = given.get("value") if isinstance(given, dict) else given
    written = whole.view(name).text("value")
    try:
        return Decimal(missing if value is None else written)
    except ArithmeticError:
        return Decimal("NaN")  # it is there, and no amount


def fit(text: str) -> str:
    """Write an id into a field of fifty characters; a longer one keeps its beginning, and a digest tells it apart."""
    if len(text) <= _FIELD:
        return text
    return f"{text[: _FIELD - _DIGEST - 1]}~{hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]}"


def marks(order: Order) -> Json:
    """Write our ids as a cart and an order hold them."""
    return {"custom_field1": fit(order.attempt_id), "custom_field2": fit(order.order_id)}


def is_order_id(reference: str) -> bool:
    """Say whether a reference is an order's id (``DEMO-0009104976``), and no cart's."""
    return _ORDER_ID.fullmatch(reference) is not None
