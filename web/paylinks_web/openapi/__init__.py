"""The OpenAPI document, read from the routes themselves when somebody first asks for it."""

from .document import Document, describe

__all__ = ["Document", "describe"]
