"""Our ids as a draft order holds them: as a tag that can be searched, and as custom attributes that the desk shows."""

import hashlib
import re
import uuid

__all__ = ["ATTEMPT", "ORDER", "PAYMENT", "refund_key", "tag_of"]

ATTEMPT, ORDER, PAYMENT = "paylinks_attempt_id", "paylinks_order_id", "paylinks_payment_id"
"""The names of the custom attributes."""

_TAG = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_NAMESPACE = uuid.UUID("6f0f1d6e-6d0c-5f0c-9c43-0d5b7b1f6f65")


def tag_of(attempt_id: str) -> str:
    """Write an attempt's id as a tag of at most forty plain characters; another one is known by its digest."""
    if _TAG.fullmatch(attempt_id):
        return attempt_id
    return f"att~{hashlib.sha256(attempt_id.encode()).hexdigest()[:36]}"


def refund_key(refund_id: str) -> str:
    """Write a refund's id as an idempotency key, which is to be a UUID."""
    return str(uuid.uuid5(_NAMESPACE, refund_id))
