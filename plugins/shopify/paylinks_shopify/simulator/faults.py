"""Shopify's errors as it writes them (shopify.dev/docs/api/usage/response-codes)."""

__all__ = ["HttpFault", "QueryFault", "Refused"]


class HttpFault(Exception):
    """A call that is refused as a whole, by its status."""

    def __init__(self, status: int, errors: str) -> None:
        super().__init__(errors)
        self.status = status
        self.body: dict[str, object] = {"errors": errors}


class QueryFault(Exception):
    """A call that is answered 200 with errors and without data."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.body: dict[str, object] = {"errors": [{"message": message, "extensions": {"code": code}}]}


class Refused(Exception):
    """A mutation that does nothing and says why in its `userErrors`."""

    def __init__(self, message: str, *field: str) -> None:
        super().__init__(message)
        self.user_errors: list[dict[str, object]] = [{"field": list(field) or None, "message": message}]
