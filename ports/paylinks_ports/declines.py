"""Reasons for a decline: how one is told, and the words that common gateways give their reasons in."""

from collections.abc import Mapping
from typing import TypeAlias

from .payments import DeclineCode, Declined

__all__ = ["GATEWAY_WORDS", "DeclineMeaning", "decline", "meaning_of"]

DeclineMeaning: TypeAlias = tuple[DeclineCode, bool]
"""What a provider's own reason means, and whether the same card may be tried again (a soft decline)."""

GATEWAY_WORDS: dict[str, DeclineMeaning] = {
    "insufficient": ("insufficient_funds", True),
    "nsf": ("insufficient_funds", True),
    "lost": ("lost_or_stolen", False),
    "stolen": ("lost_or_stolen", False),
    "pick up": ("lost_or_stolen", False),
    "pickup": ("lost_or_stolen", False),
    "fraud": ("fraud_suspected", False),
    "blacklist": ("fraud_suspected", False),
    "black list": ("fraud_suspected", False),
    "expired": ("expired_card", False),
    "expir": ("incorrect_expiry", True),
    "cvv": ("incorrect_cvc", True),
    "cvc": ("incorrect_cvc", True),
    "security code": ("incorrect_cvc", True),
    "avs": ("incorrect_postal_code", True),
    "postal": ("incorrect_postal_code", True),
    "zip": ("incorrect_postal_code", True),
    "payment token": ("invalid_payment_token", False),
    "invalid card": ("incorrect_number", False),
    "invalid credit card": ("incorrect_number", False),
    "invalid account": ("invalid_account", False),
    "no such account": ("invalid_account", False),
    "closed account": ("invalid_account", False),
    "authentication": ("authentication_failed", True),
    "3ds": ("authentication_failed", True),
    "call issuer": ("call_issuer", False),
    "call voice": ("call_issuer", False),
    "refer to": ("call_issuer", False),
    "limit": ("limit_exceeded", True),
    "not permitted": ("card_not_supported", False),
    "not allowed": ("card_not_supported", False),
    "not supported": ("card_not_supported", False),
    "prepaid": ("card_not_supported", False),
    "currency": ("currency_not_supported", False),
    "try again": ("try_again_later", True),
    "issuer unavailable": ("try_again_later", True),
    "processing error": ("processing_error", True),
    "do not honor": ("card_declined", False),
    "stop": ("card_declined", False),
    "transaction not approved": ("card_declined", False),
}
"""Words of common gateways, in lower case and the most telling ones first, for a provider that passes on the sentence
of whatever gateway has declined and no code beside it."""

_GENERIC = "The card was declined"
_SILENT = frozenset({"fraud_suspected", "lost_or_stolen"})


def meaning_of(sentence: str, words: Mapping[str, DeclineMeaning] = GATEWAY_WORDS) -> DeclineMeaning | None:
    """Find the first words of a table in a sentence."""
    lower = sentence.lower()
    return next((meaning for part, meaning in words.items() if part in lower), None)


def decline(meaning: DeclineMeaning, message: str | None, reference: str | None = None) -> Declined:
    """Tell a decline. What a bank suspects must not be told to the customer, so the message is a generic one there.

    Args:
        meaning: the code, and whether the same card may be tried again.
        message: the provider's own sentence, fit to be shown.
        reference: the provider's id of the payment, where it can be charged again under it.

    """
    code, retryable = meaning
    told = _GENERIC if code in _SILENT or not message else message
    return Declined(code=code, message=told, retryable=retryable, reference=reference)
