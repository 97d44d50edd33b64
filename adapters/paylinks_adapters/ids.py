"""New names for things, from the system's source of randomness."""

import base64
import secrets
import time

__all__ = ["RandomIds"]

_RANDOM_BYTES = 12
_SECRET_BYTES = 32


class RandomIds:
    """Ids that sort by the time they were made, and secrets."""

    def new(self, prefix: str) -> str:
        """Make ``prefix_…``: 48 bits of milliseconds and 96 random ones, in an alphabet that keeps their order."""
        raw = (time.time_ns() // 1_000_000).to_bytes(6, "big") + secrets.token_bytes(_RANDOM_BYTES)
        return f"{prefix}_{base64.b32hexencode(raw).decode().rstrip('=').lower()}"

    def code(self) -> str:
        """Make the last word of a short link: 96 random bits."""
        return secrets.token_urlsafe(_RANDOM_BYTES)

    def secret(self, prefix: str) -> str:
        """Make ``prefix…`` and 256 random bits; behind ``whsec_`` as the base64 that Standard Webhooks asks for."""
        if prefix == "whsec_":
            return prefix + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        return prefix + secrets.token_urlsafe(_SECRET_BYTES)
