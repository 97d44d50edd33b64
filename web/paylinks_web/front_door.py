"""What holds for every request, whatever becomes of it: id, headers, limits, log line, an answer even to a crash."""

import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import cast

import structlog
from litestar.datastructures import Headers
from litestar.types import HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send

from paylinks_core.parts import Parts
from paylinks_ports.errors import PaylinksError

from .addresses import client_address, origin_of
from .answers import encode
from .brand_hosts import BrandHosts
from .config import Config
from .errors import HttpRefusal, RateLimited, error_answer
from .idempotency import IdempotencyKeys, check_key
from .limits import Limits, limit_headers

__all__ = ["FrontDoor"]

_log = structlog.get_logger()

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_REFUSED = ("/health", "/metrics")
# Reading here acts: a link or a code is used up, a secret is made, a postback is taken. HEAD promises to do nothing.
_ACTS_WHEN_READ = (
    "/api/auth/magic-link/verify",
    "/api/auth/google",
    "/api/auth/facebook",
    "/api/auth/2fa/setup",
    "/api/webhooks/",
)
_CROSS_ORIGIN = ("/api/checkout/", "/api/upsell/", "/api/providers/")
_PREFLIGHT_SECONDS = b"600"
_UNREADABLE = b"%EF%BF%BD"

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class FrontDoor:
    """Stands around the whole application."""

    def __init__(
        self, application: Application, parts: Parts, config: Config, limits: Limits, keys: IdempotencyKeys
    ) -> None:
        self._application = application
        self._parts = parts
        self._config = config
        self._limits = limits
        self.keys = keys
        self._hosts = BrandHosts(parts, config)

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = time.perf_counter()
        method = scope["method"]
        if method == "HEAD" and not scope["path"].startswith(_ACTS_WHEN_READ):
            # In a copy: the server must know, too, that no body follows.
            scope = cast("HTTPScope", {**scope, "method": "GET"})
        scope["path"], scope["query_string"] = _without_nul(scope)
        headers = Headers.from_scope(scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if _REQUEST_ID.fullmatch(asked) else self._parts.ids.new("req")
        state = scope.setdefault("state", {})
        state.update(request_id=request_id, counted=False, verdict=None, cors_origin=None)
        address = client_address(scope, self._config.trusted_proxies)
        answer = _Answering(self, scope, send, address, bodiless=method == "HEAD")
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._admit(scope, address)
                check_key(scope["method"], headers.get("idempotency-key"))
                await self._hosts.admit(scope, headers)
                if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                    await self._preflight(scope, headers, answer)
                else:
                    await self._application(scope, receive, answer)
            except PaylinksError as error:
                await answer.error(error)
            except Exception as error:
                _log.exception("request.crashed", error=type(error).__name__)
                if answer.started:
                    raise
                await answer.error(error)
            finally:
                if "idempotency" in state:  # no answer was sent
                    await self.keys.release(scope)
                _log.info(
                    "request.served",
                    method=method,
                    route=scope.get("path_template") or "unknown",
                    status=answer.status,
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )

    async def _admit(self, scope: HTTPScope, address: str) -> None:
        if scope["path"].startswith(_NEVER_REFUSED):
            with suppress(RateLimited):  # it is counted like any other, for its headers
                await self._limits.unproven(scope, address)
            return
        await self._limits.address_ceiling(scope, address)
        if self._config.maintenance and scope["method"] not in _READS:
            raise HttpRefusal(503, "maintenance", "System is under maintenance", headers={"Retry-After": "60"})

    async def _preflight(self, scope: HTTPScope, headers: Headers, send: Send) -> None:
        """Answer for every origin that some brand lists; the call itself is checked against its own brand."""
        origin = headers.get("origin")
        allowed = scope["path"].startswith(_CROSS_ORIGIN) and origin is not None
        if allowed and origin != origin_of(self._config.base_url):
            async with self._parts.units.reading() as rows:
                allowed = origin in await rows.brands.all_origins()
            allowed = allowed or await self._hosts.owner_of_origin(origin or "") is not None
        if not allowed:
            raise HttpRefusal(403, "origin_not_allowed", "This page may not call the API")
        scope["state"]["cors_origin"] = origin
        preflight = [
            (b"access-control-allow-methods", b"POST, GET"),
            (b"access-control-allow-headers", b"content-type, idempotency-key, x-request-id"),
            (b"access-control-max-age", _PREFLIGHT_SECONDS),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": preflight})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def count_at_last(self, scope: HTTPScope, address: str) -> None:
        """Count an API call that proved nothing on its way.

        Raises:
            RateLimited: its address has called too often.

        """
        if not scope["state"]["counted"] and scope["path"].startswith("/api"):
            await self._limits.unproven(scope, address)

    def headers_for(self, scope: HTTPScope, content_type: bytes) -> list[tuple[bytes, bytes]]:
        """List what every answer carries."""
        state = scope["state"]
        headers = [
            (b"x-request-id", state["request_id"].encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            *limit_headers(state["verdict"]),
        ]
        if scope["path"].startswith("/api"):
            headers.append((b"cache-control", b"no-store"))
        if content_type.startswith(b"text/html"):
            headers.append((b"content-security-policy", _CSP))
        if not self._config.development:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        if state["cors_origin"]:
            headers.append((b"access-control-allow-origin", state["cors_origin"].encode()))
            headers.append(
                (
                    b"access-control-expose-headers",
                    b"x-request-id, retry-after, x-ratelimit-remaining, idempotent-replayed",
                )
            )
            headers.append((b"vary", b"Origin"))
        return headers


_CSP = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _without_nul(scope: HTTPScope) -> tuple[str, bytes]:
    """Put the sign for unreadable characters in place of NUL, which PostgreSQL can't be asked for.

    What isn't UTF-8 in an address is read as that sign, too.
    """
    return scope["path"].replace("\0", "\ufffd"), scope["query_string"].replace(b"\0", b"%00").replace(
        b"%00", _UNREADABLE
    )


class _Answering:
    """The `send` of one request: adds the headers, and puts 429 in place of an answer whose caller proved nothing."""

    def __init__(self, door: FrontDoor, scope: HTTPScope, send: Send, address: str, *, bodiless: bool) -> None:
        self._door = door
        self._scope = scope
        self._send = send
        self._address = address
        self._bodiless = bodiless
        self._replaced = False
        self._held: HTTPResponseStartEvent | None = None
        self._body = bytearray()
        self.started = False
        self.status = HTTPStatus.INTERNAL_SERVER_ERROR.value

    async def __call__(self, message: Message) -> None:
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            try:
                await self._door.count_at_last(self._scope, self._address)
            except RateLimited as error:
                await self.error(error)
                self._replaced = True
                return
            self.started, self.status = True, message["status"]
            given = [(name.lower(), value) for name, value in message.get("headers", [])]
            content_type = next((value for name, value in given if name == b"content-type"), b"")
            known = {name for name, _ in given}
            added = [pair for pair in self._door.headers_for(self._scope, content_type) if pair[0] not in known]
            headers = [*self._allowing(given), *added]
            message = {**message, "headers": headers}
            if "idempotency" in self._scope["state"]:
                self._held = message
                return
        if self._held is not None:
            await self._keep(self._held, message)
            return
        if self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _allowing(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Name HEAD among the allowed methods wherever GET is, as it is this door that serves it."""
        if self._scope["path"].startswith(_ACTS_WHEN_READ):
            return headers
        return [
            (name, value + b", HEAD" if name == b"allow" and b"GET" in value.split(b", ") else value)
            for name, value in headers
        ]

    async def _keep(self, start: HTTPResponseStartEvent, message: Message) -> None:
        """Hold an answer back until it is whole and kept, so that nobody can repeat the call before that."""
        if message["type"] == "http.response.body":
            self._body += message["body"]
            if message["more_body"]:
                return
        body = bytes(self._body)
        await self._door.keys.keep(self._scope, self.status, dict(start["headers"]), body)
        self._held = None
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def error(self, error: Exception) -> None:
        """Answer an error that the application itself did not."""
        self._scope["state"]["counted"] = True
        answer, headers = error_answer(error, self._scope["state"]["request_id"])
        body = encode(answer)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        raw += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self({"type": "http.response.start", "status": answer.status, "headers": raw})
        await self({"type": "http.response.body", "body": body, "more_body": False})
