"""The answers that are kept for callers who repeat a call under the same key."""

from msgspec import Struct

__all__ = ["IdempotencyKey", "KeptAnswer"]


class KeptAnswer(Struct, frozen=True, kw_only=True):
    """The first answer.

    Args:
        body: sealed, as answers name customers and hold what a browser pays with.

    """

    status: int
    content_type: str
    body: str


class IdempotencyKey(Struct, frozen=True, kw_only=True):
    """One caller's one key.

    Args:
        id: hex SHA-256 of caller and key.
        fingerprint: hex SHA-256 of method, path and body.
        claim: which call has it now; only that one may finish or free it.
        free_at: when it may be claimed anew, Unix milliseconds: the end of the claim's lease, or of the kept answer.

    """

    id: str
    fingerprint: str
    claim: str
    answer: KeptAnswer | None = None
    free_at: int
