"""Sealed texts wherever they are kept, in SQL."""

from paylinks_ports.storage import Key, SealedPlace, SealedText

from .repository import Repository

__all__ = ["SealedTexts"]


class SealedTexts(Repository):
    """Sealed texts, wherever they are kept; names of tables and columns come from our own list."""

    async def page(self, place: SealedPlace, after: Key | None, limit: int) -> tuple[SealedText, ...]:
        """List a place's by their keys, those behind `after`; rows without a text are left out."""
        key = ", ".join(place.key)
        behind = f"AND ({key}) > ({_marks(place)}) " if after else ""
        sql = (
            f"SELECT {key}, {place.column} FROM {place.table} "  # noqa: S608 - it names tables and columns of ours only; values are bound
            f"WHERE {place.column} IS NOT NULL {behind}ORDER BY {key} LIMIT ?"
        )
        rows = await self._session.fetch(sql, (*(after or ()), limit))
        return tuple(
            SealedText(key=tuple(str(row[column]) for column in place.key), text=str(row[place.column])) for row in rows
        )

    async def reseal(self, place: SealedPlace, was: SealedText, text: str) -> bool:
        """Put another text in the place of one that still is what it was, and say whether it was."""
        key = ", ".join(place.key)
        version = ", version = version + 1" if place.versioned else ""
        sql = (
            f"UPDATE {place.table} SET {place.column} = ?{version} "  # noqa: S608 - it names tables and columns of ours only; values are bound
            f"WHERE ({key}) = ({_marks(place)}) AND {place.column} = ? RETURNING 1"
        )
        return bool(await self._session.fetch(sql, (text, *was.key, was.text)))


def _marks(place: SealedPlace) -> str:
    return ", ".join("?" for _ in place.key)
