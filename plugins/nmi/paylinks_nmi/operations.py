"""The gateway's own words over HTTP: what its operations take and answer."""

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    NotSubmitted,
    OperationAnswer,
    OperationBody,
    Outcome,
    Paid,
    Pending,
    RequiresAction,
    SavedCharge,
    Started,
    Unknown,
)

__all__ = ["PaymentProcessed", "ProcessPaymentBody", "ProcessUpsellBody", "payment_processed"]

ProcessStatus: TypeAlias = Literal["paid", "processing", "requires_action", "failed"]
Word: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]


class ProcessPaymentBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """A Collect.js token, and whether its card is kept for upsells."""

    payment_token: Word
    save_card: bool = True


class ProcessUpsellBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """A card of the Customer Vault, and the paid order that it was kept with."""

    customer_vault_id: Word
    original_order_id: Word

    @property
    def saved_charge(self) -> SavedCharge:
        """It must be that order's own."""
        return SavedCharge(original_order_id=self.original_order_id, method=self.customer_vault_id)


class PaymentProcessed(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What became of it; what the gateway did not say is missing."""

    status: ProcessStatus
    transaction_id: str | None
    auth_code: str | UnsetType = UNSET
    customer_vault_id: str | UnsetType = UNSET
    avs_response: str | UnsetType = UNSET
    cvv_response: str | UnsetType = UNSET


def payment_processed(outcome: Outcome) -> PaymentProcessed:
    """Tell of a charge."""
    result = outcome.result
    details = result.details if isinstance(result, Paid) else {}
    return PaymentProcessed(
        provider=outcome.provider,
        order_id=outcome.order_id,
        demo=outcome.demo,
        status=_status(result),
        transaction_id=result.transaction_id if isinstance(result, Paid) else outcome.reference,
        auth_code=details.get("authCode", UNSET),
        customer_vault_id=details.get("customerVaultId", UNSET),
        avs_response=details.get("avsResponse", UNSET),
        cvv_response=details.get("cvvResponse", UNSET),
    )


def _status(result: Started | LookUpResult) -> ProcessStatus:
    match result:
        case Paid():
            return "paid"
        case Started() | Pending() | Unknown() | NotFound():
            return "processing"  # no end is known
        case RequiresAction() | NotSubmitted():
            return "requires_action"
        case Declined() | Canceled():
            return "failed"
