"""`Idempotency-Key`: the first answer to a call is kept, and given again to whoever repeats the call under its key.

A key belongs to its caller, so it is claimed where the caller is proven (`Limits.proven`), by the address where nobody
is (`Guards.anyone`), and its answer is kept by the front door right before it is sent. A call without a key pays for
none of it. A route whose answer holds a secret says `opt=SECRET_ANSWER`, and nothing of it is kept.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.types import Scope
from msgspec import Struct

from paylinks_core.parts import Parts
from paylinks_ports.errors import Conflict, StorageUnavailable
from paylinks_ports.records.idempotency import IdempotencyKey, KeptAnswer

from .errors import HttpRefusal

__all__ = ["SECRET_ANSWER", "IdempotencyKeys", "Replayed", "check_key", "forget_free", "replay"]

_log = structlog.get_logger()

SECRET_ANSWER: Final[Mapping[str, bool]] = {"secret_answer": True}
"""For a route's `opt`: its answer holds a secret, so it is never kept."""

_HEADER = "idempotency-key"
_PROVIDERS = "/api/webhooks/"  # providers' events have ids of their own
_LONGEST = 255
_LEASE = 120_000  # milliseconds: longer than any call takes, whose provider has half a minute
_KEPT = 24 * 3_600_000
_BATCH = 500
_STATE = "idempotency"
_NOT_FINAL = frozenset({"processing", "requires_action"})


class Replayed(Exception):
    """The answer is known: nothing is done again."""

    def __init__(self, status: int, content_type: str, body: bytes) -> None:
        super().__init__("replayed")
        self.status = status
        self.content_type = content_type
        self.body = body


class _Data(Struct):
    status: str | None = None


class _Answer(Struct):
    data: _Data | None = None


def check_key(method: str, header: str | None) -> None:
    """Refuse a key that is none, before anything is done.

    Raises:
        HttpRefusal: it has not 1 to 255 characters.

    """
    if method == "POST" and header is not None and not 1 <= len(header) <= _LONGEST:
        details = f"Idempotency-Key: has not 1 to {_LONGEST} characters"
        raise HttpRefusal(400, "invalid_request", "Invalid request", details=details)


class IdempotencyKeys:
    """Claims keys and keeps answers."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def claim(self, request: Request[Any, Any, Any], caller: str) -> None:
        """Claim the key of a call for its caller, if it has one.

        Raises:
            Replayed: the call was answered before.
            HttpRefusal: the key was used for another call, or the first call is still running.

        """
        key = request.headers.get(_HEADER)
        state = request.scope["state"]
        if key is None or request.method != "POST" or state.get(_STATE) is not None:
            return
        if request.scope["path"].startswith(_PROVIDERS) or request.route_handler.opt.get("secret_answer"):
            return
        now = self._parts.clock.now()
        own = IdempotencyKey(
            id=hashlib.sha256(f"{caller}\n{key}".encode()).hexdigest(),
            fingerprint=await self._fingerprint(request),
            claim=secrets.token_hex(8),
            free_at=now + _LEASE,
        )
        try:
            async with self._parts.units() as work:
                counts = await work.idempotency_keys.claim(own, now)
                await work.commit()
        except Conflict:
            raise _in_progress() from None
        if counts.claim == own.claim:
            state[_STATE] = own
            return
        if counts.fingerprint != own.fingerprint:
            details = "Idempotency-Key: was used for another call"
            raise HttpRefusal(422, "idempotency_key_reused", "This key was used for another call", details=details)
        if counts.answer is None:
            raise _in_progress()
        body = self._parts.vault.open(counts.answer.body, _context(counts.id))
        raise Replayed(counts.answer.status, counts.answer.content_type, body.encode())

    async def keep(self, scope: Scope, status: int, headers: Mapping[bytes, bytes], body: bytes) -> None:
        """Keep the answer to a call that has claimed its key; one that is not final frees the key."""
        own = scope["state"].pop(_STATE, None)
        if own is None:
            return
        try:
            async with self._parts.units() as work:
                if _is_final(status, headers, body):
                    content_type = headers.get(b"content-type", b"application/json").decode("latin-1")
                    sealed = self._parts.vault.seal(body.decode(), _context(own.id))
                    answer = KeptAnswer(status=status, content_type=content_type, body=sealed)
                    await work.idempotency_keys.finish(own, answer, self._parts.clock.now() + _KEPT)
                else:
                    await work.idempotency_keys.release(own)
                await work.commit()
        except (Conflict, StorageUnavailable) as error:
            # What was done is done and must be answered; the key is free again when its lease ends.
            _log.warning("idempotency.not_kept", error=type(error).__name__)

    async def release(self, scope: Scope) -> None:
        """Free the key of a call that was not answered."""
        await self.keep(scope, HTTPStatus.INTERNAL_SERVER_ERROR, {}, b"")

    async def _fingerprint(self, request: Request[Any, Any, Any]) -> str:
        """Tell calls apart without a way back: a body may hold a password, which a bare digest would let be guessed."""
        digest = hmac.new(self._parts.token_secret.encode(), digestmod=hashlib.sha256)
        digest.update(f"{request.method}\n{request.scope['path']}\n".encode())
        digest.update(request.scope["query_string"] + b"\n" + await request.body())
        return digest.hexdigest()


def replay(_: Request[Any, Any, Any], replayed: Replayed) -> Response[bytes]:
    """Answer as the first time."""
    return Response(
        replayed.body,
        status_code=replayed.status,
        media_type=replayed.content_type,
        headers={"Idempotent-Replayed": "true"},
    )


async def forget_free(parts: Parts) -> int:
    """Forget some of the keys whose time is over, and say how many."""
    async with parts.units() as work:
        count = await work.idempotency_keys.delete_free(parts.clock.now(), _BATCH)
        await work.commit()
    return count


def _is_final(status: int, headers: Mapping[bytes, bytes], body: bytes) -> bool:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS):
        return False
    if b"set-cookie" in headers:  # a session is a secret
        return False
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _is_text(body)  # without a `data.status` of that shape there is nothing that is not final
    return answer.data is None or answer.data.status not in _NOT_FINAL


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _in_progress() -> HttpRefusal:
    message = "The first call with this key is still running"
    return HttpRefusal(409, "idempotency_in_progress", message, headers={"Retry-After": "1"})


def _context(key_id: str) -> str:
    return f"idempotency:{key_id}"
