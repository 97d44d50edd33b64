"""What the gateway reads of Konnektive's answers: `result` decides, whatever HTTP's status and `message` say."""

from typing import Literal, TypeAlias

import httpx
import msgspec
from msgspec import Struct

__all__ = ["Answer", "View", "read"]

Result: TypeAlias = Literal["SUCCESS", "ERROR", "MERC_REDIRECT"]
_RESULTS: tuple[Result, ...] = ("SUCCESS", "ERROR", "MERC_REDIRECT")


class View(Struct, frozen=True):
    """One object of an answer, whose values are compared as text."""

    fields: dict[str, object]

    def text(self, name: str) -> str:
        """Read a value; absent: empty."""
        value = self.fields.get(name)
        return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    def __repr__(self) -> str:
        """Leave out what it says of the customer."""
        return f"View({self.text('orderId')}, {self.text('orderStatus')})"


class Answer(Struct, frozen=True):
    """A whole answer; without a `result` it is in no form of Konnektive's.

    Args:
        sentence: the message where it is text, or the names of the wrong fields.
        message: the message where it is an object.
        rows: what a query has found.

    """

    result: Result | None
    sentence: str
    message: View
    rows: tuple[View, ...] = ()

    def __repr__(self) -> str:
        """Leave out what it says of the customer."""
        return f"Answer({self.result})"


def read(response: httpx.Response) -> Answer:
    """Read any answer. Konnektive says everything with HTTP 200, so with another status nothing is a success."""
    try:
        fields = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        fields = None
    fields = fields if isinstance(fields, dict) else {}
    result = next((one for one in _RESULTS if one == fields.get("result")), None)
    if not response.is_success and result != "ERROR":
        result = None
    message = fields.get("message")
    view = View(message if isinstance(message, dict) else {})
    rows = view.fields.get("data")
    return Answer(
        result,
        message if isinstance(message, str) else _fields(view) if result == "ERROR" else "",
        view,
        tuple(View(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else (),
    )


def _fields(view: View) -> str:
    """Put an object of wrong fields in a sentence: ``shipAddress1 is a required field``."""
    return "; ".join(f"{name} {view.text(name)}" for name in sorted(view.fields))
