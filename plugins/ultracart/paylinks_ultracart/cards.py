"""The card as it comes from UltraCart's hosted fields: tokens of its numbers, and its expiry as it was typed."""

from paylinks_ports import ProviderRefused

from .bodies import HostedCard

__all__ = ["hosted_card"]

_MONTHS = range(1, 13)
_YEARS = range(2000, 2101)
_DEMO_MONTH, _DEMO_YEAR = 12, 2099


def hosted_card(  # noqa: PLR0913 - a card's parts
    token: str,
    *,
    cvv_token: str | None,
    month: str | int | None,
    year: str | int | None,
    type: str | None,  # noqa: A002 - the card's
    demo: bool,
) -> HostedCard:
    """Put a card together; in demo mode, where no hosted fields are at hand, the token alone is enough.

    Raises:
        ProviderRefused: a part is missing or wrong.

    """
    if demo:
        cvv_token, month, year = cvv_token or "demo", month or _DEMO_MONTH, year or _DEMO_YEAR
    if not cvv_token:
        raise ProviderRefused("UltraCart's hosted fields give two tokens", details="cvvToken: is required")
    return HostedCard(
        card_token=token,
        cvv_token=cvv_token,
        month=_number("cardExpirationMonth", month, _MONTHS),
        year=_number("cardExpirationYear", year, _YEARS),
        type=type,
    )


def _number(name: str, value: str | int | None, allowed: range) -> int:
    text = str(value) if value is not None else ""
    if not (text.isascii() and text.isdigit()) or int(text[:5]) not in allowed:
        details = f"{name}: must be a number from {allowed[0]} to {allowed[-1]}"
        raise ProviderRefused("UltraCart needs the card's expiry", details=details)
    return int(text)
