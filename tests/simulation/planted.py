"""Planting a bug: one line of a function of the core written otherwise, for as long as it is looked for."""

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from .runs import Leaning

__all__ = ["Bug", "Change"]

_OURS = ("paylinks_core", "paylinks_adapters", "simulation")


class Change(Struct, frozen=True):
    """What is written otherwise in a function.

    Args:
        where: the function, or a method as its class and its name.
        lines: pairs of what stands there, exactly once, and what stands there instead.

    """

    where: Callable[..., Any] | tuple[type, str]
    lines: tuple[tuple[str, str], ...]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Have it in place, wherever the function is known by its name."""
        function: Any = self.where if callable(self.where) else getattr(*self.where)
        source = textwrap.dedent(inspect.getsource(function))
        for now, instead in self.lines:
            assert source.count(now) == 1, f"{function.__qualname__} has no longer one {now!r}: plant it anew"
            source = source.replace(now, instead)
        made: dict[str, Any] = {}
        exec(compile(source, inspect.getfile(function), "exec"), function.__globals__, made)  # noqa: S102 - our own code
        changed = made[function.__name__]
        places = [self.where] if not callable(self.where) else _places(function)
        for owner, name in places:
            setattr(owner, name, changed)
        try:
            yield
        finally:
            for owner, name in places:
                setattr(owner, name, function)


def _places(function: Callable[..., Any]) -> list[tuple[Any, str]]:
    modules = [module for name, module in sys.modules.items() if any(ours in name for ours in _OURS)]
    return [(module, name) for module in modules for name, value in vars(module).items() if value is function]


class Bug(Struct, frozen=True, kw_only=True):
    """A bug to be found.

    Args:
        finds: what the simulation must say of it, in part.
        leaning: to what, where it shows too rarely.

    """

    name: str
    changes: tuple[Change, ...]
    finds: str
    leaning: Leaning = Leaning()
