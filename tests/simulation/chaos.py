"""Where a run's luck comes from: one seeded source for every choice, and the log of all that happened."""

import asyncio
import hashlib
import random

from msgspec import Struct

__all__ = ["Chaos", "Killed", "Weather"]


class Killed(BaseException):
    """The process is gone: raised at the next port that any of its tasks touches.

    Not an `Exception`, so that nothing in the code under test takes it for an error that it could handle.
    """


class Weather(Struct, frozen=True, kw_only=True):
    """How bad it gets: the chance, at each chance to go wrong, that it does.

    Args:
        kill: the process, at any call of any port.
        storage: the connection to the database, at any statement or commit.
        network: a request or its reply.
        slow: a request is answered late, maybe too late.

    """

    kill: float = 0
    storage: float = 0
    network: float = 0
    slow: float = 0


class Chaos:
    """One run's choices and its log."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - it is to be foreseen
        self.weather = Weather()
        self.spares_us = False  # whether no process and no database ever fails; only others do
        self.log: list[str] = []

    def brew(self, wanted: Weather | None = None) -> None:
        """Choose this run's weather: often one trouble alone, sometimes all of them."""
        pick = self.random.choice
        self.weather = wanted or Weather(
            kill=pick((0, 0, 0.001, 0.003, 0.01)),
            storage=pick((0, 0, 0.003, 0.02)),
            network=pick((0, 0.05, 0.15, 0.4)),
            slow=pick((0, 0.1, 0.3, 0.6)),
        )
        self.spares_us = self.weather.kill == 0 == self.weather.storage
        self.say("weather", repr(self.weather))

    def calm(self) -> None:
        """Let nothing go wrong from now on."""
        self.weather = Weather()
        self.spares_us = False  # whatever still runs ends with the chaos
        self.say("weather", "calm")

    def strikes(self, chance: float) -> bool:
        """Say whether it happens."""
        return chance > 0 and self.random.random() < chance

    def say(self, who: str, what: str) -> None:
        """Add a line to the log."""
        self.log.append(f"{asyncio.get_running_loop().time():>12.3f} {who}: {what}")

    @property
    def digest(self) -> str:
        """The log in short: two runs with the same digest were the same."""
        return hashlib.sha256("\n".join(self.log).encode()).hexdigest()
