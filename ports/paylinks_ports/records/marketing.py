"""A paid order on its way to a marketing system, and what keeps a brand's account there waiting."""

from typing import Literal, TypeAlias

from msgspec import Struct

__all__ = ["UNTIL_CHANGED", "MarketingNotice", "MarketingPause", "NoticeAccount", "NoticeStatus"]

NoticeStatus: TypeAlias = Literal["pending", "sending", "done", "refused", "failed", "in_doubt"]
"""`sending`: a call has begun at a system that would not recognize a repeat; where it never ends, it is in doubt."""

UNTIL_CHANGED = 2**62
"""A time that never comes: the pause ends when the brand changes its setting."""


class NoticeAccount(Struct, frozen=True, kw_only=True):
    """One brand's account at one system; that of demo orders is another one, at the simulator."""

    brand_id: str
    integration: str
    demo: bool


class MarketingNotice(Struct, frozen=True, kw_only=True):
    """One paid order that one system is told of, once.

    Args:
        payment_id: what was paid; the order is that of the checkout, or of an upsell's offer.
        next_at: when it is told next, or when whoever is telling is certainly done with it, Unix milliseconds.
        attempts: how often it was taken to be told.
        failures: how often that failed without an answer.
        reason: why it was not taken, for a person.
        created_at: when it was paid.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    integration: str
    demo: bool
    payment_id: str
    checkout_id: str
    status: NoticeStatus = "pending"
    next_at: int
    attempts: int = 0
    failures: int = 0
    reason: str | None = None
    created_at: int
    updated_at: int
    version: int = 1

    @property
    def account(self) -> NoticeAccount:
        """Where it goes."""
        return NoticeAccount(brand_id=self.brand_id, integration=self.integration, demo=self.demo)


class MarketingPause(Struct, frozen=True, kw_only=True):
    """An account that nothing is told for a while.

    Args:
        until: Unix milliseconds, or `UNTIL_CHANGED`.
        reason: why, for a person.

    """

    brand_id: str
    integration: str
    demo: bool
    until: int
    reason: str
    created_at: int
