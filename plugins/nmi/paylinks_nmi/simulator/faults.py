"""What the gateway itself rejects: response 3, code 300, and a text with the support reference of that one call."""

import secrets

__all__ = ["GatewayFault", "support_reference"]

_REJECTED = "300"


class GatewayFault(Exception):
    """One rejected call; nothing came of it."""

    def __init__(self, text: str, code: str = _REJECTED) -> None:
        super().__init__(text)
        self.text = f"{text} {support_reference()}"
        self.code = code


def support_reference() -> str:
    """Make a REFID: it names the call and no transaction."""
    return f"REFID:{secrets.randbelow(9_000_000_000) + 1_000_000_000}"
