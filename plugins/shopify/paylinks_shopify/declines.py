"""Shopify's reasons for a decline, as the platform's vocabulary: one table.

OrderTransactionErrorCode of the Admin API (shopify.dev/docs/api/admin-graphql/2026-07/enums/OrderTransactionErrorCode).
Shopify marks none as soft or hard: ``retryable`` is true where the same card may work later or with corrected data.
"""

from typing import TypeAlias

from paylinks_ports import DeclineCode, Declined

__all__ = ["DECLINES", "declined"]

Meaning: TypeAlias = tuple[DeclineCode, bool]

DECLINES: dict[str, Meaning] = {
    "AMOUNT_TOO_LARGE": ("amount_not_allowed", False),
    "AMOUNT_TOO_SMALL": ("amount_not_allowed", False),
    "AUTHENTICATION_FAILED": ("authentication_failed", True),
    "AUTHENTICATION_REQUIRED": ("authentication_required", True),
    "AUTHORIZATION_EXPIRED": ("try_again_later", True),
    "CALL_ISSUER": ("call_issuer", False),
    "CANCELLED_PAYMENT": ("card_declined", True),
    "CARD_DECLINED": ("card_declined", False),
    "CARD_TESTING": ("fraud_suspected", False),
    "CONFIG_ERROR": ("processing_error", False),
    "DO_NOT_HONOR": ("card_declined", False),
    "EXPIRED_CARD": ("expired_card", False),
    "FRAUD_SUSPECTED": ("fraud_suspected", False),
    "GENERIC_ERROR": ("processing_error", True),
    "INCORRECT_ADDRESS": ("incorrect_postal_code", True),
    "INCORRECT_CVC": ("incorrect_cvc", True),
    "INCORRECT_NUMBER": ("incorrect_number", False),
    "INCORRECT_PIN": ("authentication_failed", True),
    "INCORRECT_ZIP": ("incorrect_postal_code", True),
    "INSTRUMENT_DECLINED": ("card_declined", False),
    "INSUFFICIENT_FUNDS": ("insufficient_funds", True),
    "INVALID_AMOUNT": ("amount_not_allowed", False),
    "INVALID_COUNTRY": ("card_not_supported", False),
    "INVALID_CVC": ("incorrect_cvc", True),
    "INVALID_EXPIRY_DATE": ("incorrect_expiry", True),
    "INVALID_NUMBER": ("incorrect_number", False),
    "MERCHANT_ACCOUNT_ERROR": ("processing_error", False),
    "MERCHANT_RULE": ("card_declined", False),
    "PAYMENT_METHOD_UNAVAILABLE": ("try_again_later", True),
    "PAYMENT_METHOD_UNSUPPORTED": ("card_not_supported", False),
    "PAYMENT_PROVIDER_ERROR": ("processing_error", True),
    "PICK_UP_CARD": ("lost_or_stolen", False),
    "PROCESSING_ERROR": ("processing_error", True),
    "RETRY_DECLINED": ("card_declined", False),
    "TEST_MODE_LIVE_CARD": ("card_not_supported", False),
    "TRANSACTION_LIMIT_EXCEEDED": ("limit_exceeded", True),
}
"""Error codes to what they mean and whether the same card may be tried again."""


def declined(error_code: str | None, reference: str) -> Declined:
    """Read a failed transaction; a code that is not known yet is a plain decline, with another card only."""
    code, retryable = DECLINES.get(error_code or "", ("card_declined", False))
    return Declined(code=code, message="The payment was declined.", retryable=retryable, reference=reference)
