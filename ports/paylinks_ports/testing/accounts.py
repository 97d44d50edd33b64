"""Checks of credentials, operations, and of the suite itself."""

import inspect
from typing import Any

import msgspec

from ..credentials import secret_fields
from ..errors import CredentialsRejected
from ..operations import Operation, OperationAnswer, Outcome, operations_of
from ..payments import LookUpResult, Order, Paid, Started
from ..providers import POWERS
from .checks import check, covered
from .contract import text_of
from .failures import expect, fail
from .shops import Shop
from .webhooks import Webhooks

__all__ = ["Accounts"]

_TELLING = ("secret", "password")
_SHORTEST = 8
_MEANINGS: dict[str, tuple[type, ...]] = {"start": (Started,), "charge": (Paid,), "charge_saved": (Paid,)}


class Accounts(Webhooks):
    """What credentials and operations must be."""

    @check()
    async def test_credentials(self) -> None:
        """The credentials Struct makes a form, says what is secret, and shows no secret of itself.

        Troubleshooting: type secrets as `Secret` and the rest as `Plain`, and write a `__repr__` without the secrets:
        msgspec's own shows every field, in each traceback.
        """
        kind = self.provider.credentials
        msgspec.json.encode(msgspec.json.schema(kind))
        secrets = secret_fields(kind)
        expect(secrets, "no field of the credentials is a Secret")
        for field in kind.__struct_fields__:
            if any(word in field for word in _TELLING):
                expect(field in secrets, f"{field} is not typed as Secret")
        own = self.provider.simulator.credentials
        expect(isinstance(own, kind), "the simulator's credentials are of another type")
        credentials = own if self.credentials is None else self.credentials
        again = msgspec.json.decode(msgspec.json.encode(credentials), type=kind)
        expect(again == credentials, "the credentials are not the same after JSON")
        values = [value for field in secrets if (value := getattr(credentials, field))]
        expect(
            any(len(value) >= _SHORTEST for value in values),
            f"give `credentials` with a secret of {_SHORTEST} characters or more: the kit looks for it everywhere",
        )
        async with self.shop() as shop:
            gateway = shop.gateway
            shop.watch.see("a repr", (credentials, gateway))

    @check("check_credentials")
    async def test_check_credentials(self) -> None:
        """Good credentials pass, and refused ones are `CredentialsRejected`; nothing is changed by asking.

        Troubleshooting: ask something that only a right key may read.
        """
        async with self.shop() as shop:
            outcome = await shop.ask("check_credentials")
            expect(outcome is None, f"good credentials gave {shop.told(outcome)}")
            expect(not shop.network.writes, "check_credentials sends a request that changes something")
            expect(shop.network.sent, "check_credentials asks nobody")
            with self.wrong_key(shop) as gateway:
                outcome = await shop.ask("check_credentials", gateway=gateway)
            expect(isinstance(outcome, CredentialsRejected), f"wrong credentials gave {shop.told(outcome)}")

    @check()
    async def test_operations(self) -> None:
        """Each operation takes its example, does what its verb does, and its answer can be written.

        Troubleshooting: give in `operations` for each one its own fields as JSON. The method takes `(order, reference,
        body)`, for ``charge_saved`` `(order, saved, body)`; `answer` has the type of its answer as its return type.
        """
        for operation in operations_of(self.provider.gateway):
            if operation.name not in self.operations:
                fail(f"give an example of the body of {operation.name} in `operations`")
            async with self.shop(demo=not self.ways) as shop:
                await self._operate(shop, operation)

    async def _operate(self, shop: Shop[Any], operation: Operation) -> None:
        first_order = self.order(shop)
        order = self.order(shop)
        reference: str | None = None
        known: dict[str, object] = {"$token": self.payment_token}
        second: object = None
        if operation.verb == "charge_saved":
            paid = await self.paid(shop, first_order)
            if paid.saved_method is None:
                fail("a charge_saved operation needs a saved method")
            second = paid.saved_method
            known |= {
                "$saved_method": paid.saved_method.method,
                "$saved_customer": paid.saved_method.customer,
                "$original_order_id": first_order.order_id,
            }
        elif operation.verb == "look_up":
            second = reference = (await self.paid(shop, order)).reference
        elif operation.verb == "charge":
            second = reference = await self.start(shop, self.again(shop, order))
        known["$reference"] = reference
        body = self._body(operation, order, known)
        if (card := body.raw_card) is not None:
            shop.watch.forbid("a card number", card.number)
        outcome = await shop.ask(operation.method, order, second, body)
        meaning = _MEANINGS.get(operation.verb, (Paid,))
        expect(isinstance(outcome, meaning), f"{operation.name} gave {shop.told(outcome)}")
        if operation.verb in ("charge", "charge_saved"):
            self.is_paid(shop, outcome, order)
            sent = "\n".join(text_of(request) for request in shop.network.writes)
            expect(self.wire_attempt(order) in sent, f"{operation.name} sends no attempt id")
        assert isinstance(outcome, Started | LookUpResult)  # noqa: S101 - seen above, for the type checker
        self._answers(shop, operation, order, outcome)

    def _body(self, operation: Operation, order: Order, known: dict[str, object]) -> Any:  # noqa: ANN401 - of its type
        def filled(value: object) -> object:
            if isinstance(value, dict):
                return {name: filled(one) for name, one in value.items()}
            if isinstance(value, list | tuple):
                return [filled(one) for one in value]
            return known.get(value, value) if isinstance(value, str) else value

        common = {
            "orderId": order.order_id,
            "amount": order.money.amount,
            "currency": order.money.currency,
            "customer": {"email": order.customer.email, "name": order.customer.name},
        }
        own = {name: filled(value) for name, value in self.operations[operation.name].items()}
        try:
            return msgspec.convert(common | own, operation.body)
        except msgspec.ValidationError as error:
            fail(f"the example of {operation.name} does not fit its body: {error}")

    def _answers(self, shop: Shop[Any], operation: Operation, order: Order, result: Started | LookUpResult) -> None:
        outcome = Outcome(
            provider=self.provider.name,
            order_id=order.order_id,
            demo=True,
            reference=getattr(result, "reference", None),
            result=result,
        )
        answer = operation.answer(outcome)
        expect(isinstance(answer, OperationAnswer), f"the answer of {operation.name} is no OperationAnswer")
        expect(isinstance(answer, operation.answer_type), f"the answer of {operation.name} is not of its declared type")
        written = msgspec.json.decode(msgspec.json.encode(answer))
        common = {"provider": self.provider.name, "orderId": order.order_id, "demo": True}
        expect(common.items() <= written.items(), f"the answer of {operation.name} lacks provider, orderId or demo")
        shop.watch.see(f"the answer of {operation.name}", answer)

    @check()
    async def test_every_power_has_a_check(self) -> None:
        """Nothing that the gateway can do goes unchecked.

        Troubleshooting: a power is a method with a name of the plugin API; the kit must be at least as new as the API.
        """
        covered(type(self), self.powers)
        for power in self.powers:
            expect(power in POWERS, f"the plugin API knows no power {power}")
            method = getattr(self.provider.gateway, power)
            pure = power == "read_webhook"
            expect(inspect.iscoroutinefunction(method) is not pure, f"{power} must {'not ' if pure else ''}be async")
        verifies = callable(getattr(self.provider.gateway, "verify_webhook", None))
        expect(verifies is ("read_webhook" in self.powers), "verify_webhook and read_webhook go together")
        pays = self.ways or self.provider.simulator.pay is not None
        expect(pays, "the gateway can't charge, and its Simulator has no `pay`")
        expect("look_up" in self.powers, "without look_up no lost reply is ever settled")
