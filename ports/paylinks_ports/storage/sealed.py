"""Everywhere that sealed texts are kept, in one list, and the repository that reads and reseals them.

A table with a column of sealed texts gets one line in `SEALED`, and the verbs seal and open through its `context`.
"""

from typing import Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

__all__ = [
    "BRAND_SECRET",
    "CREDENTIALS",
    "ENDPOINT_SECRET",
    "SEALED",
    "SECOND_FACTOR",
    "SIGNING_SECRET",
    "Key",
    "SealedPlace",
    "SealedText",
    "SealedTexts",
]

Key: TypeAlias = tuple[str, ...]


class SealedPlace(Struct, frozen=True, kw_only=True):
    """A column of sealed texts.

    Args:
        table: its name, which is also that of the repository.
        column: which of its columns.
        key: the columns that name a row, all of them texts.
        bound_to: what a text is sealed to, with the key's columns in braces.
        versioned: the table has a `version`, which rises with every change.

    """

    table: str
    column: str
    key: tuple[str, ...] = ("id",)
    bound_to: str
    versioned: bool = False

    def context(self, *key: str) -> str:
        """Say what the text of one row is sealed to."""
        return self.bound_to.format(**dict(zip(self.key, key, strict=True)))


CREDENTIALS = SealedPlace(
    table="plugin_settings",
    column="credentials",
    key=("brand_id", "plugin"),
    bound_to="credentials:{brand_id}:{plugin}",
    versioned=True,
)
SIGNING_SECRET = SealedPlace(table="api_keys", column="signing_secret", bound_to="signing-secret:{id}")
ENDPOINT_SECRET = SealedPlace(table="endpoints", column="secret", bound_to="webhook-secret:{id}", versioned=True)
ENDPOINT_PREVIOUS = replace(ENDPOINT_SECRET, column="previous_secret")
BRAND_SECRET = SealedPlace(
    table="webhook_secrets", column="secret", key=("brand_id",), bound_to="webhook-secret:{brand_id}"
)
BRAND_PREVIOUS = replace(BRAND_SECRET, column="previous_secret")
SECOND_FACTOR = SealedPlace(table="users", column="second_factor", bound_to="second-factor:{id}", versioned=True)

SEALED: tuple[SealedPlace, ...] = (
    CREDENTIALS,
    SIGNING_SECRET,
    ENDPOINT_SECRET,
    ENDPOINT_PREVIOUS,
    BRAND_SECRET,
    BRAND_PREVIOUS,
    SECOND_FACTOR,
)
"""All of them; `paylinks rotate-keys` goes through this list."""


class SealedText(Struct, frozen=True, kw_only=True):
    """The sealed text of one row."""

    key: Key
    text: str


class SealedTexts(Protocol):
    """Sealed texts, wherever they are kept."""

    async def page(self, place: SealedPlace, after: Key | None, limit: int) -> tuple[SealedText, ...]:
        """List a place's by their keys, those behind `after`; rows without a text are left out."""

    async def reseal(self, place: SealedPlace, was: SealedText, text: str) -> bool:
        """Put another text in the place of one that still is what it was, and say whether it was."""
