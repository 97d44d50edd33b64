"""Fakes of services: a clock one sets, ids one can foresee, a provider that does as told; no storage."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar

import httpx
from msgspec import Struct

from paylinks_ports.errors import CredentialsRejected, ProviderRefused, ProviderUnavailable
from paylinks_ports.marketing import MarketingIntegration, MarketingList, OrderPlaced
from paylinks_ports.money import Money
from paylinks_ports.payments import (
    Canceled,
    Declined,
    LookUpResult,
    NextAction,
    NotFound,
    NotSubmitted,
    Order,
    Paid,
    PaymentResult,
    Pending,
    RequiresAction,
    SavedMethod,
    Started,
    Unknown,
)
from paylinks_ports.providers import DemoWord, Idempotency, Lookup, PaymentProvider, SimulatedWorld, Simulator
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.services import Reply

from .fake_desk import FakeDesk

__all__ = ["FakeAccount", "FakeAccounts", "FakeClock", "FakeGateway", "FakeIds", "Twist", "fake_provider"]
__all__ = ["FakeAccount", "FakeAccounts", "FakeClock", "FakeGateway", "FakeIds", "FakeSender", "Twist", "fake_provider"]
from paylinks_ports.services import TextRecords

__all__ = [
    "FakeAccount",
    "FakeAccounts",
    "FakeClock",
    "FakeGateway",
    "FakeIds",
    "FakeMarketing",
    "FakeMarketingAccounts",
    "FakeResolver",
    "Twist",
    "fake_integration",
    "fake_provider",
]

R = TypeVar("R")

Twist: TypeAlias = Literal["decline", "step", "pending", "lose_reply", "unreachable", "drop_request"]
"""What the next charge comes to, in place of paid. `lose_reply`: it is paid and nobody hears of it; `drop_request`: it
is not even received, and nobody can tell; `unreachable`: provably nothing was sent."""


class FakeClock:
    """A clock that stands still until it is moved; sleeping moves it."""

    def __init__(self, now: int = 1_800_000_000_000) -> None:
        self.time = now

    def now(self) -> int:
        """Tell the time in Unix milliseconds."""
        return self.time

    def move(self, milliseconds: int) -> None:
        """Let time pass."""
        self.time += milliseconds

    async def sleep(self, milliseconds: int) -> None:
        """Let the others run, and time pass."""
        self.time += milliseconds
        await asyncio.sleep(0)


class FakeIds:
    """Ids that count up, so that a test can foresee them and they still sort by age."""

    def __init__(self) -> None:
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def new(self, prefix: str) -> str:
        """Make ``prefix_000001`` and so on."""
        return f"{prefix}_{self._next():06}"

    def code(self) -> str:
        """Make the next code."""
        return f"code{self._next():06}"

    def secret(self, prefix: str) -> str:
        """Make the next secret, in the shape of the real ones: long enough to sign with, and no secret at all."""
        if prefix == "whsec_":
            return prefix + base64.b64encode(self._next().to_bytes(32, "big")).decode()
        return f"{prefix}{self._next():043}"


class FakeGateway(FakeDesk):
    """A provider in memory with books of its own: opens, charges, looks up and cancels, and does as it is told.

    Every call is in `calls`, and what was charged in `books`; a second charge of the same is an `AssertionError`.
    `twists` are used up one a charge. While `gate` is set to an event that is not set, a charge waits for it between
    taking the money and answering, so that a test can look at what happens meanwhile.
    """

    def __init__(self, *, opens: bool = True) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.books: dict[str, Money] = {}
        self.canceled: set[str] = set()
        self.waiting: dict[str, Literal["step", "pending"]] = {}
        self.declined: dict[str, Declined] = {}
        self.twists: list[Twist] = []
        self.gate: asyncio.Event | None = None
        self.reachable = True
        self._opens = opens

    async def start(self, order: Order, reference: str | None) -> Started:
        """Open a payment under its attempt id; the same one again for the same attempt."""
        self._called("start")
        if not self._opens:
            return Started(browser={"tokenizationKey": "tok"})
        return Started(reference=reference or f"ref_{order.attempt_id}", browser={"clientSecret": "shown"})

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Charge, as the next twist says."""
        self._called(f"charge {payment_token}")
        twist = self.twists.pop(0) if self.twists else None
        if twist == "unreachable":
            raise ProviderUnavailable("The provider could not be reached")
        if twist == "drop_request":
            return Unknown(message="lost")
        key = self._key(order, reference)
        if key in self.canceled:
            raise ProviderRefused("It was canceled")
        if twist == "decline":
            self.declined[key] = Declined(code="insufficient_funds", message="no money", retryable=True, reference=key)
            return self.declined[key]
        if twist in ("step", "pending"):
            self.waiting[key] = "step" if twist == "step" else "pending"
            return self._charged(key) or Unknown(message="lost")
        self.pay(key, order.money)
        if self.gate is not None:
            await self.gate.wait()
        lost = Unknown(message="lost")
        return lost if twist == "lose_reply" else self._charged(key) or lost

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Charge a saved method, each attempt for itself, as the next twist says."""
        return await self.charge(order, None, f"saved {saved.token}")

    def pay(self, key: str, money: Money) -> None:
        """Take the money, as the customer does in the browser or at the bank; a second time is what must never be."""
        if key in self.books or key in self.canceled:
            message = f"{key} was charged {'twice' if key in self.books else 'though it is canceled'}"
            raise AssertionError(message)
        self.waiting.pop(key, None)
        self.books[key] = money

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Tell what became of it."""
        self._called("look_up")
        return self._found(self._key(order, reference), known=reference is not None)

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Close it, unless it is paid."""
        self._called("cancel")
        key = self._key(order, reference)
        if key not in self.books:
            self.canceled.add(key)
        return self._found(key)

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if not self.reachable:
            raise ProviderUnavailable("The provider could not be reached")

    def _key(self, order: Order, reference: str | None) -> str:
        return reference or order.attempt_id

    def _found(self, key: str, *, known: bool = True) -> LookUpResult:
        if key in self.canceled:
            return Canceled(reference=key)
        return self._charged(key) or (NotSubmitted(reference=key) if known else NotFound())

    def _charged(self, key: str) -> PaymentResult | None:
        if key in self.books:
            saved = SavedMethod("pm_1", "cus_1")
            return Paid(reference=key, transaction_id=f"ch_{key}", money=self.books[key], saved_method=saved)
        if self.waiting.get(key) == "step":
            return RequiresAction(reference=key, action=NextAction(type="redirect", url="https://bank.example"))
        if key in self.waiting:
            return Pending(reference=key)
        return self.declined.get(key)


class FakeAccount:
    """An opened account whose calls go straight to its gateway."""

    lease = 40_000

    def __init__(self, provider: str, gateway: Any, *, demo: bool) -> None:  # noqa: ANN401 - its powers
        self.provider = provider
        self.gateway = gateway
        self.demo = demo

    def plays(self) -> bool:
        """Say no: these gateways charge from the server, or are paid by a test."""
        return False

    async def play(self, reference: str, word: str) -> None:
        """Play nobody."""

    def card(self, word: str) -> None:
        """Give no card."""

    async def ask(self, call: Awaitable[R], word: DemoWord | None = None) -> R | Unknown:  # noqa: ARG002 - no simulator
        """Await a call of the gateway; of its accidents, `httpx.ConnectError` alone proves that nothing was sent.

        Raises:
            AssertionError: the books say that something happened which must never be.

        """
        try:
            return await call
        except (AssertionError, ProviderUnavailable, CredentialsRejected, ProviderRefused):
            raise
        except httpx.ConnectError:
            raise ProviderUnavailable("The provider could not be reached") from None
        except Exception as error:  # noqa: BLE001 - whatever else it is leaves it in doubt
            return Unknown(message=f"The provider's answer was lost ({type(error).__name__})")


class FakeAccounts:
    """Opens one fake gateway per provider; a brand without credentials gets it in demo mode."""

    def __init__(self, gateways: Mapping[str, Any]) -> None:
        self.gateways = gateways

    async def open(self, brand_id: str, provider: str, setting: PluginSetting | None) -> FakeAccount:
        """Open the provider's gateway."""
        del brand_id
        demo = setting is None or setting.credentials is None
        return FakeAccount(provider, self.gateways[provider], demo=demo)


class FakeSender:
    """A sender to nobody: what was posted is in `posted`, and what comes of it is in `replies`, used up one a post.

    A name that ends in ``.internal`` stands for a private network. While `gate` is an event that is not set, a post to
    one of `slow` waits for it.
    """

    def __init__(self) -> None:
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []
        self.replies: dict[str, list[Reply]] = {}
        self.down: set[str] = set()
        self.slow: set[str] = set()
        self.gate: asyncio.Event | None = None

    async def refusal(self, url: str) -> str | None:
        """Refuse what stands for a private network."""
        host = httpx.URL(url).host
        return "leads into a private or reserved network" if host.endswith(".internal") else None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Keep what was posted, and answer as told: 200 where nothing was."""
        if (refusal := await self.refusal(url)) is not None:
            return Reply(error=f"The address {refusal}")
        self.posted.append((url, body, dict(headers)))
        if self.gate is not None and url in self.slow:
            await self.gate.wait()
        if url in self.down:
            return Reply(error="The connection failed")
        replies = self.replies.get(url)
        return replies.pop(0) if replies else Reply(status=200, body="ok")


class _NoCredentials(Struct, frozen=True):
    """Nothing to enter."""


def fake_provider(
    name: str,
    *,
    browser_pays: bool,
    lookup: Lookup | None = None,
    gateway: Callable[..., Any] = FakeGateway,
    idempotency: Idempotency | None = None,
) -> PaymentProvider[Any]:
    """Announce a provider for `FakeAccounts`; its simulator is never asked."""

    async def silent(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
        del request, world
        return httpx.Response(404)

    return PaymentProvider(
        name=name,
        title=name.title(),
        credentials=_NoCredentials,
        gateway=gateway,
        simulator=Simulator(credentials=_NoCredentials(), answer=silent),
        idempotency=idempotency or Idempotency(),
        lookup=lookup or Lookup(by_reference="authoritative", by_attempt="authoritative"),
        browser_pays=browser_pays,
    )


class FakeMarketing:
    """A marketing system in memory: keeps what it is told, after raising what a test wants of the next calls.

    While `gate` is set to an event that is not set, a call waits for it.
    """

    timeout = 30.0

    def __init__(self) -> None:
        self.gateway = self
        self.told: list[OrderPlaced] = []
        self.calls = 0
        self.failures: list[BaseException] = []
        self.called = asyncio.Event()
        self.gate: asyncio.Event | None = None

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Keep it, or raise."""
        self.calls += 1
        self.called.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.told.append(placed)

    async def lists(self) -> tuple[MarketingList, ...]:
        """Name two lists."""
        return MarketingList(list_id="a", original_name="A"), MarketingList(list_id="b", original_name="B")


class FakeMarketingAccounts:
    """Opens `live` for a brand with credentials, and `demo` without a setting."""

    def __init__(self) -> None:
        self.live = FakeMarketing()
        self.demo = FakeMarketing()

    async def open(self, brand_id: str, integration: str, setting: PluginSetting | None) -> FakeMarketing:
        """Open one of the two."""
        del brand_id, integration
        return self.demo if setting is None or setting.credentials is None else self.live


class _MarketingCredentials(Struct, frozen=True, rename="camel"):
    api_key: str


def fake_integration(name: str, *, repeatable: bool = True) -> MarketingIntegration[Any]:
    """Announce a marketing system that wants an `apiKey`; its simulator is never asked."""
    provider = fake_provider(name, browser_pays=False)
    return MarketingIntegration(
        name=name,
        title=name.title(),
        missing=f"{name.title()} not configured.",
        credentials=_MarketingCredentials,
        gateway=FakeMarketing,
        simulator=Simulator(credentials=_MarketingCredentials(api_key="none"), answer=provider.simulator.answer),
        repeatable=repeatable,
    )


class FakeResolver:
    """A DNS in memory; what a test has not said has no records."""

    def __init__(self) -> None:
        self.records: dict[str, TextRecords] = {}
        self.asked: list[str] = []

    async def texts(self, name: str) -> TextRecords:
        """Read what was put there."""
        self.asked.append(name)
        await asyncio.sleep(0)
        return self.records.get(name, TextRecords())
