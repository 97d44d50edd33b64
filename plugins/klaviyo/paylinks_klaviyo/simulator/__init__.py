"""Klaviyo's offline double: its real wire format, strictly, for lists, profiles, events and subscriptions."""

from paylinks_ports import Simulator

from ..credentials import KlaviyoCredentials
from .front import answer

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(
    credentials=KlaviyoCredentials(private_api_key="pk_paylinks_demo", default_list_id="Wsletr"),
    answer=answer,
)
