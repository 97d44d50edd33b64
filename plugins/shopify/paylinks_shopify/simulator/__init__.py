"""Shopify's offline double: its Admin API for draft orders and refunds, strictly, and the customer at its checkout."""

from paylinks_ports import Simulator

from ..credentials import DEMO_CREDENTIALS
from .checkout import pay
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(credentials=DEMO_CREDENTIALS, answer=answer, pay=pay)
