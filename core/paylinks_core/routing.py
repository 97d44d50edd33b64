"""Routing: after a proven failure, the brand's next provider that can take the same payment; never after a doubt."""

from collections.abc import Collection, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from paylinks_ports.errors import ProviderUnavailable, VaultError

from .access import Access
from .checkouts import Given, initialize
from .completion import Completed, Payload, complete
from .errors import CardDeclined, Refusal
from .parts import Parts
from .providers import open_account

__all__ = ["complete_with_routing"]

Tokens: TypeAlias = Mapping[str, str]


async def complete_with_routing(parts: Parts, access: Access, payload: Payload) -> Completed:
    """Complete a checkout; where the brand routes its payments, over its other providers too.

    The next one is tried only when the earlier one has provably not charged: it declined softly, or could not be
    reached. It needs a payment token of its own, in the payload's `payment_tokens`.

    Raises:
        PaylinksError: as for `complete`; what the first provider said, where no other one can be tried.

    """
    tried: set[str] = set()
    present = await _present(parts, access)
    if payload.provider not in (None, present) and present in payload.payment_tokens:
        payload = _through(payload, present)  # an earlier call of the same kind has come so far
    while True:
        try:
            return await complete(parts, access, payload)
        except (CardDeclined, ProviderUnavailable) as error:
            if not access.brand.routes_payments or (isinstance(error, CardDeclined) and not error.retryable):
                raise
            tried.add(await _present(parts, access))
            following = await _next(parts, access, payload.payment_tokens, tried)
            if following is None:
                raise
        # What is open at the earlier one is first closed, with evidence.
        await initialize(parts, access, following, Given(brought=payload.brought))
        payload = _through(payload, following)


def _through(payload: Payload, provider: str) -> Payload:
    token = payload.payment_tokens[provider]
    return replace(payload, provider=provider, payment_token=token, reference=None, card=None)


async def _present(parts: Parts, access: Access) -> str:
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
        payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
    return payment.provider if payment else ""


async def _next(parts: Parts, access: Access, tokens: Tokens, tried: Collection[str]) -> str | None:
    """Find the next provider that has a token, is on and can be opened, by the brand's priority."""
    found: list[tuple[int, str]] = []
    async with parts.units.reading() as rows:
        for name in sorted(tokens):
            if name in tried:
                continue
            try:
                await open_account(parts, rows, access.brand, name, access.claims)
            except (Refusal, VaultError):
                continue
            setting = await rows.plugin_settings.get(access.brand.id, name)
            found.append((setting.priority if setting else 0, name))
    return min(found)[1] if found else None
