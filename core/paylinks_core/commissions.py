"""What salespeople sell: the links they make, and what they earn by them."""

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.salespeople import RATE_UNIT, Salesperson
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import Found, Window

from .links import Link, generate
from .parts import Parts

__all__ = ["Commission", "commission_of", "list_commissions", "list_links", "make_link"]


class Commission(Struct, frozen=True, kw_only=True):
    """What was earned in one currency, in minor units, and what refunds have taken back of it."""

    currency: str
    earned: int
    reversed: int
    orders: int


async def make_link(
    parts: Parts, salesperson: Salesperson, brand: Brand, raw: Mapping[str, object], expires_in: int
) -> Link:
    """Make a pay link whose order is credited to the salesperson.

    Raises:
        InvalidClaims, AlreadyPaid: as for `links.generate`.
        NotKnown: the order is someone else's.

    """
    return await generate(parts, brand, raw, expires_in, seller=salesperson)


async def list_links(parts: Parts, salesperson: Salesperson, window: Window) -> Found[Checkout]:
    """List what the salesperson has made links for."""
    async with parts.units.reading() as rows:
        return await rows.checkouts.of_salesperson(salesperson.id, window)


def commission_of(checkout: Checkout, given_back: int = 0) -> int:
    """Say what a salesperson earns by an order, once it is paid, in minor units; halves go to the salesperson.

    Args:
        checkout: the order.
        given_back: what refunds have taken of its amount.

    """
    kept = max(checkout.claims.amount - given_back, 0)
    return (kept * checkout.commission_rate * 2 + RATE_UNIT) // (2 * RATE_UNIT)


async def list_commissions(parts: Parts, salesperson: Salesperson) -> tuple[Commission, ...]:
    """Sum up what was earned, and what was taken back, by currency."""
    async with parts.units.reading() as rows:
        paid = await rows.checkouts.paid_to_salesperson(salesperson.id)
        refunds = await rows.refunds.of_checkouts([checkout.id for checkout in paid])
    given_back: dict[str | None, int] = defaultdict(int)
    for refund in refunds:
        if refund.state == "succeeded":
            given_back[refund.payment_id] += refund.amount
    sums: dict[str, Commission] = {}
    for checkout in paid:
        earned = commission_of(checkout)
        taken_back = earned - commission_of(checkout, given_back[checkout.payment_id])
        currency = checkout.claims.currency
        was = sums.get(currency, Commission(currency=currency, earned=0, reversed=0, orders=0))
        sums[currency] = Commission(
            currency=currency,
            earned=was.earned + earned,
            reversed=was.reversed + taken_back,
            orders=was.orders + 1,
        )
    return tuple(sums[currency] for currency in sorted(sums))
