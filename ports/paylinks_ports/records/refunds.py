"""A refund: money of one paid payment given back, by us or at the provider's own desk."""

from typing import Literal, TypeAlias

from msgspec import Struct

from ..money import Money

__all__ = ["Refund", "RefundOrigin", "RefundState"]

RefundState: TypeAlias = Literal["in_flight", "pending", "unknown", "succeeded", "failed"]

RefundOrigin: TypeAlias = Literal["api", "provider"]
"""Who began it: a call of ours, or somebody at the provider's own desk."""


class Refund(Struct, frozen=True, kw_only=True):
    """One refund, written before the provider is asked.

    Args:
        id: the same over all its attempts; on the wire where the provider has a place for it.
        amount: minor units, with `currency`, which is the payment's.
        refunded_before: what others of the same payment had given back or might yet when this one was written.
        attempt_id: our id of the latest ask.
        reference: the provider's id of the refund, once known.
        reason: what the merchant says of it.
        message: what the provider says of it, or why nobody can say.
        check_at: when the provider is asked what became of it, Unix milliseconds; None: it has ended.
        checks: how often that was done without an end.
        version: rises with every change; `replace` compares it.

    """

    id: str
    payment_id: str
    checkout_id: str
    brand_id: str
    order_id: str
    provider: str
    demo: bool
    origin: RefundOrigin = "api"
    state: RefundState
    amount: int
    currency: str
    refunded_before: int = 0
    attempt_id: str
    reference: str | None = None
    reason: str | None = None
    message: str | None = None
    check_at: int | None = None
    checks: int = 0
    created_at: int
    updated_at: int
    version: int = 1

    @property
    def money(self) -> Money:
        """What is given back."""
        return Money(self.amount, self.currency)
