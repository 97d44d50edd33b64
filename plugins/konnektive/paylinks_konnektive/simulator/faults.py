"""Konnektive's errors as it writes them: HTTP 200, and a sentence or an object of fields."""

__all__ = ["KonnektiveFault", "required"]


class KonnektiveFault(Exception):
    """One ERROR."""

    def __init__(self, message: str | dict[str, str]) -> None:
        super().__init__(str(message))
        self.message = message


def required(name: str) -> KonnektiveFault:
    """A field is not there."""
    return KonnektiveFault({name: "is a required field"})
