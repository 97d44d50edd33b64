"""Klaviyo for Paylinks: announces the marketing system."""

from paylinks_ports import MarketingIntegration, hookimpl

from .credentials import KlaviyoCredentials
from .gateway import KlaviyoGateway
from .simulator import SIMULATOR

__all__ = ["INTEGRATION", "KlaviyoCredentials", "KlaviyoGateway", "marketing_integration"]

INTEGRATION = MarketingIntegration(
    name="klaviyo",
    title="Klaviyo",
    missing="Klaviyo not configured. Please add your Private API Key.",
    credentials=KlaviyoCredentials,
    gateway=KlaviyoGateway,
    simulator=SIMULATOR,
)


@hookimpl
def marketing_integration() -> MarketingIntegration[KlaviyoCredentials]:
    """Announce Klaviyo."""
    return INTEGRATION
