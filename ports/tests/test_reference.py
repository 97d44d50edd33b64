"""The kit passes a provider that keeps every promise."""

from .contracts import ReferenceContract


class TestReference(ReferenceContract):
    """Every check, on every power."""
