"""UltraCart's reasons for a decline, as the platform's vocabulary: one table.

UltraCart has no decline codes: `errors` of a finalized cart (CartFinalizeOrderResponse) and `import_errors` of an
import (ChannelPartnerImportResponse) are sentences, and the gateway's own words are in the order's
`payment.transactions[].details` (OrderPaymentTransactionDetail), under names that differ from gateway to gateway
(www.ultracart.com/api/, REST API v2). So the words of the sentence are read; of a sentence that has none of them,
nobody knows whether the card may be tried again, and one more try is the customer's.
"""

from collections.abc import Iterable
from typing import TypeAlias

from paylinks_ports import DeclineCode, Declined, Unknown

from .redaction import redact

__all__ = ["DECLINES", "DOUBTS", "declined", "is_decline", "is_of_card"]

Meaning: TypeAlias = tuple[DeclineCode, bool]

DECLINES: dict[str, Meaning] = {
    "insufficient funds": ("insufficient_funds", True),
    "not sufficient": ("insufficient_funds", True),
    "over limit": ("limit_exceeded", True),
    "exceeds": ("limit_exceeded", True),
    "limit exceeded": ("limit_exceeded", True),
    "stolen": ("lost_or_stolen", False),
    "lost card": ("lost_or_stolen", False),
    "pick up": ("lost_or_stolen", False),
    "pickup": ("lost_or_stolen", False),
    "expired": ("expired_card", False),
    "expiration": ("incorrect_expiry", True),
    "token": ("invalid_payment_token", False),  # before the numbers that one may be of
    "verification number": ("incorrect_cvc", True),
    "security code": ("incorrect_cvc", True),
    "cvv": ("incorrect_cvc", True),
    "cvc": ("incorrect_cvc", True),
    "avs": ("incorrect_postal_code", True),
    "postal code": ("incorrect_postal_code", True),
    "zip": ("incorrect_postal_code", True),
    "fraud": ("fraud_suspected", False),
    "call issuer": ("call_issuer", False),
    "call the bank": ("call_issuer", False),
    "card number": ("incorrect_number", False),
    "not supported": ("card_not_supported", False),
    "not accepted": ("card_not_supported", False),
    "duplicate": ("duplicate_transaction", False),
    "do not honor": ("card_declined", False),
    "declin": ("card_declined", False),
}
"""Words of a sentence, the telling ones first, to what they mean and whether the same card may be tried again."""

DOUBTS = ("timeout", "timed out", "time out", "communicat", "no response", "unexpected", "internal error")
"""Words that say the gateway was asked and its answer did not come: no decline, for money may have moved."""

_SILENT = frozenset({"lost_or_stolen", "fraud_suspected"})
_GENERIC = "The card was declined."


def is_decline(sentence: str) -> bool:
    """Say whether a sentence is about the card."""
    return any(words in sentence.lower() for words in DECLINES)


def is_of_card(sentence: str) -> bool:
    """Say whether a sentence is about the card, or the gateway that was to charge it, and not about the order."""
    return is_decline(sentence) or any(words in sentence.lower() for words in DOUBTS)


def declined(sentences: Iterable[str], reference: str | None) -> Declined | Unknown:
    """Read the sentences of a payment that did not succeed."""
    told = " ".join(sentences)
    lower = told.lower()
    if any(words in lower for words in DOUBTS):
        return Unknown(message="UltraCart's gateway did not answer", reference=reference)
    code, retryable = next((DECLINES[words] for words in DECLINES if words in lower), ("card_declined", True))
    # What a bank suspects must not be told to the customer.
    message = _GENERIC if code in _SILENT or not told.strip() else redact(told)
    return Declined(code=code, message=message, retryable=retryable, reference=reference)
