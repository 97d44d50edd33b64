"""Checks of webhooks, with the one that the simulator sends for ``demo_processing``."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from ..credentials import secret_fields
from ..errors import InvalidSignature
from ..payments import Order
from ..webhooks import PaymentNews, RefundNews, WebhookEvent, WebhookRequest
from .checks import check
from .failures import expect, fail
from .opening import Opening
from .shops import Shop

__all__ = ["Webhooks"]

_DAY = 86_400_000


def _altered(text: str) -> str:
    """Write another secret of the same form: each letter and digit behind the prefix is the next one."""
    prefix, _, rest = text.rpartition("_")
    moved = "".join(
        chr((ord(one) - ord(first) + 1) % size + ord(first))
        if (first := "a" if one.islower() else "A" if one.isupper() else "0" if one.isdigit() else "")
        and one.isascii()
        and (size := 10 if first == "0" else 26)
        else one
        for one in rest
    )
    return f"{prefix}_{moved}" if prefix else moved


class Webhooks(Opening):
    """What verify_webhook and read_webhook must do."""

    async def _told(self, shop: Shop[Struct]) -> tuple[Order, str, WebhookRequest]:
        """Have the simulator tell of a payment that took its time."""
        order = self.order(shop)
        outcome, reference = await self.pay(shop, order, "demo_processing")
        reference = str(getattr(outcome, "reference", None) or reference)
        if not shop.emitted:
            fail("the simulator emits no webhook for demo_processing")
        request, delay = shop.emitted[-1]
        shop.now += delay
        shop.called.add("read_webhook")
        return order, reference, replace(request, received_at=shop.now)

    def _read(self, shop: Shop[Struct], request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        try:
            events: tuple[WebhookEvent, ...] = shop.gateway.read_webhook(request)
        except Exception as error:  # noqa: BLE001 - that is what is checked
            fail(f"read_webhook of the provider's own webhook raised {type(error).__name__}")
        shop.watch.see("what read_webhook gave", events)
        return events

    def _verified(self, gateway: object, request: WebhookRequest) -> bool:
        try:
            gateway.verify_webhook(request)  # type: ignore[attr-defined]  # a gateway is its powers
        except InvalidSignature as error:
            self.watch.see("an InvalidSignature", error)
            return False
        except Exception as error:  # noqa: BLE001 - that is what is checked
            fail(f"verify_webhook raised {type(error).__name__} in place of InvalidSignature")
        return True

    def _is_secret(self, name: str) -> bool:
        return any(word in name.lower() for word in self.secret_headers)

    def _bare(self, request: WebhookRequest) -> WebhookRequest:
        """Take out what the platform does not store."""
        headers = {name: value for name, value in request.headers.items() if not self._is_secret(name)}
        query = {name: value for name, value in request.query.items() if not self._is_secret(name)}
        return replace(request, headers=headers, query=query)

    def _believed_with(self, shop: Shop[Struct], request: WebhookRequest, changes: Mapping[str, str | None]) -> bool:
        """Have a webhook verified by an account with other credentials."""
        return self._verified(shop.another(replace(shop.credentials, **changes)), request)

    @check("read_webhook")
    async def test_a_webhook(self) -> None:
        """The provider's webhook is believed, read without its secrets, and has the same id each time.

        Troubleshooting: `read_webhook` is also asked for stored requests whose signature is gone. The id is the
        provider's own, else a digest of what the event says: never of the time it came.
        """
        async with self.shop(demo=True) as shop:
            order, reference, request = await self._told(shop)
            expect(self._verified(shop.gateway, request), "the simulator's own webhook is refused")
            shop.network.forget()
            events = self._read(shop, request)
            later = replace(self._bare(request), received_at=request.received_at + _DAY)
            expect(not shop.network.sent, "reading a webhook sent a request")
            expect(events and all(event.id and event.type for event in events), "an event needs an id and a type")
            ids = [event.id for event in events]
            expect([event.id for event in self._read(shop, later)] == ids, "sent again, an event has another id")
            news = [event.news for event in events if isinstance(event.news, PaymentNews)]
            known = {reference, order.attempt_id, order.order_id} - {None}
            told = any({one.reference, one.attempt_id, one.order_id} & known for one in news)
            expect(told, "the webhook does not say which payment it is about")
            for one in news:
                if one.paid is not None:
                    self.is_paid(shop, one.paid, order)
            second, _, again = await self._told(shop)
            others = [event.id for event in self._read(shop, again)]
            expect(not set(others) & set(ids), f"the event of another payment ({second.order_id}) has the same id")

    @check("read_webhook")
    async def test_forged_webhooks(self) -> None:
        """What is altered, unsigned, signed by another or sent again much later is refused.

        Troubleshooting: compute the signature over the raw bytes, compare with `hmac.compare_digest`, and measure the
        time in it against `request.received_at`. If the provider signs nothing, set `signed_webhooks` to False; if it
        signs no time, set `expiring_webhooks` to False.
        """
        async with self.shop(demo=True) as shop:
            _, _, request = await self._told(shop)
            expect(not self._verified(shop.gateway, self._bare(request)), "a webhook without signature is believed")
            secrets = secret_fields(type(shop.credentials))
            entered = {field: value for field in secrets if (value := getattr(shop.credentials, field))}
            optional = {field.name for field in fields(type(shop.credentials)) if field.default is None} & secrets
            expect(
                not self._believed_with(shop, request, {field: _altered(value) for field, value in entered.items()}),
                "a webhook of another account's secret is believed",
            )
            # By the platform's rule of names; what else is optional may be needed for an account to be one at all.
            own = [field for field in entered if field in optional and field.startswith("webhook")]
            if own:
                nothing = self._believed_with(shop, request, dict.fromkeys(own))
                expect(not nothing, "a webhook is believed where the brand has entered no secret to prove it by")
            headers, query = dict.fromkeys(request.headers, ""), dict.fromkeys(request.query, "")
            emptied = replace(request, headers=headers, query=query)
            expect(not self._verified(shop.gateway, emptied), "a webhook with an empty signature is believed")
            if self.signed_webhooks:
                for body in (request.body + b" ", request.body.replace(b"1", b"2", 1) + b"\n", b""):
                    altered = replace(request, body=body)
                    expect(not self._verified(shop.gateway, altered), "an altered webhook is believed")
            if self.signed_webhooks and self.expiring_webhooks:
                late = replace(request, received_at=request.received_at + _DAY)
                expect(not self._verified(shop.gateway, late), "a webhook of yesterday is believed")

    @check("read_webhook")
    async def test_unsigned_webhooks_prove_nothing(self) -> None:
        """An event that nobody signed is a hint, and carries neither `paid` nor `result`.

        Troubleshooting: a shared secret in a header or a parameter says who may call, not what the body says. Leave
        `paid` and `result` out; the platform then asks the provider.
        """
        async with self.shop(demo=True) as shop:
            _, _, request = await self._told(shop)
            for event in self._read(shop, request):
                news = event.news
                proof = (
                    news.paid
                    if isinstance(news, PaymentNews)
                    else news.result
                    if isinstance(news, RefundNews)
                    else None
                )
                expect(self.signed_webhooks or proof is None, "an unsigned event carries proof")

    @check("read_webhook")
    async def test_nonsense_webhooks(self) -> None:
        """A body that is not in the provider's form is a `ValueError`, or nothing of ours.

        Troubleshooting: decode into a Struct (`msgspec.DecodeError` is a `ValueError`), or catch what a parser raises.
        """
        async with self.shop(demo=True) as shop:
            _, _, request = await self._told(shop)
            half = request.body[: len(request.body) // 2]
            for body in (b"", b"\xff\x00", b"null", b"[]", b"17", b'{"unexpected": [1]}', b"a=b&c", half):
                try:
                    events = shop.gateway.read_webhook(replace(request, query={}, body=body))
                except ValueError:
                    continue
                except Exception as error:  # noqa: BLE001 - that is what is checked
                    fail(f"read_webhook of nonsense raised {type(error).__name__}")
                msgspec.json.encode(events)
                for event in events:
                    news = event.news
                    expect(not (isinstance(news, PaymentNews) and news.paid), "nonsense is told as a payment")
