"""The gateway's own words over HTTP: what its operations take and answer."""

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from paylinks_ports import ChargeStatus, OperationAnswer, OperationBody, Outcome, SavedCharge

__all__ = ["ProcessPaymentBody", "ProcessUpsellBody", "payment_processed"]

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

    status: ChargeStatus
    transaction_id: str | None
    auth_code: str | UnsetType = UNSET
    customer_vault_id: str | UnsetType = UNSET
    avs_response: str | UnsetType = UNSET
    cvv_response: str | UnsetType = UNSET


def payment_processed(outcome: Outcome) -> PaymentProcessed:
    """Tell of a charge; one that was paid and asked for again may have been voided at the desk meanwhile."""
    details = outcome.paid.details if outcome.paid else {}
    return PaymentProcessed(
        **outcome.common,
        status=outcome.status,
        transaction_id=outcome.paid.transaction_id if outcome.paid else outcome.reference,
        auth_code=details.get("authCode", UNSET),
        customer_vault_id=details.get("customerVaultId", UNSET),
        avs_response=details.get("avsResponse", UNSET),
        cvv_response=details.get("cvvResponse", UNSET),
    )
