"""Taking out of Konnektive's sentences what must not be passed on: card numbers, e-mail addresses, credentials."""

import re

__all__ = ["redact"]

_SECRETS = re.compile(r"[^\s@'\"<>=&]+(?:@|%40)[^\s@'\"<>&]+|(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")
_LONGEST = 300


def redact(text: str, *secrets: str | None) -> str:
    """Give a sentence of Konnektive's, fit to be shown and logged; `secrets` are what else must not be in it."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[redacted]")
    return _SECRETS.sub("[redacted]", text).strip()[:_LONGEST]
