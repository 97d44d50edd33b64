"""The card as it comes from UltraCart's hosted fields: tokens of its numbers, and its expiry as it was typed."""

import msgspec
from msgspec.structs import replace

from paylinks_ports import Details, ProviderRefused

from .operations import ProcessPaymentBody

__all__ = ["read_card", "whole_card"]


def read_card(payment_token: str, extra: Details) -> ProcessPaymentBody:
    """Read a checkout's card as `process-payment` takes one.

    Raises:
        ProviderRefused: a part is wrong.

    """
    given = {"paymentToken": payment_token, "cvvToken": extra.get("cvvToken"), "cardType": extra.get("cardType")}
    for name in ("cardExpirationMonth", "cardExpirationYear"):
        # It is a text here, and may be "01".
        given[name] = extra.get(name, "").lstrip("0") or None
    try:
        return msgspec.convert(given, ProcessPaymentBody, strict=False)
    except msgspec.ValidationError as error:
        raise ProviderRefused("UltraCart's hosted fields give no such card", details=str(error)) from None


def whole_card(card: ProcessPaymentBody, *, demo: bool) -> ProcessPaymentBody:
    """Give a card with all its parts; in demo mode, where no hosted fields are at hand, its token alone is enough.

    Raises:
        ProviderRefused: a part is missing.

    """
    cvv_token, month, year = card.cvv_token, card.card_expiration_month, card.card_expiration_year
    if demo:
        cvv_token, month, year = cvv_token or "demo", month or 12, year or 2099
    parts = {"cvvToken": cvv_token, "cardExpirationMonth": month, "cardExpirationYear": year}
    missing = [name for name, part in parts.items() if not part]
    if missing:
        raise ProviderRefused("UltraCart needs all parts of the card", details=f"{missing[0]}: is required")
    return replace(card, cvv_token=cvv_token, card_expiration_month=month, card_expiration_year=year)
