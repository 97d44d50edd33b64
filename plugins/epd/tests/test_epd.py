"""Easy Pay Direct: the same gateway as NMI's, at its own host and under its own name."""

import httpx
import msgspec
import pytest

from paylinks_epd import PROVIDER, EpdCredentials, EpdGateway
from paylinks_nmi import ProcessPaymentBody
from paylinks_ports import (
    CredentialsRejected,
    Money,
    Order,
    Paid,
    Refunded,
    RefundOrder,
    SimulatedWorld,
    SimulatorStore,
    operations_of,
    powers_of,
)

ORDER = Order(order_id="order-1", payment_id="pay_1", attempt_id="att_1", money=Money(4999, "USD"), description="Shirt")


class Store:
    """A store in memory."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Read."""
        return self.entries.get(key)

    async def put(self, key: str, value: str, *, was: str | None) -> bool:
        """Compare and set."""
        if self.entries.get(key) != was:
            return False
        self.entries[key] = value
        return True


def _client(store: SimulatorStore, sent: list[str]) -> httpx.AsyncClient:
    world = SimulatedWorld(store=store, now=lambda: 1_800_000_000_000, base_url="http://localhost:8000")

    async def answer(request: httpx.Request) -> httpx.Response:
        sent.append(str(request.url))
        return await PROVIDER.simulator.answer(request, world)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


async def test_pays_and_gives_back_at_its_own_host() -> None:
    """Charge, upsell, look-up and refund, all at Easy Pay Direct."""
    sent: list[str] = []
    async with _client(Store(), sent) as client:
        gateway = EpdGateway(PROVIDER.simulator.credentials, client)
        started = await gateway.start(ORDER, None)
        assert started.browser["collectJsUrl"] == "https://secure.easypaydirectgateway.com/token/Collect.js"
        assert started.browser["tokenizationKey"]
        paid = await gateway.process_payment(ORDER, None, msgspec.convert({"paymentToken": "any"}, ProcessPaymentBody))
        assert isinstance(paid, Paid)
        assert await gateway.look_up(ORDER, None) == paid
        assert paid.saved_method is not None
        upsell = msgspec.structs.replace(ORDER, attempt_id="att_2", order_id="order-2", money=Money(999, "USD"))
        assert isinstance(await gateway.charge_saved(upsell, paid.saved_method), Paid)
        refund = RefundOrder(
            refund_id="ref_1",
            attempt_id="att_3",
            money=paid.money,
            reference=paid.reference,
            transaction_id=paid.transaction_id,
            paid=paid.money,
        )
        assert isinstance(await gateway.refund(ORDER, refund), Refunded)
    assert {url.rpartition("/api/")[0] for url in sent} == {"https://secure.easypaydirectgateway.com"}


async def test_speaks_of_itself() -> None:
    """A merchant of Easy Pay Direct is not told of NMI."""
    async with _client(Store(), []) as client:
        gateway = EpdGateway(EpdCredentials(security_key="epd_live_sk_1"), client)
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
