"""Easy Pay Direct: the same gateway as NMI's, at its own host and under its own name."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from paylinks_epd import PROVIDER, EpdCredentials, EpdGateway
from paylinks_nmi.operations import ProcessPaymentBody
from paylinks_ports import CredentialsRejected, Money, Paid, Refunded, operations_of, powers_of
from paylinks_ports.testing import Merchant, make_order, make_refund

ORDER = make_order()


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant(PROVIDER.simulator)
    yield made
    await made.aclose()


async def test_pays_and_gives_back_at_its_own_host(merchant: Merchant) -> None:
    """Charge, upsell, look-up and refund, all at Easy Pay Direct."""
    gateway = EpdGateway(PROVIDER.simulator.credentials, merchant.client)
    started = await gateway.start(ORDER, None)
    assert started.browser["collectJsUrl"] == "https://secure.easypaydirectgateway.com/token/Collect.js"
    assert started.browser["tokenizationKey"]
    paid = await gateway.process_payment(ORDER, None, msgspec.convert({"paymentToken": "any"}, ProcessPaymentBody))
    assert isinstance(paid, Paid)
    assert await gateway.look_up(ORDER, None) == paid
    assert paid.saved_method is not None
    upsell = msgspec.structs.replace(ORDER, attempt_id="att_2", order_id="order-2", money=Money(999, "USD"))
    assert isinstance(await gateway.charge_saved(upsell, paid.saved_method), Paid)
    assert isinstance(await gateway.refund(ORDER, make_refund(paid)), Refunded)
    hosts = {str(request.url).rpartition("/api/")[0] for request in merchant.network.sent}
    assert hosts == {"https://secure.easypaydirectgateway.com"}


async def test_speaks_of_itself(merchant: Merchant) -> None:
    """A merchant of Easy Pay Direct is not told of NMI."""
    gateway = EpdGateway(EpdCredentials(security_key="epd_live_sk_1"), merchant.client)
    with pytest.raises(CredentialsRejected, match=r"^Easy Pay Direct does not accept"):
        await gateway.check_credentials()
    with pytest.raises(CredentialsRejected, match=r"^Easy Pay Direct does not accept"):
        await gateway.charge(ORDER, None, "any")


def test_announcement() -> None:
    """All of NMI's powers, and the one operation that it has under this name."""
    assert PROVIDER.name == "epd"
    assert powers_of(EpdGateway) == (
        "start",
        "charge",
        "charge_saved",
        "look_up",
        "refund",
        "look_up_refund",
        "read_webhook",
        "check_credentials",
    )
    assert [(one.name, one.verb) for one in operations_of(EpdGateway)] == [("process-payment", "charge")]
    assert operations_of(EpdGateway)[0].body is ProcessPaymentBody
    assert "demo" not in repr(PROVIDER.simulator.credentials).replace("demo-tokenization-key", "")
