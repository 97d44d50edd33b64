"""Konnektive keeps the contract of a payment provider."""

import httpx

from paylinks_konnektive import PROVIDER, KonnektiveCredentials, KonnektiveOptions
from paylinks_konnektive.parameters import shorten
from paylinks_ports import Money, Order, RefundOrder
from paylinks_ports.testing import OnWire, ProviderContract

_READS = frozenset({"/order/query/", "/transactions/query/", "/campaign/query/"})


class TestKonnektive(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    amounts = (
        OnWire(Money(4999, "USD"), ("product1_price=49.99",)),
        OnWire(Money(500, "JPY"), ("product1_price=500.00",)),
        OnWire(Money(1500, "KWD"), ("product1_price=1.50",)),
    )
    unsupported = (Money(1501, "KWD"),)
    wrong_credentials = KonnektiveCredentials(login_id="demo", password="wrong-long-password", campaign_id="1")
    options = KonnektiveOptions(default_product="1")
    signed_webhooks = False
    expiring_webhooks = False
    operations = {  # noqa: RUF012 - the contract declares it as a ClassVar
        "process-payment": {"products": [{"productId": 1, "quantity": 1}], "paymentToken": "$token"}
    }

    def wire_attempt(self, order: Order) -> str:
        """A custom field of theirs is shorter than our id."""
        return shorten(order.attempt_id)

    def wire_refund(self, refund: RefundOrder) -> str | None:
        """Konnektive has no place for our id of a refund."""
        del refund
        return None

    def only_reads(self, request: httpx.Request) -> bool:
        """Some calls of theirs are reads, though all are sent by POST."""
        return request.url.path in _READS
