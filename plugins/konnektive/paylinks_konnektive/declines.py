"""Konnektive's reasons for a decline, as the platform's vocabulary: one table of words.

An ERROR says "Transaction Declined: " and whatever the gateway has said; only ``/transactions/query/`` tells soft from
hard (``responseType`` SOFT_DECLINE or HARD_DECLINE, apidocs.checkoutchamp.com), and its word wins over the table's.
"""

from paylinks_ports import DeclineCode, Declined

__all__ = ["REASONS", "declined"]

REASONS: tuple[tuple[str, DeclineCode, bool], ...] = (
    ("insufficient", "insufficient_funds", True),
    ("nsf", "insufficient_funds", True),
    ("lost", "lost_or_stolen", False),
    ("stolen", "lost_or_stolen", False),
    ("pick up", "lost_or_stolen", False),
    ("pickup", "lost_or_stolen", False),
    ("fraud", "fraud_suspected", False),
    ("blacklist", "fraud_suspected", False),
    ("expired", "expired_card", False),
    ("expir", "incorrect_expiry", True),
    ("cvv", "incorrect_cvc", True),
    ("cvc", "incorrect_cvc", True),
    ("security code", "incorrect_cvc", True),
    ("avs", "incorrect_postal_code", True),
    ("postal", "incorrect_postal_code", True),
    ("zip", "incorrect_postal_code", True),
    ("invalid card", "incorrect_number", False),
    ("invalid credit card", "incorrect_number", False),
    ("invalid account", "invalid_account", False),
    ("no such account", "invalid_account", False),
    ("closed account", "invalid_account", False),
    ("authentication", "authentication_failed", True),
    ("3ds", "authentication_failed", True),
    ("call issuer", "call_issuer", False),
    ("refer to", "call_issuer", False),
    ("limit", "limit_exceeded", True),
    ("not permitted", "card_not_supported", False),
    ("not allowed", "card_not_supported", False),
    ("not supported", "card_not_supported", False),
    ("prepaid", "card_not_supported", False),
    ("currency", "currency_not_supported", False),
    ("try again", "try_again_later", True),
    ("processing error", "processing_error", True),
    ("do not honor", "card_declined", False),
)
"""What is looked for in the reason, what it means, and whether the same card may be tried again."""

_HARD = {"HARD_DECLINE": False, "SOFT_DECLINE": True}
_PREFIX = "transaction declined:"
_GENERIC = "The card was declined"
_SILENT = frozenset({"fraud_suspected", "lost_or_stolen"})


def declined(sentence: str, response_type: str, reference: str) -> Declined:
    """Read a decline; what a bank suspects must not be told to the customer, so the message is a generic one there."""
    lower = sentence.lower()
    reason = sentence[len(_PREFIX) :].strip() if lower.startswith(_PREFIX) else sentence
    code, retryable = next(((code, again) for words, code, again in REASONS if words in lower), ("card_declined", True))
    return Declined(
        code=code,
        message=_GENERIC if code in _SILENT or not reason else reason,
        retryable=_HARD.get(response_type, retryable),
        reference=reference,
    )
