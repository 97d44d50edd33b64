"""What outlasts every process: the database, the providers' books, time, and the mail on its way."""

import asyncio
import traceback
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from paylinks_adapters.gateways import StoredEntries
from paylinks_core.access import Access
from paylinks_core.claims import read_claims
from paylinks_core.tenants import DEFAULT_BRAND
from paylinks_ports.errors import PaylinksError
from paylinks_ports.providers import PaymentProvider, SimulatedWorld
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import Brand, Organization
from paylinks_ports.webhooks import WebhookRequest

from .chaos import Chaos
from .facts import Facts, WatchedUnits
from .ledgers import Books, Charge, Ledger
from .processes import Process, Verb
from .receivers import Receiver

__all__ = ["HOUR", "MINUTE", "SECOND", "World"]

T = TypeVar("T")

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
_START = 1_800_000_000_000
_SHIRT = {
    "productName": "Shirt",
    "customer": {"email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "phone": "+12025550123"},
    "shippingAddress": {
        "line1": "1 Main Street",
        "city": "Springfield",
        "state": "IL",
        "postalCode": "62701",
        "country": "US",
    },
}
"""Every order is one customer's, for some providers take orders of one customer together."""
_STEP = 2_000  # milliseconds that a clock may be put forward or back by, all in all


class World:
    """One run's shop, its providers and its processes.

    Args:
        alone: one process at a time, which knows that (SQLite); else two (PostgreSQL).
        demo: the brand has no credentials, so every account is its provider's double.

    """

    base_url = "https://pay.test"

    def __init__(self, seed: int, providers: Mapping[str, tuple[PaymentProvider[Any], Ledger]]) -> None:
        self.seed = seed
        self.chaos = Chaos(seed)
        self.providers = providers
        self.alone = self.chaos.random.random() < 0.5
        self.demo = self.chaos.random.random() < 0.3
        self.facts = Facts()
        self.memory = WatchedUnits(self.facts.watch)
        self.kinds: tuple[str, ...] = ()  # of its endpoints
        self.receivers: dict[str, Receiver] = {}  # by their addresses
        self.books = {name: Books(self.chaos) for name in providers}
        self.habits: tuple[str, ...] = ()  # of its customers
        self.answers: tuple[str, ...] = ()  # of theirs to offers
        self.mail: list[tuple[int, str, WebhookRequest]] = []
        self.processes: list[Process] = []
        self.troubles: list[str] = []
        self.called_paid: set[str] = set()
        self.declined: set[tuple[str, str]] = set()  # offers whose customer was told that they are
        self.settled = 0  # rounds of the calm so far
        self.sleepers = 0  # who wait for tomorrow; as long as there are any, it is night
        self._skew = 0
        self._count = 0

    # ── Time, ids and mail ───────────────────────────────────────────────────────────────────────────────────────────

    def now(self) -> int:
        """Tell the time by the clock on the wall."""
        return self.providers_now() + self._skew

    @staticmethod
    def providers_now() -> int:
        """Tell the true time, which the providers have."""
        return _START + int(asyncio.get_running_loop().time() * 1000)

    def step_clock(self) -> None:
        """Put our own clock forward or back, as a time server does."""
        self._skew = self.chaos.random.randint(-_STEP, _STEP)
        self.chaos.say("clock", f"is {self._skew} ms off")

    def count(self) -> int:
        """Count on, for ids that are the same in each run of a seed."""
        self._count += 1
        return self._count

    async def post(self, brand_id: str, provider: str, request: WebhookRequest, delay: int) -> None:
        """Take a webhook that a simulator sends."""
        del brand_id
        self.chaos.say(provider, "sends a webhook")
        self.mail.append((self.providers_now() + delay, provider, request))

    # ── Providers ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer a live request by the simulator it is for."""
        name = request.url.host.removesuffix(".test")
        return await self.providers[name][0].simulator.answer(request, self.provider_world(name))

    def provider_world(self, name: str) -> SimulatedWorld:
        """Give a simulator what it may use."""

        async def emit(request: WebhookRequest, delay: int) -> None:
            await self.post(DEFAULT_BRAND, name, request, delay)

        store = StoredEntries(self.memory, f"{name}:{DEFAULT_BRAND}") if self.demo else self.books[name]
        return SimulatedWorld(store=store, now=self.providers_now, base_url=self.base_url, emit=emit)

    def entries(self, name: str) -> Mapping[str, str]:
        """Read a provider's whole memory, wherever it lies."""
        if not self.demo:
            return self.books[name].entries
        space = f"{name}:{DEFAULT_BRAND}"
        stored = self.memory.committed.simulator_entries
        return {key: text for (one, key), text in stored.items() if one == space}

    def charges(self) -> list[tuple[str, Charge]]:
        """Read every provider's books."""
        return [
            (name, charge)
            for name, (_, ledger) in self.providers.items()
            for charge in ledger.charges(self.entries(name), self.providers_now())
        ]

    # ── The shop ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def open(self) -> None:
        """Make the brand, with credentials unless it is a demo."""
        organization = Organization(id="org_default", name="Shop", slug="default", created_at=_START)
        brand = Brand(
            id=DEFAULT_BRAND,
            organization_id=organization.id,
            name="Shop",
            slug="default",
            routes_payments=self.chaos.random.random() < 0.5,
            created_at=_START,
        )
        async with self.memory() as work:
            await work.organizations.add(organization)
            await work.brands.add(brand)
            for name, (_, ledger) in self.providers.items():
                credentials = None if self.demo else msgspec.json.encode(ledger.credentials).decode()
                options = msgspec.json.encode(getattr(ledger, "options", {})).decode()
                setting = PluginSetting(
                    brand_id=brand.id, plugin=name, credentials=credentials, options=options, updated_at=_START
                )
                await work.plugin_settings.put(setting)
            await work.commit()
        self.brand = brand

    def access(self, order_id: str, amount: int, currency: str, *, lasts: int, **claims: object) -> Access:
        """Prove the right to pay for an order, as a token issued now would."""
        raw = {"orderId": order_id, "amount": amount, "currency": currency, **_SHIRT, **claims}
        now = self.now()
        return Access(brand=self.brand, claims=read_claims(raw), issued_at=now // SECOND, expires_at=now + lasts)

    # ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def keep_up(self, name: str) -> None:
        """Run a process, and another one in its place a while after it was killed."""
        lives = 0
        while True:
            lives += 1
            process = Process(self, f"{name}{lives}")
            self.processes.append(process)
            process.start()
            await process.life.ended.wait()
            self.processes.remove(process)
            await process.life.gone()
            await asyncio.sleep(self.chaos.random.choice((0.1, 1, 30)))

    def boot(self, name: str) -> Process:
        """Make a process that does nothing by itself."""
        process = Process(self, name)
        self.processes = [process]
        return process

    async def call(self, who: str, what: str, verb: Verb[T]) -> T | PaylinksError | None:
        """Call the shop; None when nothing came back."""
        while not self.processes:  # noqa: ASYNC110 - as a customer does, who is told nothing either
            await asyncio.sleep(0.5)
        process = self.chaos.random.choice(self.processes)
        self.chaos.say(who, f"{what} at {process.life.name}")
        answer = await process.do(f"{who} {what}", verb)
        self.chaos.say(who, f"{what}: {_told(answer)}")
        return answer

    def amiss(self, what: str, error: BaseException | None = None) -> None:
        """Note what must never be."""
        place = "".join(traceback.format_exception(error)[-6:]) if error else ""
        self.troubles.append(what)
        self.chaos.say("!", f"{what}\n{place}" if place else what)


def _told(answer: object) -> str:
    if answer is None:
        return "lost"
    if isinstance(answer, PaylinksError):
        return f"{type(answer).__name__} {answer.details or ''}"
    for name in ("payment", "session", "checkout"):
        if (part := getattr(answer, name, None)) is not None:
            return f"{name} {part.state}"
    return type(answer).__name__
