"""The commands, one module each, and what they share: the configuration, and a house opened for one verb."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from dotenv import dotenv_values

from ..config import Config, read_config
from ..house import House, build

__all__ = ["read_environment", "with_house"]

T = TypeVar("T")


def read_environment() -> Config:
    """Read the configuration from the environment, over a `.env` in the folder the command is run in.

    Raises:
        ConfigError: listing every problem.

    """
    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return read_config(written | dict(os.environ))


def with_house(verb: Callable[[House], Awaitable[T]]) -> T:
    """Open all parts, do one thing, and close them."""

    async def run() -> T:
        async with build(read_environment()).open() as house:
            return await verb(house)

    return asyncio.run(run())
