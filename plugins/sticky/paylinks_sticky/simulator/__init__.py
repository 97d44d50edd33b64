"""Sticky.io's offline double: the calls of its API v1 that a checkout needs, in their real wire format, strictly."""

from paylinks_ports import Simulator

from ..settings import DEMO
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(credentials=DEMO, answer=answer)
