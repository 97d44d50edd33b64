"""One understood request, as the endpoints get it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from msgspec import Struct

from paylinks_ports import SimulatedWorld

__all__ = ["Call", "Endpoint"]


class Call(Struct, frozen=True, kw_only=True):
    """Checked parameters; `demo`: it is the platform's own demo mode, which knows orders without a customer's data."""

    world: SimulatedWorld
    request: httpx.Request
    given: dict[str, str]
    demo: bool

    def text(self, name: str) -> str:
        """Read a parameter; absent: empty."""
        return self.given.get(name, "")


class Endpoint(Struct, frozen=True, kw_only=True):
    """One endpoint; what it neither needs nor takes is refused, but for names that `numbered` begins with a number."""

    answer: Callable[[Call], Awaitable[tuple[str, Any]]]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    numbered: bool = False
