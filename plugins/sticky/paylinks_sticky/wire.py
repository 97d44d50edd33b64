"""What the gateway reads of Sticky.io's answers: JSON whose values are sometimes text and sometimes numbers."""

from typing import TypeAlias

import httpx
import msgspec
from msgspec import Struct

from .codes import Kind, kind_of

__all__ = ["Answer", "View", "read"]

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_TOO_MANY = 429
_OK = 200
_ABSENT = frozenset({"", "N/A", "Not Available"})

Fields: TypeAlias = dict[str, object]


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    return None if text in _ABSENT else text


class View(Struct, frozen=True):
    """One object of an answer, whose values are compared as text."""

    fields: Fields

    def text(self, name: str) -> str | None:
        """Read a value; absent, empty or ``Not Available``: None."""
        return _text(self.fields.get(name))

    def number(self, name: str) -> str | None:
        """Read an id; anything but digits is none, and neither is 0."""
        text = self.text(name)
        return text if text and text.isascii() and text.isdigit() and text.strip("0") else None

    def views(self, name: str) -> "dict[str, View]":
        """Read a group of objects."""
        group = self.fields.get(name)
        return (
            {key: View(one) for key, one in group.items() if isinstance(one, dict)} if isinstance(group, dict) else {}
        )

    def __repr__(self) -> str:
        """Leave out what it says of the customer."""
        return f"{type(self).__name__}({self.text('response_code')}, {self.text('order_id')})"


class Answer(View, frozen=True):
    """A whole answer; `codes` are several where Sticky.io has joined them with commas."""

    codes: frozenset[str] = frozenset()
    kind: Kind = "doubt"


def read(response: httpx.Response) -> Answer:
    """Read any answer; what is not in Sticky.io's form has no code, and so is a doubt."""
    try:
        fields = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        fields = {}
    fields = fields if isinstance(fields, dict) else {}
    codes = frozenset(code.strip() for code in (_text(fields.get("response_code")) or "").split(",") if code.strip())
    kind = kind_of(codes)
    refused = response.status_code == _UNAUTHORIZED or (response.status_code == _FORBIDDEN and bool(fields))
    if refused and kind == "doubt":
        kind = "credentials"
    elif response.status_code == _TOO_MANY:
        kind = "busy"
    elif response.status_code != _OK and kind == "ok":
        kind = "doubt"
    return Answer(fields, codes=codes, kind=kind)
