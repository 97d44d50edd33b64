"""Taking out of Stripe's sentences what must not be passed on: keys, client secrets, card numbers, e-mail addresses."""

import re

__all__ = ["redact"]

_SECRETS = re.compile(
    r"\b(?:sk|rk|pk|ek|whsec)_[\w*.•-]+"  # API keys, Stripe's own masked ones too
    r"|\b\w+_secret_\w+"  # client secrets
    r"|[^\s@'\"]+@[^\s@'\"]+"
    r"|(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)"
)
_LONGEST = 500


def redact(text: str) -> str:
    """Give a sentence of Stripe's, fit to be shown and logged."""
    return _SECRETS.sub("[redacted]", text)[:_LONGEST]
