"""Which part of a long list is asked for, what was found, and what of it waits for something to be done."""

from typing import Generic, TypeVar

from msgspec import Struct

__all__ = ["Due", "Found", "Window"]

T = TypeVar("T")


class Window(Struct, frozen=True, kw_only=True):
    """A part of a list, newest first.

    Args:
        search: a text that one of the searched fields contains, whatever its case.
        since: no earlier than, Unix milliseconds.
        until: no later than, Unix milliseconds.

    """

    offset: int = 0
    limit: int = 50
    search: str | None = None
    since: int | None = None
    until: int | None = None


class Found(Struct, Generic[T], frozen=True, kw_only=True):
    """The rows of a window, and how many there are in all."""

    rows: tuple[T, ...]
    total: int


class Due(Struct, Generic[T], frozen=True, kw_only=True):
    """Rows that something is to be done about, and the ids of those among them that can't be read."""

    rows: tuple[T, ...]
    unreadable: tuple[str, ...] = ()
