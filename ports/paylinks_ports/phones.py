"""Phone numbers as other systems take them: E.164, or not at all, by libphonenumber's tables."""

__all__ = ["international_phone"]

_LENGTHS = range(8, 17)  # with the plus


def international_phone(phone: str | None, country: str | None) -> str | None:
    """Write a number as ``+14155550100``.

    Args:
        phone: as the customer typed it.
        country: of the customer's address, ISO 3166 alpha-2; a number without a country code is taken for one of it.

    Returns:
        None where it would be a guess: another person's number is worse than none.

    """
    import phonenumbers

    typed = (phone or "").strip()
    # In most of the world 00 stands for the plus, wherever the address is.
    typed = f"+{typed[2:]}" if typed.startswith("00") else typed
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if typed.startswith("+"):
        fits = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    else:
        kinds = phonenumbers.PhoneNumberType
        fits = phonenumbers.number_type(number) in (kinds.FIXED_LINE, kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # Some countries have numbers that are longer or shorter than E.164 allows.
    return written if fits and len(written) in _LENGTHS else None
