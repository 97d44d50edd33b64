"""Mail as it is sent, or in development kept to be read."""

from msgspec import Struct

__all__ = ["Mail"]


class Mail(Struct, frozen=True, kw_only=True):
    """One mail to one person, as plain text."""

    id: str
    recipient: str
    subject: str
    text: str
    created_at: int
