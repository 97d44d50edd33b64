"""UltraCart's reasons for a decline, as the platform's vocabulary: one table.

UltraCart has no decline codes: `errors` of a finalized cart (CartFinalizeOrderResponse) and `import_errors` of an
import (ChannelPartnerImportResponse) are sentences, and the gateway's own words are in the order's
`payment.transactions[].details` (OrderPaymentTransactionDetail), under names that differ from gateway to gateway
(www.ultracart.com/api/, REST API v2). So the words of the sentence are read; of a sentence that has none of them,
nobody knows whether the card may be tried again, and one more try is the customer's.

The table is UltraCart's own, for it also says whether a sentence is about the card at all.
"""

from paylinks_ports import Declined, DeclineMeaning, Unknown, decline, meaning_of

from .wire import redact

__all__ = ["DECLINES", "declined", "is_decline", "is_of_card", "reason"]

_WORDS: dict[DeclineMeaning, tuple[str, ...]] = {
    ("insufficient_funds", True): ("insufficient funds", "not sufficient"),
    ("limit_exceeded", True): ("over limit", "exceeds", "limit exceeded"),
    ("lost_or_stolen", False): ("stolen", "lost card", "pick up", "pickup"),
    ("expired_card", False): ("expired",),
    ("incorrect_expiry", True): ("expiration",),
    ("invalid_payment_token", False): ("token",),  # before the numbers that one may be of
    ("incorrect_cvc", True): ("verification number", "security code", "cvv", "cvc"),
    ("incorrect_postal_code", True): ("avs", "postal code", "zip"),
    ("fraud_suspected", False): ("fraud",),
    ("call_issuer", False): ("call issuer", "call the bank"),
    ("incorrect_number", False): ("card number",),
    ("card_not_supported", False): ("not supported", "not accepted"),
    ("duplicate_transaction", False): ("duplicate",),
    ("card_declined", False): ("do not honor", "declin"),
}
DECLINES = {words: meaning for meaning, several in _WORDS.items() for words in several}
"""Words of a sentence, the telling ones first, to what they mean and whether the same card may be tried again."""

_DOUBTS = ("timeout", "timed out", "time out", "communicat", "no response", "unexpected", "internal error")
"""Words that say the gateway was asked and its answer did not come: no decline, for money may have moved."""


def is_decline(sentence: str) -> bool:
    """Say whether a sentence is about the card."""
    return meaning_of(sentence, DECLINES) is not None


def is_of_card(sentence: str) -> bool:
    """Say whether a sentence is about the card, or the gateway that was to charge it, and not about the order."""
    return is_decline(sentence) or reason(sentence) is None


def reason(sentence: str) -> DeclineMeaning | None:
    """Say what a sentence means of a payment that did not succeed; None: the gateway did not answer."""
    if any(words in sentence.lower() for words in _DOUBTS):
        return None
    return meaning_of(sentence, DECLINES) or ("card_declined", True)


def declined(sentence: str, reference: str | None) -> Declined | Unknown:
    """Read the sentence of a payment that did not succeed."""
    meaning = reason(sentence)
    if meaning is None:
        return Unknown(message="UltraCart's gateway did not answer", reference=reference)
    return decline(meaning, redact(sentence), reference)
