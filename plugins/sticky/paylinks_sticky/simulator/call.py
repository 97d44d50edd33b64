"""One understood request, as the methods get it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from msgspec import Struct

from paylinks_ports import SimulatedWorld

__all__ = ["Call", "Method"]


class Call(Struct, frozen=True, kw_only=True):
    """Checked parameters; `demo`: it is the platform's own demo mode, where any payment token pays, again and again."""

    world: SimulatedWorld
    request: httpx.Request
    given: dict[str, Any]
    demo: bool

    def text(self, name: str) -> str:
        """Read a parameter; absent: empty."""
        return str(self.given.get(name, ""))


class Method(Struct, frozen=True, kw_only=True):
    """One method.

    Args:
        required: an answer without them is an error.
        customer: required, too, but not in demo mode, which knows orders without a customer's data.
        optional: what else the simulator acts on or keeps; anything beyond is refused.

    """

    endpoint: Callable[[Call], Awaitable[dict[str, Any]]]
    required: frozenset[str] = frozenset()
    customer: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
