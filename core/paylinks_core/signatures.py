"""How outgoing webhooks are signed, twice: in our own header, and as Standard Webhooks has it."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

__all__ = ["PREFIX", "is_secret", "sign"]

PREFIX = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64


def is_secret(text: str) -> bool:
    """Say whether a text is a secret as Standard Webhooks has them: ``whsec_`` and 24 to 64 bytes in base64."""
    try:
        return text.startswith(PREFIX) and _LEAST_BYTES <= len(_key(text)) <= _MOST_BYTES
    except (ValueError, binascii.Error):
        return False


def sign(secrets: Sequence[str], message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Give the headers that prove who sends a body.

    `X-Webhook-Signature` holds one signature, so while a secret is being changed it is the newer one's, and the older
    one's is in `X-Webhook-Signature-Previous`. `webhook-signature` holds a list by its own rules.

    Args:
        secrets: the newest first.
        message_id: the same each time the message is sent.
        seconds: when it is sent this time, Unix seconds.
        body: the raw body.

    """
    content = f"{message_id}.{seconds}.".encode() + body
    listed = [base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode() for secret in secrets]
    own = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets]
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in listed),
        "x-webhook-signature": own[0],
    }
    if len(own) > 1:
        headers["x-webhook-signature-previous"] = own[1]
    return headers


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
