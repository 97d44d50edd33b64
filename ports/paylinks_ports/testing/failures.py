"""How a check says no."""

from typing import NoReturn

__all__ = ["ContractFailure", "expect", "fail"]


class ContractFailure(AssertionError):
    """The plugin does not keep a promise, or its example is missing."""


def fail(message: str) -> NoReturn:
    """Say what is wrong."""
    raise ContractFailure(message)


def expect(condition: object, message: str) -> None:
    """Say what is wrong unless `condition` holds."""
    if not condition:
        fail(message)
