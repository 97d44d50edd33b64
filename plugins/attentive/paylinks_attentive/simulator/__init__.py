"""Attentive's offline double: its real wire format, strictly, for users, subscriptions, segments and purchases."""

from paylinks_ports import Simulator

from ..credentials import AttentiveCredentials
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(
    credentials=AttentiveCredentials(api_key="paylinks-demo", sign_up_source_id="demo-email"),
    answer=answer,
)
