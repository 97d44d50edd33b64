"""Maropost's offline double: its real wire format, strictly, for lists, contacts, do-not-mail and orders."""

from paylinks_ports import Simulator

from ..credentials import MaropostCredentials
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(
    credentials=MaropostCredentials(account_id="1000", api_key="paylinks-demo", default_list_id="1"),
    answer=answer,
)
