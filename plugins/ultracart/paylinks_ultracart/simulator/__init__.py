"""UltraCart's offline double: its real wire format, strictly, for carts, orders, imports and refunds."""

from paylinks_ports import Simulator

from ..credentials import DEMO_CREDENTIALS
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(credentials=DEMO_CREDENTIALS, answer=answer)
