"""The contract of a payment provider's plugin: what a partner subclasses, and the examples it gives."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import unquote_plus

import httpx
import msgspec
from msgspec import Struct

from ..cards import Card
from ..money import Money
from ..operations import Operation, operations_of
from ..payments import Address, Customer, LineItem, Order, Paid, SavedMethod, Started
from ..providers import NoOptions, PaymentProvider, powers_of
from ..refunds import RefundOrder
from .checks import Contract
from .examples import OnWire, Refusal
from .failures import expect, fail
from .faults import EMAIL, rejecting
from .shops import Shop

__all__ = ["FIRST_WAYS", "ProviderParts", "text_of"]

FIRST_WAYS = ("charge", "charge_card")
"""The powers that take a customer's first payment."""

_HOUR = 3_600_000
_ADDRESS = Address(line1="1 Main Street", city="Austin", state="TX", postal_code="78701", country="US")


def text_of(request: httpx.Request) -> str:
    """All of a request in one text, as it is and percent-decoded."""
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    raw = f"{request.url}\n{headers}\n{request.content.decode(errors='replace')}"
    return f"{raw}\n{unquote_plus(raw)}"


class ProviderParts(Contract):
    """The examples, and how the checks pay and ask."""

    provider: ClassVar[PaymentProvider[Any]]
    """What the plugin announces."""

    amounts: ClassVar[tuple[OnWire, ...]]
    """One amount at least for each number of decimals (0: JPY, 2: USD, 3: KWD) that the provider takes. The first is
    the one that all other checks use."""

    unsupported: ClassVar[tuple[Money, ...]] = ()
    """An amount for each number of decimals that the provider can't take: refused before anything is sent."""

    credentials: ClassVar[Struct | None] = None
    """What the simulator takes besides its own credentials; its secrets are long, for they are looked for everywhere.
    None: the simulator's own do."""

    wrong_credentials: ClassVar[Struct | None] = None
    """Well-formed ones that the simulator refuses."""

    rejection: ClassVar[httpx.Response | None] = None
    """In their place: the provider's own answer to a wrong key, where its simulator takes any key."""

    options: ClassVar[Struct | None] = None
    """The plugin's options, where it declares some and their defaults won't do."""

    payment_token: ClassVar[str] = "tok_visa"  # noqa: S105 - it opens nothing
    """A fresh token that is paid; under the simulator's own credentials any text is."""

    declines: ClassVar[Mapping[str, Refusal]] = {}
    """Further tokens that are declined under `credentials`, and what they must be told as."""

    operations: ClassVar[Mapping[str, Mapping[str, object]]] = {}
    """For each operation its own fields, as JSON. The texts ``$reference``, ``$token``, ``$saved_method``,
    ``$saved_customer`` and ``$original_order_id`` stand for what an earlier step of the same payment gave."""

    signed_webhooks: ClassVar[bool] = True
    """The provider signs the body: an altered one is refused, and an event may carry proof."""

    expiring_webhooks: ClassVar[bool] = True
    """The signature has a time in it: one of yesterday is refused."""

    secret_headers: ClassVar[tuple[str, ...]] = ("authorization", "signature", "secret", "hmac", "token")
    """Words by which a webhook's headers and parameters are known to hold its secret or signature."""

    asks_customer: ClassVar[bool] = True
    """``demo_3ds`` gives `RequiresAction`; False where the provider's protocol has no such step."""

    def change_order(self, order: Order) -> Order:
        """Add what the provider cannot do without, such as `extra`."""
        return order

    def wire_attempt(self, order: Order) -> str:
        """Say how the attempt's id is written on the wire, where the provider's field is too short for all of it."""
        return order.attempt_id

    def wire_refund(self, refund: RefundOrder) -> str | None:
        """Say how the refund's id is written on the wire; None where the provider has no place for it."""
        return refund.refund_id

    def only_reads(self, request: httpx.Request) -> bool:
        """Say whether a request changes nothing, where the provider reads by POST, too."""
        return request.method in ("GET", "HEAD")

    @property
    def powers(self) -> tuple[str, ...]:
        """What the gateway class can do; paying at the provider is one, too."""
        return powers_of(self.provider.gateway)

    @property
    def ways(self) -> tuple[str, ...]:
        """By which powers it charges."""
        return tuple(power for power in (*FIRST_WAYS, "charge_saved") if power in self.powers)

    def shop(self, *, demo: bool = False) -> Shop[Any]:
        """Open a new merchant at a new simulator.

        Args:
            demo: with the simulator's own credentials, which know the demo words.

        """
        own = self.provider.simulator.credentials
        opened: Shop[Any] = Shop(
            self.provider.simulator,
            own if demo or self.credentials is None else self.credentials,
            self._open,
            watch=self.watch,
            only_reads=self.only_reads,
        )
        opened.called = self.exercised
        return opened

    def _open(self, credentials: Struct, client: httpx.AsyncClient) -> object:
        if self.provider.options is NoOptions:
            return self.provider.gateway(credentials, client)
        options = self.provider.options() if self.options is None else self.options
        return self.provider.gateway(credentials, client, options=options)

    def order(self, shop: Shop[Any], money: Money | None = None) -> Order:
        """Make a new order of a new attempt."""
        money = money or self.amounts[0].money
        made = Order(
            order_id=shop.id("order"),
            payment_id=shop.id("pay"),
            attempt_id=shop.id("att"),
            money=money,
            description="Blue shirt",
            customer=Customer(email=EMAIL, first_name="Ada", last_name="Lovelace", phone="+1 512 555 0100"),
            shipping_address=_ADDRESS,
            billing_address=_ADDRESS,
            line_items=(LineItem(id="shirt", name="Blue shirt", quantity=1, unit_price=money.amount, sku="shirt"),),
            metadata={"campaign": "spring"},
            return_url="http://localhost:8000/c/abc",
            ip_address="203.0.113.7",
        )
        return self.change_order(made)

    def again(self, shop: Shop[Any], order: Order) -> Order:
        """Make another attempt of the same order."""
        return msgspec.structs.replace(order, attempt_id=shop.id("att"))

    def card(self, shop: Shop[Any], token: str) -> Card:
        """Have the simulator's own card for a demo word, or for any other text."""
        make = self.provider.simulator.card
        if make is None:
            fail("the gateway has charge_card, so its Simulator needs `card`")
        card = make(token)
        shop.watch.forbid("a card number", card.number)
        return card

    async def start(self, shop: Shop[Any], order: Order) -> str | None:
        """Open a payment where the provider opens one before the charge, and give its reference."""
        if "start" not in self.powers:
            return None
        started = await shop.ask("start", order, None)
        expect(isinstance(started, Started), f"start gave {shop.told(started)} in place of Started")
        assert isinstance(started, Started)  # noqa: S101 - for the type checker
        return started.reference

    async def charge(
        self, shop: Shop[Any], way: str, order: Order, reference: str | None, token: str | SavedMethod
    ) -> object:
        """Charge by one power; a demo word also stands in the call itself, where a token can't say it."""
        if isinstance(token, SavedMethod):
            return await shop.ask("charge_saved", order, token)
        given = self.card(shop, token) if way == "charge_card" else token
        return await shop.ask(way, order, reference, given)

    async def pay(
        self, shop: Shop[Any], order: Order, token: str | None = None, *, opened: str | None = None
    ) -> tuple[object, str | None]:
        """Pay an order in the provider's first way; give what came of it, and the reference known before.

        As on the platform, what is opened is opened by an attempt of its own, and each charge is another one.

        Args:
            opened: what an earlier try of the same order has opened.

        """
        token = token or self.payment_token
        way = next((power for power in FIRST_WAYS if power in self.powers), None)
        reference = opened or await self.start(shop, self.again(shop, order))
        if way is not None:
            return await self.charge(shop, way, order, reference, token), reference
        play = self.provider.simulator.pay
        if play is None or reference is None:
            fail("the gateway has no charge, so it needs start, and its Simulator needs `pay`")
        try:
            await play(reference, token, shop.world)
        except httpx.TransportError as error:
            return error, reference
        return await shop.ask("look_up", order, reference), reference

    async def paid(self, shop: Shop[Any], order: Order) -> Paid:
        """Pay an order, as every check does that begins with a paid one."""
        outcome, _ = await self.pay(shop, order)
        return self.is_paid(shop, outcome, order)

    def is_paid(self, shop: Shop[Any], outcome: object, order: Order) -> Paid:
        """Fail unless it is `Paid`, with ids and the order's own money."""
        expect(isinstance(outcome, Paid), f"it gave {shop.told(outcome)} in place of Paid")
        assert isinstance(outcome, Paid)  # noqa: S101 - for the type checker
        expect(outcome.money == order.money, f"it says that {outcome.money} was paid, and {order.money} was asked")
        expect(outcome.reference and outcome.transaction_id, "Paid needs a reference and a transaction id")
        return outcome

    def proof(self, reference: str | None) -> str:
        """What a look-up proves, asked like this."""
        lookup = self.provider.lookup
        return lookup.by_attempt if reference is None else lookup.by_reference

    async def find(self, shop: Shop[Any], order: Order, reference: str | None) -> tuple[object, object]:
        """Look up at once, and again an hour later, when every search index has caught up."""
        shop.fail_at(None)
        first = await shop.ask("look_up", order, reference)
        shop.now += _HOUR
        later = await shop.ask("look_up", order, reference)
        return first, later

    @contextmanager
    def wrong_key(self, shop: Shop[Any]) -> Iterator[object]:
        """Give a gateway whose credentials the provider refuses."""
        if self.wrong_credentials is not None:
            yield shop.another(self.wrong_credentials)
            return
        if self.rejection is None:
            fail("give `wrong_credentials`, or `rejection` where the simulator takes any key")
        shop.fail_at(rejecting(self.rejection))
        yield shop.gateway
        shop.fail_at(None)

    def operation(self, name: str) -> Operation:
        """Find an operation by its name."""
        return next(one for one in operations_of(self.provider.gateway) if one.name == name)
