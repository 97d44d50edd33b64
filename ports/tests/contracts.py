"""Reference Pay's examples, as a partner gives them."""

from paylinks_ports import Money
from paylinks_ports.testing import OnWire, ProviderContract, Refusal

from .reference import PROVIDER, Credentials

__all__ = ["ReferenceContract"]


class ReferenceContract(ProviderContract):
    """All of them."""

    provider = PROVIDER
    wrong_credentials = Credentials(api_key="rk_wrong_9876543210")
    amounts = (
        OnWire(Money(4999, "USD"), ('"amount":"49.99"', '"currency":"USD"')),
        OnWire(Money(500, "JPY"), ('"amount":"500"', '"currency":"JPY"')),
        OnWire(Money(1500, "KWD"), ('"amount":"1.500"', '"currency":"KWD"')),
    )
    declines = {"tok_expired": Refusal("expired_card", retryable=False)}  # noqa: RUF012 - the contract's own type
    operations = {  # noqa: RUF012 - likewise
        "pay": {"cardToken": "$token"},
        "pay-again": {"method": "$saved_method", "originalOrderId": "$original_order_id"},
    }
