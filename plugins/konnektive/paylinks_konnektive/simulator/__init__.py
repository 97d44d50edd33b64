"""Konnektive's offline double: the calls that a checkout needs, in their real wire format, strictly."""

from paylinks_ports import Simulator

from ..settings import DEMO
from .cards import card_of
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(credentials=DEMO, answer=answer, card=card_of)
