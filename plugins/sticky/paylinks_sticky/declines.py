"""Sticky.io's reasons for a decline, as the platform's vocabulary: one table of words.

Sticky.io passes on the text of whatever gateway has declined (``decline_reason``), and no code beside it; its API has
no field for soft or hard either (support.sticky.io/en/articles/9155820: the CRM's own holds follow rules of its own).
So the words of common gateways are looked for, the most telling ones first; a text that fits none may be tried again.
"""

from paylinks_ports import DeclineCode, Declined

from .redaction import redact
from .wire import Answer, View

__all__ = ["CODES", "REASONS", "declined", "is_duplicate"]

REASONS: tuple[tuple[str, DeclineCode, bool], ...] = (
    ("insufficient", "insufficient_funds", True),
    ("nsf", "insufficient_funds", True),
    ("lost", "lost_or_stolen", False),
    ("stolen", "lost_or_stolen", False),
    ("pick up", "lost_or_stolen", False),
    ("pickup", "lost_or_stolen", False),
    ("fraud", "fraud_suspected", False),
    ("blacklist", "fraud_suspected", False),
    ("black list", "fraud_suspected", False),
    ("expired", "expired_card", False),
    ("expir", "incorrect_expiry", True),
    ("cvv", "incorrect_cvc", True),
    ("cvc", "incorrect_cvc", True),
    ("security code", "incorrect_cvc", True),
    ("avs", "incorrect_postal_code", True),
    ("postal", "incorrect_postal_code", True),
    ("zip", "incorrect_postal_code", True),
    ("invalid card number", "incorrect_number", False),
    ("invalid credit card", "incorrect_number", False),
    ("payment token", "invalid_payment_token", False),
    ("no such account", "invalid_account", False),
    ("invalid account", "invalid_account", False),
    ("closed account", "invalid_account", False),
    ("authentication", "authentication_required", False),
    ("3ds", "authentication_required", False),
    ("call issuer", "call_issuer", False),
    ("call voice", "call_issuer", False),
    ("refer to", "call_issuer", False),
    ("limit", "limit_exceeded", True),
    ("not permitted", "card_not_supported", False),
    ("not allowed", "card_not_supported", False),
    ("not supported", "card_not_supported", False),
    ("prepaid", "card_not_supported", False),
    ("currency", "currency_not_supported", False),
    ("try again", "try_again_later", True),
    ("issuer unavailable", "try_again_later", True),
    ("processing error", "processing_error", True),
    ("do not honor", "card_declined", False),
    ("stop", "card_declined", False),
    ("transaction not approved", "card_declined", False),
)
"""What is looked for in the reason, what it means, and whether the same card may be tried again."""

CODES: dict[str, tuple[DeclineCode, bool]] = {
    "318": ("card_not_supported", False),
    "319": ("incorrect_number", False),
    "320": ("incorrect_expiry", True),
    "323": ("incorrect_cvc", True),
    "333": ("fraud_suspected", False),
    "334": ("duplicate_transaction", False),
    "342": ("expired_card", False),
    "356": ("expired_card", False),
    "381": ("fraud_suspected", False),
}
"""Sticky.io's own codes for a card or customer that it sends to no gateway."""

_PLAIN: tuple[DeclineCode, bool] = ("card_declined", True)
_GENERIC = "The card was declined"
_SILENT = frozenset({"fraud_suspected", "lost_or_stolen"})


def is_duplicate(view: View) -> bool:
    """Say whether a gateway took it for one that it has charged already: then nobody knows which of them stands."""
    return "duplicate" in _reason(view).lower()


def declined(view: View) -> Declined:
    """Read a decline in an answer, or a declined order.

    What a bank suspects must not be told to the customer, so the message is a generic one there. There is no reference
    in it: the order that a decline leaves behind can't be charged again, and the prospect before it can.
    """
    reason = _reason(view)
    lower = reason.lower()
    codes = view.codes if isinstance(view, Answer) else frozenset()
    known = [CODES[code] for code in sorted(codes) if code in CODES]
    known += [(code, again) for words, code, again in REASONS if words in lower]
    code, retryable = known[0] if known else _PLAIN
    message = _GENERIC if code in _SILENT or not reason else redact(reason)
    return Declined(code=code, message=message or _GENERIC, retryable=retryable)


def _reason(view: View) -> str:
    return view.text("decline_reason") or view.text("error_message") or view.text("resp_msg") or ""
