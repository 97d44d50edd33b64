"""What a provider is asked to give back, and every answer it can give.

As for payments, an exception means the call did not happen; whatever did happen is one of these results.
"""

from typing import TypeAlias

from msgspec import Struct

from .money import Money
from .payments import NotFound, Unknown

__all__ = [
    "RefundFailed",
    "RefundLookUpResult",
    "RefundOrder",
    "RefundPending",
    "RefundResult",
    "Refunded",
]


class RefundOrder(Struct, frozen=True, kw_only=True):
    """One refund of one payment, as a gateway sees it.

    Args:
        refund_id: our id of the refund, the same over all its attempts: the idempotency key where the provider knows
            one, and what it is found by at the provider.
        attempt_id: our id of this one attempt.
        money: what to give back, in the payment's currency.
        reference: the provider's id of the payment, as its `Paid` said.
        transaction_id: the provider's id of the charge, as its `Paid` said.
        paid: what the payment took.
        refunded_before: what other refunds of the same payment have given back or may yet, in minor units.
        refunded_after: what those that were asked for after this one are known to have given back by now; where a
            provider keeps totals alone, these tell what a total says of this one.
        reason: what the merchant says of it.

    """

    refund_id: str
    attempt_id: str
    money: Money
    reference: str
    transaction_id: str
    paid: Money
    refunded_before: int = 0
    refunded_after: int = 0
    reason: str | None = None

    @property
    def whole(self) -> bool:
        """Whether all that was paid goes back in this one refund."""
        return self.money == self.paid and self.refunded_before == 0


class Refunded(Struct, frozen=True, kw_only=True, tag="refunded"):
    """Money went back; `reference` is the provider's id of the refund, `money` what the provider says it gave back."""

    reference: str
    money: Money


class RefundPending(Struct, frozen=True, kw_only=True, tag="refund_pending"):
    """The provider works on it and will tell us."""

    reference: str


class RefundFailed(Struct, frozen=True, kw_only=True, tag="refund_failed"):
    """A clear no: no money went back by this refund; `message` is the provider's reason, fit for the integrator."""

    message: str
    reference: str | None = None


RefundResult: TypeAlias = Refunded | RefundPending | RefundFailed | Unknown
"""What came of a refund."""

RefundLookUpResult: TypeAlias = RefundResult | NotFound
"""What came of asking for one."""
