"""What each provider's own books say was charged: read from its simulator's store, not through our gateway."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from paylinks_ports.hookspecs import ENTRY_POINTS
from paylinks_ports.providers import PaymentProvider

from .books import Books, Browser, Charge, Desk, Diary, Ledger

__all__ = ["Books", "Browser", "Charge", "Desk", "Diary", "Ledger", "installed"]


@cache
def installed() -> dict[str, tuple[PaymentProvider[Any], Ledger]]:
    """Find the providers that are installed and have a ledger here; one of our own, without any kindness, is always."""
    from .frail import FRAIL, PLAIN, FrailLedger

    found: dict[str, tuple[PaymentProvider[Any], Ledger]] = {
        provider.name: (provider, FrailLedger()) for provider in (FRAIL, PLAIN)
    }
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda one: one.name):
        module = f"{__name__}.{entry.name}"
        if find_spec(module) is None:
            continue
        plugin = entry.load()
        ledger: Ledger = import_module(module).LEDGER
        provider = plugin.payment_provider()
        found[provider.name] = (getattr(ledger, "apart", _as_it_is)(provider), ledger)
    return found


def _as_it_is(provider: PaymentProvider[Any]) -> PaymentProvider[Any]:
    return provider
