"""Attentive's errors, in the form of its OpenAPI; the sentences are ours."""

__all__ = ["AttentiveFault", "invalid"]


class AttentiveFault(Exception):
    """One error answer."""

    def __init__(self, status: int, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body: dict[str, object] = {"error": {"id": 1_000_000 + status, "message": message}}


def invalid(message: str) -> AttentiveFault:
    """Something in the call is wrong."""
    return AttentiveFault(400, message)
