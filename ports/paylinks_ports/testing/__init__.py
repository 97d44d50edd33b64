"""The conformance kit: a partner subclasses a contract, gives examples, and gets the suite. Part of the plugin API."""

from .checks import check, run
from .demo import Demo
from .examples import OnWire, Refusal
from .failures import ContractFailure
from .marketing import IntegrationContract
from .shops import MemoryStore, Shop, ask

__all__ = [
    "ContractFailure",
    "IntegrationContract",
    "MemoryStore",
    "OnWire",
    "ProviderContract",
    "Refusal",
    "Shop",
    "ask",
    "check",
    "run",
]


class ProviderContract(Demo):
    """The contract of a payment provider's plugin: see `ProviderParts` for the examples to give.

    class TestAcme(ProviderContract):
        provider = PROVIDER
        amounts = (OnWire(Money(4999, "USD"), ('"amount":4999',)), …)
    """
