"""The gateway's reasons for a decline, as the platform's vocabulary: one table of codes, one of texts.

The codes are those of the Payment API's "Result Code Table" (response 2, and 461 of response 3); the texts are those
of code 300, which the gateway's own checks answer with (recorded by the ActiveMerchant project's NMI gateway and by
public integrations). NMI marks no code as soft or hard. EPD, which resells the same gateway, publishes a grouping
(github.com/EPDCommerce/agent-skills, "errors"): over limit, do not honor, insufficient funds and processor declined
are soft; closed, expired, invalid account, lost or stolen, fraud and not allowed are hard. It also calls a wrong
security code hard, which is about charging again by itself; here the customer types it anew, so what corrected data
mends is retryable.
"""

from paylinks_ports import Declined, DeclineMeaning, Redaction, decline, meaning_of

__all__ = ["DECLINES", "TEXTS", "declined", "redact"]

# Security keys, as NMI makes them. A REFID stays: it is what NMI's support asks for.
redact = Redaction(r"\b[A-Za-z0-9]{32}\b", most=500)

DECLINES: dict[str, DeclineMeaning] = {
    "200": ("card_declined", True),  # declined by processor
    "201": ("card_declined", True),  # do not honor
    "202": ("insufficient_funds", True),
    "203": ("limit_exceeded", True),  # over limit
    "204": ("card_declined", False),  # transaction not allowed
    "220": ("incorrect_number", True),  # incorrect payment information
    "221": ("incorrect_number", False),  # no such card issuer
    "222": ("invalid_account", False),  # no card number on file with issuer
    "223": ("expired_card", False),
    "224": ("incorrect_expiry", True),
    "225": ("incorrect_cvc", True),
    "226": ("authentication_failed", True),  # invalid PIN
    "240": ("call_issuer", False),
    "250": ("lost_or_stolen", False),  # pick up card
    "251": ("lost_or_stolen", False),  # lost card
    "252": ("lost_or_stolen", False),  # stolen card
    "253": ("fraud_suspected", False),  # fraudulent card
    "260": ("card_declined", True),  # declined with further instructions in the text
    "261": ("card_declined", False),  # stop all recurring payments
    "262": ("card_declined", False),  # stop this recurring program
    "263": ("invalid_account", False),  # updated cardholder data available
    "264": ("try_again_later", True),  # retry in a few days
    "461": ("card_not_supported", False),  # unsupported card type
}

TEXTS: dict[str, DeclineMeaning] = {
    # Collect.js, "Payment Token": good for one request, even a declined one. A burned one is never a charge.
    "payment token does not exist": ("invalid_payment_token", False),
    "invalid payment token": ("invalid_payment_token", False),
    "invalid customer vault id specified": ("invalid_payment_token", False),
    "invalid credit card number": ("incorrect_number", True),
    "amount exceeds the maximum ticket allowed": ("amount_not_allowed", False),
    # No security code is, or may be, kept with a saved card.
    "a card security code has never been passed for this account": ("incorrect_cvc", False),
}


def declined(code: str | None, text: str | None) -> Declined:
    """Read a declined answer, or the failed action of a transaction's report."""
    meaning = DECLINES.get(code or "") or meaning_of(text or "", TEXTS) or ("card_declined", False)
    return decline(meaning, redact(text or ""))
