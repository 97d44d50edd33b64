"""The repository of idempotency keys."""

from typing import Protocol

from ..records.idempotency import IdempotencyKey, KeptAnswer

__all__ = ["IdempotencyKeys"]


class IdempotencyKeys(Protocol):
    """Keys of all callers."""

    async def claim(self, key: IdempotencyKey, now: int) -> IdempotencyKey:
        """Write it if there is none or the one there is free; give the one that counts, which is `key` if claimed."""

    async def finish(self, key: IdempotencyKey, answer: KeptAnswer, free_at: int) -> None:
        """Keep an answer until `free_at`, if the key still has this claim."""

    async def release(self, key: IdempotencyKey) -> None:
        """Forget it, if it still has this claim."""

    async def delete_free(self, now: int, limit: int) -> int:
        """Forget some of those that are free, and say how many."""
