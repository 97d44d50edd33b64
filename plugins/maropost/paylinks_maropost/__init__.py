"""Maropost for Paylinks: announces the marketing system."""

from paylinks_ports import MarketingIntegration, hookimpl

from .credentials import MaropostCredentials
from .gateway import MaropostGateway
from .simulator import SIMULATOR

__all__ = ["INTEGRATION", "MaropostCredentials", "MaropostGateway", "marketing_integration"]

INTEGRATION = MarketingIntegration(
    name="maropost",
    title="Maropost",
    missing="Maropost not configured. Please add your Account ID and API Key.",
    credentials=MaropostCredentials,
    gateway=MaropostGateway,
    simulator=SIMULATOR,
)


@hookimpl
def marketing_integration() -> MarketingIntegration[MaropostCredentials]:
    """Announce Maropost."""
    return INTEGRATION
