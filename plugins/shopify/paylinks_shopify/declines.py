"""Shopify's reasons for a decline, as the platform's vocabulary: one table.

OrderTransactionErrorCode of the Admin API (shopify.dev/docs/api/admin-graphql/2026-07/enums/OrderTransactionErrorCode).
Shopify marks none as soft or hard: the same card may be tried again where it may work later or with corrected data.
"""

from paylinks_ports import Declined, DeclineMeaning, decline

__all__ = ["DECLINES", "declined"]

_CODES: dict[DeclineMeaning, str] = {
    ("amount_not_allowed", False): "AMOUNT_TOO_LARGE AMOUNT_TOO_SMALL INVALID_AMOUNT",
    ("authentication_failed", True): "AUTHENTICATION_FAILED INCORRECT_PIN",
    ("authentication_required", True): "AUTHENTICATION_REQUIRED",
    ("call_issuer", False): "CALL_ISSUER",
    ("card_declined", False): "CARD_DECLINED DO_NOT_HONOR INSTRUMENT_DECLINED MERCHANT_RULE RETRY_DECLINED",
    ("card_declined", True): "CANCELLED_PAYMENT",
    ("card_not_supported", False): "INVALID_COUNTRY PAYMENT_METHOD_UNSUPPORTED TEST_MODE_LIVE_CARD",
    ("expired_card", False): "EXPIRED_CARD",
    ("fraud_suspected", False): "CARD_TESTING FRAUD_SUSPECTED",
    ("incorrect_cvc", True): "INCORRECT_CVC INVALID_CVC",
    ("incorrect_expiry", True): "INVALID_EXPIRY_DATE",
    ("incorrect_number", False): "INCORRECT_NUMBER INVALID_NUMBER",
    ("incorrect_postal_code", True): "INCORRECT_ADDRESS INCORRECT_ZIP",
    ("insufficient_funds", True): "INSUFFICIENT_FUNDS",
    ("limit_exceeded", True): "TRANSACTION_LIMIT_EXCEEDED",
    ("lost_or_stolen", False): "PICK_UP_CARD",
    ("processing_error", False): "CONFIG_ERROR MERCHANT_ACCOUNT_ERROR",
    ("processing_error", True): "GENERIC_ERROR PAYMENT_PROVIDER_ERROR PROCESSING_ERROR",
    ("try_again_later", True): "AUTHORIZATION_EXPIRED PAYMENT_METHOD_UNAVAILABLE",
}

DECLINES = {code: meaning for meaning, codes in _CODES.items() for code in codes.split()}
"""Error codes to what they mean and whether the same card may be tried again."""


def declined(error_code: str | None, reference: str) -> Declined:
    """Read a failed transaction; a code that is not known yet is a plain decline, with another card only."""
    return decline(DECLINES.get(error_code or "", ("card_declined", False)), None, reference)
