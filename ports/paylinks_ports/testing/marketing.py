"""The contract of a marketing integration's plugin: every order is an event once, and nobody is subscribed unasked."""

from collections.abc import Awaitable, Collection
from typing import Any, ClassVar

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..credentials import secret_fields
from ..errors import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable
from ..marketing import MarketingIntegration, MarketingList, OrderPlaced, TryLater
from ..money import Money
from ..payments import Address, Customer, LineItem
from ..providers import NoOptions
from .checks import Contract, check, covered
from .failures import expect, fail
from .faults import EMAIL, FAULTS, Fault, Forward, rejecting
from .shops import Shop

__all__ = ["IntegrationContract"]

_WORTH_REPEATING = (TryLater, ProviderUnavailable, httpx.HTTPError)
_SECONDS = 7
# The others have a status of success, which is all that some systems answer to an event.
_FAILED = ("5", "a timeout", "no connection", "a dropped connection")


class IntegrationContract(Contract):
    """What a partner subclasses for a marketing system: the examples, and the checks."""

    integration: ClassVar[MarketingIntegration[Any]]
    """What the plugin announces."""

    credentials: ClassVar[Struct | None] = None
    """What the simulator takes besides its own credentials; None: its own."""

    wrong_credentials: ClassVar[Struct | None] = None
    """Well-formed ones that the simulator refuses."""

    rejection: ClassVar[httpx.Response | None] = None
    """In their place: the system's own answer to a wrong key, where its simulator takes any key."""

    options: ClassVar[Struct | None] = None
    """The plugin's options, where it declares some and their defaults won't do."""

    list_count: ClassVar[int]
    """How many lists the simulator has; enough to fill more than one page, where the system has pages."""

    list_requests: ClassVar[int] = 2
    """How many requests it takes at least to fetch them all."""

    async def events(self, shop: Shop[Any]) -> int:
        """Count the order events in the simulator's books, by a request to it or in `shop.store`."""
        raise NotImplementedError

    async def subscribed(self, shop: Shop[Any]) -> Collection[str]:
        """Name the lists that the customer is on, in the simulator's books."""
        raise NotImplementedError

    @property
    def powers(self) -> tuple[str, ...]:
        """What the gateway class can do."""
        return tuple(
            name for name in ("lists", "order_placed") if callable(getattr(self.integration.gateway, name, None))
        )

    def shop(self, *, demo: bool = False) -> Shop[Any]:
        """Open a new brand at a new simulator."""
        own = self.integration.simulator.credentials
        credentials = own if demo or self.credentials is None else self.credentials
        opened: Shop[Any] = Shop(
            self.integration.simulator,
            credentials,
            self._open,
            watch=self.watch,
            only_reads=lambda request: request.method in ("GET", "HEAD"),
        )
        opened.called = self.exercised
        return opened

    def _open(self, credentials: Struct, client: httpx.AsyncClient) -> object:
        if self.integration.options is NoOptions:
            return self.integration.gateway(credentials, client)
        options = self.integration.options() if self.options is None else self.options
        return self.integration.gateway(credentials, client, options=options)

    def placed(self, shop: Shop[Any], **changes: object) -> OrderPlaced:
        """Make a paid order."""
        made = OrderPlaced(
            event_id=shop.id("evt"),
            order_id=shop.id("order"),
            money=Money(4999, "USD"),
            occurred_at=shop.now,
            customer=Customer(email=EMAIL, first_name="Ada", last_name="Lovelace"),
            shipping_address=Address(line1="1 Main St", city="Austin", state="TX", postal_code="78701", country="US"),
            line_items=(LineItem(id="shirt", name="Blue shirt", quantity=1, unit_price=4999, sku="shirt"),),
        )
        return replace(made, **changes)

    async def call(self, shop: Shop[Any], call: Awaitable[object], power: str) -> object:
        """Await one call; give its result, or what it raised."""
        shop.called.add(power)
        shop.network.forget()
        try:
            outcome: object = await call
        except Exception as error:  # noqa: BLE001 - what it is, is what is checked
            outcome = error
        if not isinstance(outcome, Exception) or isinstance(outcome, PaylinksError):
            self.watch.see(f"what {power} gave: {type(outcome).__name__}", outcome)
        return outcome

    async def place(self, shop: Shop[Any], placed: OrderPlaced) -> None:
        """Tell of an order, and fail unless that worked."""
        outcome = await self.call(shop, shop.gateway.order_placed(placed), "order_placed")
        expect(outcome is None, f"order_placed gave {type(outcome).__name__}")

    @check("lists")
    async def test_lists(self) -> None:
        """All lists are fetched, over all pages, each once and with its name.

        Troubleshooting: follow the system's own word for the next page until there is none.
        """
        for demo in (False, True):
            async with self.shop(demo=demo) as shop:
                found = await self.call(shop, shop.gateway.lists(), "lists")
                if not isinstance(found, tuple):
                    fail(f"lists gave {type(found).__name__} in place of a tuple")
                named = all(isinstance(one, MarketingList) and one.list_id and one.original_name for one in found)
                expect(named, "a list needs an id and a name")
                expect(len({one.list_id for one in found}) == len(found), "a list is there twice")
                expect(len(found) == self.list_count, f"there are {self.list_count} lists, and it found {len(found)}")
                enough = len(shop.network.sent) >= self.list_requests
                expect(enough, f"it took {len(shop.network.sent)} requests: one page is not all")
                expect(not shop.network.writes, "lists sends a request that changes something")

    @check("order_placed")
    async def test_an_order_is_one_event(self) -> None:
        """However often it is told, and whatever is lost on the way, an order is one event.

        Troubleshooting: send `placed.event_id` as the id by which the system knows a repeated event, and make the event
        the last thing you send.
        """
        async with self.shop() as shop:
            placed = self.placed(shop)
            for _ in range(2):
                await self.place(shop, placed)
                expect(await self.events(shop) == 1, f"one order told twice is {await self.events(shop)} events")
            count = len(shop.network.sent)
            await self.place(shop, self.placed(shop))
            expect(await self.events(shop) == 2, "a second order is no second event")  # noqa: PLR2004 - a second one
        for index in range(count):
            for fault in FAULTS:
                async with self.shop() as shop:
                    placed = self.placed(shop)
                    shop.fail_at(fault, index)
                    await self.call(shop, shop.gateway.order_placed(placed), "order_placed")
                    shop.fail_at(None)
                    await self.place(shop, placed)
                    expect(await self.events(shop) == 1, f"repeated after {fault.name}, it is not one event")

    @check("order_placed")
    async def test_consent(self) -> None:
        """Only who has agreed is subscribed, and only to the brand's chosen lists.

        Troubleshooting: without `placed.consent` write the profile and the event, and touch no list.
        """
        for consent in (False, True):
            async with self.shop() as shop:
                lists = await shop.gateway.lists() if "lists" in self.powers else ()
                chosen = tuple(one.list_id for one in lists[:1])
                await self.place(shop, self.placed(shop, consent=consent, list_ids=chosen))
                expected = set(chosen) if consent else set()
                on = set(await self.subscribed(shop))
                expect(on == expected, f"with consent={consent} the customer is on {len(on)} lists")

    @check("lists", "order_placed")
    async def test_try_later(self) -> None:
        """A 429 is `TryLater`, with the seconds of its Retry-After.

        Troubleshooting: read the header on every answer; without it `seconds` is None.
        """
        for header, seconds in (({"retry-after": str(_SECONDS)}, _SECONDS), ({}, None)):

            async def act(request: httpx.Request, forward: Forward, header: dict[str, str] = header) -> httpx.Response:  # noqa: ARG001 - it goes nowhere
                return httpx.Response(429, headers=header, json={}, request=request)

            fault = Fault("a 429", reaches=False, act=act)
            for power, outcome in await self._disturbed(fault):
                expect(isinstance(outcome, TryLater), f"{power} after a 429 gave {type(outcome).__name__}")
                if isinstance(outcome, TryLater):
                    expect(outcome.seconds == seconds, f"{power} after a 429 waits for {outcome.seconds} s")

    async def _disturbed(self, fault: Fault) -> list[tuple[str, object]]:
        """Let an accident happen to the first request of each call."""
        told = []
        for power in self.powers:
            async with self.shop() as shop:
                shop.fail_at(fault)
                call = shop.gateway.lists() if power == "lists" else shop.gateway.order_placed(self.placed(shop))
                told.append((power, await self.call(shop, call, power)))
        return told

    @check("lists", "order_placed")
    async def test_accidents(self) -> None:
        """What did not work is raised: it is repeated where that is any use, and never taken for done.

        Troubleshooting: an error 5xx is `ProviderUnavailable`, httpx's errors go through, and only what the system
        refuses in its own form is `ProviderRefused`.
        """
        for fault in FAULTS:
            for power, outcome in await self._disturbed(fault):
                told = f"{power} after {fault.name} gave {type(outcome).__name__}"
                failed = fault.name.startswith(_FAILED)
                if power == "lists" or failed or fault.answers:
                    expect(isinstance(outcome, Exception), f"{told}, as if it had worked")
                if isinstance(outcome, Exception) and not fault.answers:
                    refused = isinstance(outcome, CredentialsRejected | ProviderRefused)
                    expect(not refused, f"{told}, which nobody said")
                if failed:
                    expect(isinstance(outcome, _WORTH_REPEATING), f"{told}, and so would not be repeated")

    @check("lists", "order_placed")
    async def test_a_wrong_key(self) -> None:
        """With refused credentials each call is `CredentialsRejected`.

        Troubleshooting: give an example in `wrong_credentials`, or in `rejection` where the simulator takes any key.
        """
        for power in self.powers:
            async with self.shop() as shop:
                gateway = shop.gateway
                if self.wrong_credentials is not None:
                    gateway = shop.another(self.wrong_credentials)
                elif self.rejection is not None:
                    shop.fail_at(rejecting(self.rejection))
                else:
                    fail("give `wrong_credentials`, or `rejection` where the simulator takes any key")
                call = gateway.lists() if power == "lists" else gateway.order_placed(self.placed(shop))
                outcome = await self.call(shop, call, power)
                expect(isinstance(outcome, CredentialsRejected), f"{power} gave {type(outcome).__name__}")

    @check()
    async def test_credentials(self) -> None:
        """The credentials Struct makes a form, says what is secret, and shows no secret of itself.

        Troubleshooting: type secrets as `Secret`, and write a `__repr__` without them.
        """
        kind = self.integration.credentials
        msgspec.json.encode(msgspec.json.schema(kind))
        expect(secret_fields(kind), "no field of the credentials is a Secret")
        credentials = self.integration.simulator.credentials if self.credentials is None else self.credentials
        async with self.shop() as shop:
            shop.watch.see("a repr", (credentials, shop.gateway))
        expect(self.integration.missing.strip(), "`missing` is the sentence for a brand without credentials")

    @check()
    async def test_every_power_has_a_check(self) -> None:
        """The gateway can do something, and nothing that it can do goes unchecked.

        Troubleshooting: the powers of an integration are `lists` and `order_placed`.
        """
        expect(self.powers, "the gateway has neither lists nor order_placed")
        covered(type(self), self.powers)
