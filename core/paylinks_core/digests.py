"""Hashes of secrets that have at least 120 random bits, so that a fast hash keeps them."""

import hashlib
import hmac

__all__ = ["digest", "sign"]


def digest(secret: str) -> str:
    """Hash a secret for look-up: hex SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign(key: str, text: str) -> str:
    """Sign a text: hex HMAC-SHA256."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
