"""The envelope of every answer: success around data, or the one shape of an error."""

from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["ErrorAnswer", "Success", "encode"]

_encoder = msgspec.json.Encoder()


class Success(Struct, frozen=True, kw_only=True, rename="camel"):
    """A success; each route answers a named subclass with its `data`."""

    success: bool = True


class ErrorAnswer(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An error.

    Args:
        error: a sentence for people.
        details: what exactly, naming the field path, or null.
        code: a word for machines.
        decline_code: why a payment was declined, on 402 only, with `retryable`.

    """

    error: str
    details: str | None
    status: int
    code: str
    request_id: str
    decline_code: str | None = None
    retryable: bool | None = None


def encode(answer: Any) -> bytes:  # noqa: ANN401 - whatever msgspec can encode
    """Encode as JSON."""
    return _encoder.encode(answer)
