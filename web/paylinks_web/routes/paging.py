"""Long lists: which part a caller asks for, and the published `pagination` of an answer."""

from collections.abc import Sequence
from typing import Any, TypeVar

from litestar import Request
from msgspec import Struct

from paylinks_core.errors import InvalidInput
from paylinks_ports.storage import Window

__all__ = [
    "DEFAULT_LIMIT",
    "LONGEST_SEARCH",
    "MOST_ROWS",
    "Pagination",
    "pagination_of",
    "part_of",
    "read_choice",
    "read_window",
]

W = TypeVar("W", bound=str)

T = TypeVar("T")
MOST_ROWS = 200
DEFAULT_LIMIT = 50
LONGEST_SEARCH = 200
_LONGEST_NUMBER = 20


class Pagination(Struct, frozen=True, kw_only=True, rename="camel"):
    """Where a page stands in its list."""

    page: int
    limit: int
    total: int
    total_pages: int


def read_window(request: Request[Any, Any, Any]) -> Window:
    """Read `page`, `limit` or `pageSize`, `search`, `startDate` and `endDate`.

    Raises:
        InvalidInput: one of them is out of bounds.

    """
    page = _number(request, "page", 1, 1, 1_000_000)
    name = "pageSize" if "pageSize" in request.query_params and "limit" not in request.query_params else "limit"
    limit = _number(request, name, DEFAULT_LIMIT, 1, MOST_ROWS)
    search = request.query_params.get("search") or None
    if search is not None and len(search) > LONGEST_SEARCH:
        raise InvalidInput(f"search: has more than {LONGEST_SEARCH} characters")
    dates = {
        name: _number(request, name, 0, 0, 2**53) if name in request.query_params else None
        for name in ("startDate", "endDate")
    }
    return Window(
        offset=(page - 1) * limit, limit=limit, search=search, since=dates["startDate"], until=dates["endDate"]
    )


def read_choice(request: Request[Any, Any, Any], name: str, choices: Sequence[W]) -> W | None:
    """Read a parameter that is one of some words; None where it is left out.

    Raises:
        InvalidInput: it is none of them.

    """
    text = request.query_params.get(name)
    if not text:
        return None
    for choice in choices:
        if choice == text:
            return choice
    raise InvalidInput(f"{name}: is none of {', '.join(choices)}")


def pagination_of(window: Window, total: int) -> Pagination:
    """Say where a window stands."""
    pages = -(-total // window.limit)
    return Pagination(page=window.offset // window.limit + 1, limit=window.limit, total=total, total_pages=pages)


def part_of(request: Request[Any, Any, Any], rows: Sequence[T]) -> tuple[tuple[T, ...], Pagination]:
    """Give the part that is asked for of a list which is short enough to be read whole; rows may have a name.

    Raises:
        InvalidInput: as for `read_window`.

    """
    window = read_window(request)
    wanted = (window.search or "").casefold()
    found = [row for row in rows if wanted in str(getattr(row, "name", "")).casefold()]
    found = [row for row in found if _within(window, getattr(row, "created_at", None))]
    part = tuple(found[window.offset : window.offset + window.limit])
    return part, pagination_of(window, len(found))


def _within(window: Window, created_at: int | None) -> bool:
    if created_at is None:
        return True
    return (window.since or 0) <= created_at and (window.until is None or created_at <= window.until)


def _number(request: Request[Any, Any, Any], name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    number = int(text) if len(text) <= _LONGEST_NUMBER and text.isascii() and text.isdigit() else None
    if number is None or not least <= number <= most:
        raise InvalidInput(f"{name}: is not a whole number from {least} to {most}")
    return number
