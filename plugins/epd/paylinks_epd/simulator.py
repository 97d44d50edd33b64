"""The gateway's offline double is NMI's own; its answers are the same at every host."""

from msgspec import structs

from paylinks_nmi import PROVIDER, answer
from paylinks_ports import Simulator

from .credentials import EpdCredentials

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(credentials=EpdCredentials(**structs.asdict(PROVIDER.simulator.credentials)), answer=answer)
