"""UltraCart's errors as it writes them (ultracart.com/api/errors.html)."""

__all__ = ["UltraCartFault"]


class UltraCartFault(Exception):
    """One error answer."""

    def __init__(self, status: int, message: str, *, code: str = "INVALID_REQUEST") -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {"developer_message": message, "user_message": message, "error_code": code},
            "metadata": {},
            "success": False,
        }
