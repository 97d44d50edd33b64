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
    "judge_total",
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
        refunded_before: what other refunds of the same payment have given back or may yet, in minor units; when one is
            looked up, as far as that is known then.
        others_in_doubt: what of this nobody knows yet.
        reason: what the merchant says of it.

    """

    refund_id: str
    attempt_id: str
    money: Money
    reference: str
    transaction_id: str
    paid: Money
    refunded_before: int = 0
    others_in_doubt: int = 0
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


def judge_total(refund: RefundOrder, given: Money) -> Refunded | NotFound | Unknown:
    """Say what became of a refund that has no name at its provider, by all that its payment has given back.

    It is done when every refund that may be is; it is not found when the total is no more than that of the others which
    are known to be done. In between it may be this one or another one.
    """
    if given.amount >= refund.refunded_before + refund.money.amount:
        return Refunded(reference=refund.refund_id, money=refund.money)
    if given.amount <= refund.refunded_before - refund.others_in_doubt:
        return NotFound()
    return Unknown(message=f"The payment has given back {given}, and which of its refunds that was can't be told")
