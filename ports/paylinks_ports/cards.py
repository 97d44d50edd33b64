"""A raw card, for the one provider whose API knows no token (api.md §5). It lives in memory for one call."""

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["Card"]


class Card(Struct, frozen=True, kw_only=True):
    """A card as the customer typed it; it is never stored, logged, traced, echoed or put in an error."""

    number: Annotated[str, Meta(pattern="^[0-9]{12,19}$")]
    month: Annotated[int, Meta(ge=1, le=12)]
    year: Annotated[int, Meta(ge=2000, le=2100)]
    cvv: Annotated[str, Meta(pattern="^[0-9]{3,4}$")]

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Card(…)"
