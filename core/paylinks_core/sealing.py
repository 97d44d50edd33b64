"""Sealing everything anew under the newest key, while the platform goes on: what changes meanwhile is never lost."""

from msgspec import Struct

from paylinks_ports.errors import VaultError
from paylinks_ports.storage import SEALED, SealedPlace, SealedText

from .parts import Parts

__all__ = ["Resealed", "reseal"]

_PAGE = 100


class Resealed(Struct, frozen=True, kw_only=True):
    """What came of going through all sealed texts once.

    Args:
        changed: how many were sealed anew.
        unreadable: which ones no key of the ring opens, as table and key.
        overtaken: how many someone else changed at the same moment; these have to be looked at again.

    """

    changed: int = 0
    unreadable: tuple[str, ...] = ()
    overtaken: int = 0


async def reseal(parts: Parts) -> Resealed:
    """Go through all sealed texts once; whenever it ends, what is done is done, and it can be run again."""
    changed, overtaken, unreadable = 0, 0, []
    for place in SEALED:
        after: tuple[str, ...] | None = None
        while True:
            async with parts.units.reading() as rows:
                page = await rows.sealed_texts.page(place, after, _PAGE)
            if not page:
                break
            after = page[-1].key
            for one in page:
                if parts.vault.is_current(one.text):
                    continue
                try:
                    done = await _reseal(parts, place, one)
                except VaultError:
                    unreadable.append(f"{place.table} {' '.join(one.key)}")
                else:
                    changed, overtaken = changed + done, overtaken + (not done)
    return Resealed(changed=changed, unreadable=tuple(unreadable), overtaken=overtaken)


async def _reseal(parts: Parts, place: SealedPlace, one: SealedText) -> bool:
    """Reseal one text in a transaction of its own, if it still is what it was."""
    context = place.context(*one.key)
    text = parts.vault.seal(parts.vault.open(one.text, context), context)
    async with parts.units() as work:
        done = await work.sealed_texts.reseal(place, one, text)
        await work.commit()
    return done
