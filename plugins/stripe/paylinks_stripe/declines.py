"""Stripe's reasons for a decline, as the platform's vocabulary: one table.

docs.stripe.com/declines/codes and docs.stripe.com/error-codes name the codes; Stripe marks none as soft or hard. That
the same card may be tried again is read from its "next steps": yes where it may work later or with corrected data, no
where the customer must take another card or ask the bank first.
"""

from paylinks_ports import Declined, DeclineMeaning, Redaction, decline

from .wire import StripeError

__all__ = ["DECLINES", "declined", "redact"]

redact = Redaction(
    r"\b(?:sk|rk|pk|ek|whsec)_[\w*.•-]+",  # API keys, Stripe's own masked ones too
    r"\b\w+_secret_\w+",  # client secrets
    most=500,
)

_REASONS: dict[DeclineMeaning, str] = {
    # Ask the bank: the same card won't work by itself.
    ("call_issuer", False): "call_issuer",
    (
        "card_declined",
        False,
    ): "card_declined do_not_honor do_not_try_again generic_decline no_action_taken not_permitted"
    " payment_intent_payment_attempt_failed payment_method_provider_decline revocation_of_all_authorizations"
    " revocation_of_authorization security_violation service_not_allowed stop_payment_order testmode_decline",
    # Another card.
    ("amount_not_allowed", False): "invalid_amount",
    ("card_not_supported", False): "card_not_supported restricted_card transaction_not_allowed",
    ("currency_not_supported", False): "currency_not_supported",
    ("expired_card", False): "expired_card",
    ("fraud_suspected", False): "fraudulent merchant_blacklist",
    ("incorrect_number", False): "incorrect_number invalid_number",
    ("invalid_account", False): "invalid_account new_account_information_available",
    # docs.stripe.com/error-codes: after `card_decline_rate_limit_exceeded` not for 24 hours. A PIN is a terminal's.
    ("limit_exceeded", False): "card_decline_rate_limit_exceeded charge_exceeds_source_limit"
    " charge_exceeds_transaction_limit pin_try_exceeded",
    ("lost_or_stolen", False): "lost_card pickup_card stolen_card",
    # The same card later, but not what has been paid already.
    ("duplicate_transaction", False): "duplicate_transaction",
    ("insufficient_funds", True): "insufficient_funds",
    ("limit_exceeded", True): "card_velocity_exceeded withdrawal_count_limit_exceeded",
    ("processing_error", True): "processing_error",
    ("try_again_later", True): "approve_with_id issuer_not_available payment_intent_payment_attempt_expired"
    " payment_method_not_available payment_method_provider_timeout reenter_transaction try_again_later",
    # The same card with corrected data, or with the customer's yes.
    ("authentication_failed", True): "authentication_failure incorrect_pin invalid_pin"
    " payment_intent_authentication_failure",
    ("authentication_required", True): "authentication_required offline_pin_required online_or_offline_pin_required",
    ("card_declined", True): "payment_method_customer_decline",
    ("incorrect_cvc", True): "incorrect_cvc invalid_cvc",
    ("incorrect_expiry", True): "invalid_expiry_month invalid_expiry_year",
    ("incorrect_postal_code", True): "incorrect_address incorrect_postal_code incorrect_zip",
}

DECLINES = {reason: meaning for meaning, reasons in _REASONS.items() for reason in reasons.split()}
"""Decline codes and error codes to what they mean."""

_ADVICE = {"try_again_later": True, "confirm_card_data": True, "do_not_try_again": False}
"""docs.stripe.com/declines/card#retrying-issuer-declines: the issuer's own word on trying again, which wins."""


def declined(error: StripeError, reference: str | None) -> Declined:
    """Read an error of a confirmation, or a payment intent's ``last_payment_error``."""
    reasons = (error.decline_code, error.code)
    code, retryable = next((DECLINES[reason] for reason in reasons if reason in DECLINES), ("card_declined", False))
    retryable = _ADVICE.get(error.advice_code or "", retryable)
    return decline((code, retryable), redact(error.message or ""), reference)
