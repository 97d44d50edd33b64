"""A brand's figures: what was paid today and on the days before, what was declined, and what waits for a person."""

from collections import Counter

from msgspec import Struct

from paylinks_ports.money import Money
from paylinks_ports.storage import OrderFilter, Window

from .parts import Parts

__all__ = ["DAYS", "Day", "Figures", "read_figures"]

DAYS = 14
_DAY = 86_400_000


class Day(Struct, frozen=True, kw_only=True):
    """One day in UTC: when it began in Unix milliseconds, and how many payments begun on it are paid."""

    at: int
    paid: int


class Figures(Struct, frozen=True, kw_only=True):
    """What a merchant wants to see first.

    Args:
        demo: there are no others yet, so they are of demo mode.
        paid: payments of today.
        amounts: what those come to, by currency.
        declined: payments of today that end so.
        in_doubt: orders that wait for a person, of whichever day.
        days: the last ones, today's last.

    """

    demo: bool
    paid: int
    amounts: tuple[Money, ...]
    declined: int
    in_doubt: int
    days: tuple[Day, ...]


async def read_figures(parts: Parts, brand_id: str) -> Figures:
    """Read a brand's figures; those of demo mode count only where there are no others."""
    today = parts.clock.now() // _DAY * _DAY
    first = today - (DAYS - 1) * _DAY
    async with parts.units.reading() as rows:
        found = await rows.payments.figures(brand_id, first)
        in_doubt = await rows.checkouts.page(brand_id, Window(limit=1), OrderFilter(in_doubt=True))
    demo = all(one.demo for one in found) and bool(found)
    counted = [one for one in found if one.demo == demo]
    paid, amounts = Counter[int](), Counter[str]()
    for one in counted:
        if one.state == "paid":
            paid[one.day] += one.count
            if one.day == today:
                amounts[one.currency] += one.amount
    return Figures(
        demo=demo,
        paid=paid[today],
        amounts=tuple(Money(amount, currency) for currency, amount in sorted(amounts.items())),
        declined=sum(one.count for one in counted if (one.day, one.state) == (today, "declined")),
        in_doubt=in_doubt.total,
        days=tuple(Day(at=at, paid=paid[at]) for at in range(first, today + 1, _DAY)),
    )
