"""What makes a method of a contract a check: it runs by itself, watched, and only where the gateway has its powers."""

import asyncio
import functools
import inspect
import unittest
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from .failures import ContractFailure, expect, fail
from .leaks import Watch

__all__ = ["Contract", "check", "covered", "powers_of_check", "run"]

T = TypeVar("T", bound="Contract")
_MARK = "__paylinks_check__"


class Contract:
    """The root of both contracts: examples are class attributes, checks are methods, and no check may be replaced."""

    checks: ClassVar[tuple[str, ...]] = ()
    watch: Watch
    exercised: set[str]

    def __init_subclass__(cls) -> None:
        """Refuse a subclass that replaces or removes a check: it would pass by not being asked."""
        super().__init_subclass__()
        if not cls.__module__.startswith(__package__):
            _refuse_overrides(cls)
        else:
            cls.checks = tuple(name for name, _ in inspect.getmembers(cls, _is_check))

    @property
    def powers(self) -> tuple[str, ...]:
        """What the gateway class can do."""
        raise NotImplementedError


def _is_check(member: object) -> bool:
    return hasattr(member, _MARK)


def _origin(cls: type[Contract]) -> type[Contract]:
    """Find the kit's own class below a partner's."""
    return next(one for one in cls.__mro__ if one.__module__.startswith(__package__))


def _refuse_overrides(cls: type[Contract]) -> None:
    origin = _origin(cls)
    for name in (*origin.checks, "checks", "powers", "__init_subclass__"):
        if inspect.getattr_static(cls, name, None) is not inspect.getattr_static(origin, name):
            message = f"{cls.__name__} replaces {name}; a contract's checks are the kit's"
            raise TypeError(message)


def check(*powers: str) -> Callable[[Callable[[T], Coroutine[Any, Any, None]]], Callable[[T], None]]:
    """Make a check of an async method.

    Args:
        powers: it is for gateways that have one of these; each of these that the gateway has must be called in it.
            None: for every gateway.

    """

    def make(method: Callable[[T], Coroutine[Any, Any, None]]) -> Callable[[T], None]:
        @functools.wraps(method)
        def checked(self: T) -> None:
            present = [power for power in powers if power in self.powers]
            if powers and not present:
                raise unittest.SkipTest(f"the gateway has none of {', '.join(powers)}")
            self.watch, self.exercised = Watch(), set()
            _refuse_overrides(type(self))
            try:
                with self.watch.watching():
                    asyncio.run(method(self))
                missed = [power for power in present if power not in self.exercised]
                expect(not missed, f"{', '.join(missed)} was never called: the check did not do its work")
            except ContractFailure as failure:
                trouble = (inspect.getdoc(method) or "").partition("Troubleshooting:")[2].strip()
                raise ContractFailure(f"{failure}\n\nTroubleshooting: {trouble}") from failure.__cause__

        setattr(checked, _MARK, powers)
        # pytest would else look through it for fixtures.
        del checked.__wrapped__
        return checked

    return make


def run(contract: type[Contract], *names: str) -> dict[str, BaseException | None]:
    """Run a contract's checks without pytest.

    Returns:
        For each check that is meant for this gateway its failure, or None.

    """
    outcomes: dict[str, BaseException | None] = {}
    for name in names or contract.checks:
        try:
            getattr(contract(), name)()
        except unittest.SkipTest:
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, the check has failed
            outcomes[name] = error
        else:
            outcomes[name] = None
    return outcomes


def powers_of_check(contract: type[Contract], name: str) -> tuple[str, ...]:
    """Name the powers that a check is for; none: for every gateway."""
    powers: tuple[str, ...] = getattr(getattr(contract, name), _MARK)
    return powers


def covered(contract: type[Contract], powers: tuple[str, ...]) -> None:
    """Fail when no check is for one of these powers."""
    checked = {power for name in contract.checks for power in powers_of_check(contract, name)}
    missing = [power for power in powers if power not in checked]
    if missing:
        fail(f"no check exercises {', '.join(missing)}: use the kit of the paylinks-ports that has this power")
