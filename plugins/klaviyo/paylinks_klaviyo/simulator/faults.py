"""Klaviyo's errors as it writes them (developers.klaviyo.com/en/docs/rate_limits_and_error_handling)."""

import uuid

__all__ = ["KlaviyoFault", "conflict", "invalid", "throttled", "unauthorized"]

_TITLES = {400: "Invalid input.", 401: "Authentication failed.", 404: "Not found.", 405: "Method not allowed."}


class KlaviyoFault(Exception):
    """One error answer."""

    def __init__(  # noqa: PLR0913 - an error has that many fields
        self,
        status: int,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        meta: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = headers or {}
        error: dict[str, object] = {
            "id": str(uuid.uuid4()),
            "status": status,
            "code": code,
            "title": _TITLES.get(status, "Error."),
            "detail": detail,
            "source": {"pointer": pointer} if pointer else {},
            "links": {},
            "meta": meta or {},
        }
        self.body: dict[str, object] = {"errors": [error]}


def invalid(detail: str, pointer: str | None = "/data", *, status: int = 400) -> KlaviyoFault:
    """Something in the call is wrong."""
    return KlaviyoFault(status, "invalid" if status == 400 else "not_found", detail, pointer=pointer)  # noqa: PLR2004 - HTTP's


def unauthorized(detail: str, code: str = "not_authenticated") -> KlaviyoFault:
    """There is no key, or not a good one."""
    return KlaviyoFault(401, code, detail)


def conflict(profile_id: str) -> KlaviyoFault:
    """The identifiers belong to two profiles."""
    detail = "A profile already exists with one of these identifiers."
    return KlaviyoFault(409, "duplicate_profile", detail, meta={"duplicate_profile_id": profile_id})


def throttled(seconds: int) -> KlaviyoFault:
    """Too many calls; this answer alone carries no RateLimit headers."""
    detail = f"Request was throttled. Expected available in {seconds} second{'s' if seconds > 1 else ''}."
    return KlaviyoFault(429, "throttled", detail, headers={"Retry-After": str(seconds)})
