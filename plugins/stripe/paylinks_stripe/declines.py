"""Stripe's reasons for a decline, as the platform's vocabulary: one table.

docs.stripe.com/declines/codes and docs.stripe.com/error-codes name the codes; Stripe marks none as soft or hard.
``retryable`` is read from its "next steps": true where the same card may work later or with corrected data, false where
the customer must take another card or ask the bank first. docs.stripe.com/declines/card#retrying-issuer-declines:
``advice_code`` is the issuer's own word on that, and wins.
"""

from typing import TypeAlias

from paylinks_ports import DeclineCode, Declined

from .redaction import redact
from .wire import StripeError

__all__ = ["DECLINES", "declined", "is_decline"]

Meaning: TypeAlias = tuple[DeclineCode, bool]

DECLINES: dict[str, Meaning] = {
    # Ask the bank: the same card won't work by itself (docs.stripe.com/declines/codes).
    "call_issuer": ("call_issuer", False),
    "card_declined": ("card_declined", False),
    "do_not_honor": ("card_declined", False),
    "do_not_try_again": ("card_declined", False),
    "generic_decline": ("card_declined", False),
    "no_action_taken": ("card_declined", False),
    "not_permitted": ("card_declined", False),
    "revocation_of_all_authorizations": ("card_declined", False),
    "revocation_of_authorization": ("card_declined", False),
    "security_violation": ("card_declined", False),
    "service_not_allowed": ("card_declined", False),
    "stop_payment_order": ("card_declined", False),
    "testmode_decline": ("card_declined", False),
    # Another card.
    "card_not_supported": ("card_not_supported", False),
    "currency_not_supported": ("currency_not_supported", False),
    "expired_card": ("expired_card", False),
    "fraudulent": ("fraud_suspected", False),
    "incorrect_number": ("incorrect_number", False),
    "invalid_account": ("invalid_account", False),
    "invalid_amount": ("amount_not_allowed", False),
    "invalid_number": ("incorrect_number", False),
    "lost_card": ("lost_or_stolen", False),
    "merchant_blacklist": ("fraud_suspected", False),
    "new_account_information_available": ("invalid_account", False),
    "pickup_card": ("lost_or_stolen", False),
    "restricted_card": ("card_not_supported", False),
    "stolen_card": ("lost_or_stolen", False),
    "transaction_not_allowed": ("card_not_supported", False),
    # The same card later.
    "approve_with_id": ("try_again_later", True),
    "card_decline_rate_limit_exceeded": ("limit_exceeded", False),  # docs.stripe.com/error-codes: not for 24 hours
    "card_velocity_exceeded": ("limit_exceeded", True),
    "duplicate_transaction": ("duplicate_transaction", False),
    "insufficient_funds": ("insufficient_funds", True),
    "issuer_not_available": ("try_again_later", True),
    "processing_error": ("processing_error", True),
    "reenter_transaction": ("try_again_later", True),
    "try_again_later": ("try_again_later", True),
    "withdrawal_count_limit_exceeded": ("limit_exceeded", True),
    # The same card with corrected data.
    "incorrect_address": ("incorrect_postal_code", True),
    "incorrect_cvc": ("incorrect_cvc", True),
    "incorrect_postal_code": ("incorrect_postal_code", True),
    "incorrect_zip": ("incorrect_postal_code", True),
    "invalid_cvc": ("incorrect_cvc", True),
    "invalid_expiry_month": ("incorrect_expiry", True),
    "invalid_expiry_year": ("incorrect_expiry", True),
    # PIN, for cards at a terminal.
    "incorrect_pin": ("authentication_failed", True),
    "invalid_pin": ("authentication_failed", True),
    "offline_pin_required": ("authentication_required", True),
    "online_or_offline_pin_required": ("authentication_required", True),
    "pin_try_exceeded": ("limit_exceeded", False),
    # 3-D Secure, and payment methods that are no cards (docs.stripe.com/error-codes).
    "authentication_required": ("authentication_required", True),
    "authentication_failure": ("authentication_failed", True),
    "payment_intent_authentication_failure": ("authentication_failed", True),
    "payment_intent_payment_attempt_expired": ("try_again_later", True),
    "payment_intent_payment_attempt_failed": ("card_declined", False),
    "payment_method_customer_decline": ("card_declined", True),
    "payment_method_not_available": ("try_again_later", True),
    "payment_method_provider_decline": ("card_declined", False),
    "payment_method_provider_timeout": ("try_again_later", True),
    "charge_exceeds_source_limit": ("limit_exceeded", False),
    "charge_exceeds_transaction_limit": ("limit_exceeded", False),
}
"""Decline codes and error codes to what they mean and whether the same card may be tried again."""

_ADVICE = {"try_again_later": True, "confirm_card_data": True, "do_not_try_again": False}
_SILENT = frozenset({"fraudulent", "lost_card", "merchant_blacklist", "pickup_card", "stolen_card"})
_GENERIC = "Your card was declined."


def is_decline(error: StripeError) -> bool:
    """Say whether a 402 is a decline for sure: Stripe calls it a card error, or gives a reason that is known as one."""
    return error.type == "card_error" or error.code in DECLINES


def declined(error: StripeError, reference: str | None) -> Declined:
    """Read an error of a confirmation, or a payment intent's ``last_payment_error``.

    docs.stripe.com/declines/codes: what a bank suspects (lost, stolen, fraud) must not be told to the customer, so the
    message is a generic one there.
    """
    reasons = [reason for reason in (error.decline_code, error.code) if reason]
    code, retryable = next((DECLINES[reason] for reason in reasons if reason in DECLINES), ("card_declined", False))
    silent = not _SILENT.isdisjoint(reasons)
    return Declined(
        code=code,
        message=_GENERIC if silent or not error.message else redact(error.message),
        retryable=_ADVICE.get(error.advice_code or "", retryable),
        reference=reference,
    )
