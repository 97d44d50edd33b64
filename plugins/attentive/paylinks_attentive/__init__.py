"""Attentive for Paylinks: announces the marketing system."""

from paylinks_ports import MarketingIntegration, hookimpl

from .credentials import AttentiveCredentials
from .gateway import AttentiveGateway
from .simulator import SIMULATOR

__all__ = ["INTEGRATION", "AttentiveCredentials", "AttentiveGateway", "marketing_integration"]

INTEGRATION = MarketingIntegration(
    name="attentive",
    title="Attentive",
    missing="Attentive not configured. Please add your API Key.",
    credentials=AttentiveCredentials,
    gateway=AttentiveGateway,
    simulator=SIMULATOR,
    # No document says that a second purchase of one order id is dropped.
    repeatable=False,
)


@hookimpl
def marketing_integration() -> MarketingIntegration[AttentiveCredentials]:
    """Announce Attentive."""
    return INTEGRATION
