"""Sealed texts wherever they are kept, in memory."""

from typing import Any

from msgspec.structs import replace

from paylinks_ports.storage import Key, SealedPlace, SealedText

from .tables import Repository

__all__ = ["SealedTexts"]


class SealedTexts(Repository):
    """Sealed texts, wherever they are kept."""

    async def page(self, place: SealedPlace, after: Key | None, limit: int) -> tuple[SealedText, ...]:
        """List a place's by their keys, those behind `after`; rows without a text are left out."""
        rows = getattr(self._view.rows, place.table).values()
        found = (SealedText(key=_key(place, row), text=getattr(row, place.column) or "") for row in rows)
        wanted = (one for one in found if one.text and (after is None or one.key > after))
        return tuple(sorted(wanted, key=lambda one: one.key)[:limit])

    async def reseal(self, place: SealedPlace, was: SealedText, text: str) -> bool:
        """Put another text in the place of one that still is what it was, and say whether it was."""
        rows: dict[Any, Any] = getattr(self._view.changing, place.table)
        for name, row in rows.items():
            if _key(place, row) == was.key and getattr(row, place.column) == was.text:
                changed: dict[str, Any] = {place.column: text}
                if place.versioned:
                    changed["version"] = row.version + 1
                rows[name] = replace(row, **changed)
                return True
        return False


def _key(place: SealedPlace, row: object) -> Key:
    return tuple(getattr(row, column) for column in place.key)
