"""A provider that says yes at once: with it a checkout costs what the platform itself costs."""

from pathlib import Path

import httpx
from msgspec import Struct

from paylinks_ports import (
    Idempotency,
    Lookup,
    Order,
    Paid,
    PaymentProvider,
    SavedMethod,
    SimulatedWorld,
    Simulator,
    hookimpl,
)


class Credentials(Struct, frozen=True):
    """Nothing to enter."""


class Gateway:
    """Charges nothing and says paid."""

    def __init__(self, credentials: Credentials, client: httpx.AsyncClient) -> None:
        del credentials, client

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> Paid:
        """Say paid."""
        del reference, payment_token
        saved = SavedMethod("method", "customer")
        return Paid(reference=order.attempt_id, transaction_id=order.attempt_id, money=order.money, saved_method=saved)


async def _silent(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    del request, world
    return httpx.Response(404)


@hookimpl
def payment_provider() -> PaymentProvider[Credentials]:
    """Announce it."""
    return PaymentProvider(
        name="null",
        title="Null",
        credentials=Credentials,
        gateway=Gateway,
        simulator=Simulator(credentials=Credentials(), answer=_silent),
        idempotency=Idempotency(),
        lookup=Lookup(),
    )


def install(folder: Path) -> None:
    """Write what an installer would, so that the platform finds it on a path."""
    information = folder / "paylinks_null-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: paylinks-null\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[paylinks]\nnull = null_provider\n")
    (folder / "null_provider.py").write_text(Path(__file__).read_text())
