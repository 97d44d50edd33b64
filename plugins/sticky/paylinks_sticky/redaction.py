"""Taking out of Sticky.io's sentences what must not be passed on: card numbers, e-mail addresses, credentials."""

import re

__all__ = ["redact"]

_SECRETS = re.compile(r"[^\s@'\"<>]+@[^\s@'\"<>]+|(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)|\b[Bb]asic\s+[A-Za-z0-9+/=]{4,}")
_NOTES = re.compile(r"\s*REFID:\s*\d+", re.IGNORECASE)
_LONGEST = 300


def redact(text: str, *secrets: str | None) -> str:
    """Give a sentence of Sticky.io's, fit to be shown and logged; `secrets` are what else must not be in it."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[redacted]")
    return _SECRETS.sub("[redacted]", _NOTES.sub("", text)).strip()[:_LONGEST]
