"""Idempotency keys, in SQL."""

import msgspec

from paylinks_ports.errors import Conflict
from paylinks_ports.records.idempotency import IdempotencyKey, KeptAnswer

from ..rows import Rows
from ..tables.idempotency import IdempotencyKeyTable
from .repository import Repository

__all__ = ["IdempotencyKeys"]

_KEYS = Rows(IdempotencyKeyTable, IdempotencyKey)
_CLAIM = """
INSERT INTO idempotency_keys (id, fingerprint, claim, answer, free_at) VALUES (?, ?, ?, 'null', ?)
ON CONFLICT (id) DO UPDATE SET
    fingerprint = excluded.fingerprint, claim = excluded.claim, answer = excluded.answer, free_at = excluded.free_at
WHERE idempotency_keys.free_at <= ? RETURNING 1
"""


class IdempotencyKeys(Repository):
    """Keys of all callers."""

    async def claim(self, key: IdempotencyKey, now: int) -> IdempotencyKey:
        """Write it if there is none or the one there is free; give the one that counts."""
        if await self._session.fetch(_CLAIM, (key.id, key.fingerprint, key.claim, key.free_at, now)):
            return key
        other = await _KEYS.one(self._session, "WHERE id = ?", key.id)
        if other is None:  # released since that statement
            raise Conflict("This key was released just now")
        return other

    async def finish(self, key: IdempotencyKey, answer: KeptAnswer, free_at: int) -> None:
        """Keep an answer until `free_at`, if the key still has this claim."""
        sql = "UPDATE idempotency_keys SET answer = ?, free_at = ? WHERE id = ? AND claim = ?"
        await self._session.fetch(sql, (msgspec.json.encode(answer).decode(), free_at, key.id, key.claim))

    async def release(self, key: IdempotencyKey) -> None:
        """Forget it, if it still has this claim."""
        await self._session.fetch("DELETE FROM idempotency_keys WHERE id = ? AND claim = ?", (key.id, key.claim))

    async def delete_free(self, now: int, limit: int) -> int:
        """Forget some of those that are free, and say how many."""
        return await _KEYS.delete(self._session, "free_at <= ?", now, limit=limit)
