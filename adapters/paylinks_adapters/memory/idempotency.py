"""Idempotency keys, in memory."""

from msgspec.structs import replace

from paylinks_ports.records.idempotency import IdempotencyKey, KeptAnswer

from .tables import Repository

__all__ = ["IdempotencyKeys"]


class IdempotencyKeys(Repository):
    """Keys of all callers."""

    async def claim(self, key: IdempotencyKey, now: int) -> IdempotencyKey:
        """Write it if there is none or the one there is free; give the one that counts."""
        rows = self._view.changing.idempotency_keys
        other = rows.get(key.id)
        if other is not None and other.free_at > now:
            return other
        rows[key.id] = key
        return key

    async def finish(self, key: IdempotencyKey, answer: KeptAnswer, free_at: int) -> None:
        """Keep an answer until `free_at`, if the key still has this claim."""
        rows = self._view.changing.idempotency_keys
        if (kept := rows.get(key.id)) is not None and kept.claim == key.claim:
            rows[key.id] = replace(kept, answer=answer, free_at=free_at)

    async def release(self, key: IdempotencyKey) -> None:
        """Forget it, if it still has this claim."""
        rows = self._view.changing.idempotency_keys
        if (kept := rows.get(key.id)) is not None and kept.claim == key.claim:
            del rows[key.id]

    async def delete_free(self, now: int, limit: int) -> int:
        """Forget some of those that are free, and say how many."""
        rows = self._view.changing.idempotency_keys
        free = [key.id for key in rows.values() if key.free_at <= now][:limit]
        for key_id in free:
            del rows[key_id]
        return len(free)
