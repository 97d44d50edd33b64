"""Stripe's offline double: its real wire format, strictly, for payment intents, customers, charges and the balance."""

from paylinks_ports import Simulator

from ..credentials import StripeCredentials
from .front import answer
from .keys import DEMO_PUBLISHABLE_KEY, DEMO_SECRET_KEY, DEMO_WEBHOOK_SECRET

__all__ = ["SIMULATOR"]

SIMULATOR = Simulator(
    credentials=StripeCredentials(
        secret_key=DEMO_SECRET_KEY, publishable_key=DEMO_PUBLISHABLE_KEY, webhook_secret=DEMO_WEBHOOK_SECRET
    ),
    answer=answer,
)
