"""What a partner gives to the kit: what is expected on the wire and of a token."""

from msgspec import Struct

from ..money import Money
from ..payments import DeclineCode

__all__ = ["OnWire", "Refusal"]


class OnWire(Struct, frozen=True):
    """An amount, and the exact texts of it in the provider's own form.

    Args:
        texts: each is in some request of a payment of this amount: in its URL or its body, as it is or percent-decoded.
            Give them with their names (``"amount":4999``, ``amount=49.99``): a bare figure may be found by chance.

    """

    money: Money
    texts: tuple[str, ...]


class Refusal(Struct, frozen=True):
    """What a decline must be told as."""

    code: DeclineCode
    retryable: bool
