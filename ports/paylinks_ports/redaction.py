"""Taking out of a provider's sentences what must not be passed on: secrets, card numbers, e-mail addresses."""

import re

__all__ = ["Redaction"]

# Each begins where a run of characters begins and gives nothing back, so that a sentence of any length costs what its
# length says.
_BEFORE = r"\s@<>"  # what no local part has: o'brien, jo&ann and a=b are some
_EMAIL = re.compile(rf"(?<![^{_BEFORE}])(?:%40)*+(?:(?!%40)[^{_BEFORE}])++(?:@|%40)++[^\s@'\"<>&]++")
_CARD = r"\d(?:[ -]?\d){11,}+"


class Redaction:
    """Makes a provider's sentences fit to be shown and logged: ``redact = Redaction("sk_[a-z]+")``.

    Args:
        shapes: regular expressions of what else must not be passed on, such as the provider's keys.
        most: how many characters are kept.

    """

    def __init__(self, *shapes: str, most: int = 300) -> None:
        self._shapes = re.compile("|".join((*shapes, _CARD)))
        self._most = most

    def __call__(self, text: str, *secrets: str | None) -> str:
        """Give a sentence without e-mail addresses, runs of twelve digits or more, the shapes, and these secrets."""
        for secret in secrets:
            if secret:
                text = text.replace(secret, "[redacted]")
        # Addresses last: what stood before one may have been taken out of the same run.
        return _EMAIL.sub("[redacted]", self._shapes.sub("[redacted]", text)).strip()[: self._most]
