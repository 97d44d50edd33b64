"""The hooks that a plugin implements. They only announce, and are called once at start."""

from typing import Any

import pluggy

from .marketing import MarketingIntegration
from .providers import PaymentProvider

__all__ = ["ENTRY_POINTS", "hookimpl", "hookspec"]

ENTRY_POINTS = "paylinks"
"""The group of entry points, and the name of the pluggy project."""

hookspec = pluggy.HookspecMarker(ENTRY_POINTS)
hookimpl = pluggy.HookimplMarker(ENTRY_POINTS)


@hookspec
def payment_provider() -> PaymentProvider[Any]:  # type: ignore[empty-body]  # a specification has no body
    """Announce one payment provider."""


@hookspec
def marketing_integration() -> MarketingIntegration[Any]:  # type: ignore[empty-body]  # likewise
    """Announce one marketing system."""
