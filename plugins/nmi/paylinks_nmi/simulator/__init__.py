"""The gateway's offline double: its real wire format, strictly, for sales, voids, refunds, the vault and reports."""

from paylinks_ports import Simulator

from ..credentials import NmiCredentials
from .front import answer
from .keys import DEMO_SECURITY_KEY, DEMO_SIGNING_KEY, DEMO_TOKENIZATION_KEY

__all__ = ["SIMULATOR", "answer"]

SIMULATOR = Simulator(
    credentials=NmiCredentials(
        security_key=DEMO_SECURITY_KEY,
        tokenization_key=DEMO_TOKENIZATION_KEY,
        webhook_signing_key=DEMO_SIGNING_KEY,
    ),
    answer=answer,
)
