"""The conformance kit: a partner subclasses a contract, gives examples, and gets the suite. Part of the plugin API."""

from .checks import check, run
from .demo import Demo
from .examples import OnWire, Refusal
from .failures import ContractFailure
from .marketing import IntegrationContract
from .merchants import Accident, Forward, MemoryStore, Merchant, make_order, make_order_placed, make_refund
from .shops import Shop, ask

__all__ = [
    "Accident",
    "ContractFailure",
    "Forward",
    "IntegrationContract",
    "MemoryStore",
    "Merchant",
    "OnWire",
    "ProviderContract",
    "Refusal",
    "Shop",
    "ask",
    "check",
    "make_order",
    "make_order_placed",
    "make_refund",
    "run",
]


class ProviderContract(Demo):
    """The contract of a payment provider's plugin: see `ProviderParts` for the examples to give.

    class TestAcme(ProviderContract):
        provider = PROVIDER
        amounts = (OnWire(Money(4999, "USD"), ('"amount":4999',)), …)
    """
