"""One understood request, as the endpoints get it."""

from typing import Any

from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .keys import Caller

__all__ = ["Call"]


class Call(Struct, frozen=True, kw_only=True):
    """Who asks for what, with checked parameters; `name` is the id in the path."""

    world: SimulatedWorld
    caller: Caller
    path: str
    name: str
    given: dict[str, Any]

    @property
    def expand(self) -> list[str]:
        """What is to be written out in full."""
        expand: list[str] = self.given.get("expand") or []
        return expand
