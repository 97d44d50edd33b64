"""Our ids as UltraCart's custom fields hold them, and how its own ids are told apart."""

import hashlib
import re

__all__ = ["fit", "is_order_id"]

_FIELD = 50
_DIGEST = 32
_ORDER_ID = re.compile(r"[A-Za-z0-9]{1,5}-[0-9]+")


def fit(text: str) -> str:
    """Write an id into a field of fifty characters; a longer one keeps its beginning, and a digest tells it apart."""
    if len(text) <= _FIELD:
        return text
    return f"{text[: _FIELD - _DIGEST - 1]}~{hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]}"


def is_order_id(reference: str) -> bool:
    """Say whether a reference is an order's id (``DEMO-0009104976``), and no cart's."""
    return _ORDER_ID.fullmatch(reference) is not None
