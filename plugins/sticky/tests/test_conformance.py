"""Sticky.io keeps the contract of a payment provider."""

import httpx
import msgspec

from paylinks_ports import Money, RefundOrder
from paylinks_ports.testing import OnWire, ProviderContract
from paylinks_sticky import PROVIDER, StickyCredentials, StickyOptions

_OFFERS = [{"offerId": 1, "productId": 2, "billingModelId": 3, "quantity": 1}]


class TestSticky(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    amounts = (
        OnWire(Money(4999, "USD"), ('"price":"49.99"',)),
        OnWire(Money(500, "JPY"), ('"price":"500.00"',)),
        OnWire(Money(1500, "KWD"), ('"price":"1.50"',)),
    )
    unsupported = (Money(1501, "KWD"),)
    wrong_credentials = StickyCredentials(
        app_key="demo", username="demo", password="wrong-long-password", campaign_id="1"
    )
    options = msgspec.convert({"defaultProduct": {"offerId": "1", "productId": "2"}, "shippingId": "1"}, StickyOptions)
    signed_webhooks = False
    expiring_webhooks = False
    asks_customer = False
    operations = {  # noqa: RUF012 - the contract declares it as a ClassVar
        "create-order": {"offers": _OFFERS},
        "process-payment": {"offers": _OFFERS, "paymentToken": "$token", "prospectId": "$reference"},
    }

    def wire_refund(self, refund: RefundOrder) -> str | None:
        """Sticky.io has no place for our id of a refund."""
        del refund
        return None

    def only_reads(self, request: httpx.Request) -> bool:
        """Some calls of theirs are reads, though all are sent by POST."""
        return request.url.path.rsplit("/", maxsplit=1)[-1] in ("order_view", "order_find", "validate_credentials")
