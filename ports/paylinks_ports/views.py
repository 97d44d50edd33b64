"""Reading a provider's JSON: into a type that it must fit, or as an object whose fields come and go."""

from typing import TypeVar

import msgspec
from msgspec import Struct

__all__ = ["NONSENSE", "View", "read_json", "read_object"]

T = TypeVar("T")

NONSENSE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises: it is not of the type, is no text, or nests without an end."""


class View(Struct, frozen=True):
    """One object of an answer, whose values are compared as text; it shows none of them, for they tell of people."""

    fields: dict[str, object]

    def text(self, name: str) -> str:
        """Read a value; absent, or no text and no number: empty."""
        value = self.fields.get(name)
        return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    def number(self, name: str) -> str:
        """Read an id; anything but digits is none, and neither is 0: empty."""
        text = self.text(name)
        return text if text.isascii() and text.isdigit() and text.strip("0") else ""

    def view(self, name: str) -> "View":
        """Read one object within; absent, or none: empty."""
        value = self.fields.get(name)
        return View(value if isinstance(value, dict) else {})

    def views(self, name: str) -> "dict[str, View]":
        """Read a group of objects by their names, or a list of them by their places."""
        group = self.fields.get(name)
        named = dict(enumerate(group)) if isinstance(group, list) else group if isinstance(group, dict) else {}
        return {str(key): View(one) for key, one in named.items() if isinstance(one, dict)}

    def __repr__(self) -> str:
        """Leave out what it says."""
        return f"{type(self).__name__}(…)"


def read_json(content: bytes, kind: type[T]) -> T | None:
    """Read JSON of a type; None where it is not."""
    try:
        return msgspec.json.decode(content, type=kind)
    except NONSENSE:
        return None


def read_object(content: bytes) -> dict[str, object]:
    """Read the fields of a JSON object; of anything else there are none."""
    return read_json(content, dict[str, object]) or {}
