"""Stripe's errors as it writes them (docs.stripe.com/api/errors, docs.stripe.com/error-codes)."""

from typing import Any

__all__ = ["StripeFault", "invalid", "missing", "no_such", "unexpected_state"]

BAD_REQUEST = 400
NOT_FOUND = 404


class StripeFault(Exception):
    """One error answer."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error.get("message"))
        self.status = status
        code = error.get("code")
        self.error = (
            {**error, "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"} if code else error
        )


def invalid(
    message: str, *, code: str | None = None, param: str | None = None, status: int = BAD_REQUEST
) -> StripeFault:
    """Make an ``invalid_request_error``."""
    error = {"type": "invalid_request_error", "message": message, "code": code, "param": param}
    return StripeFault(status, {name: value for name, value in error.items() if value is not None})


def missing(param: str) -> StripeFault:
    """A required parameter is not there."""
    return invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)


def no_such(what: str, name: str, *, param: str = "id", status: int = NOT_FOUND) -> StripeFault:
    """Nothing has that id: 404 for the one in the path, 400 for one in a parameter."""
    return invalid(f"No such {what}: '{name}'", code="resource_missing", param=param, status=status)


def unexpected_state(message: str, intent: dict[str, Any]) -> StripeFault:
    """The payment intent is in no state for this call."""
    error = {"type": "invalid_request_error", "code": "payment_intent_unexpected_state", "message": message}
    return StripeFault(BAD_REQUEST, error | {"payment_intent": intent})
