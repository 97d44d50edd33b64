"""Pay links: a short code that stands for an order's newest token."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import LineItem
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.domains import Domain
from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.records.tenants import Brand

from .access import Access, check_currency, issue_token
from .checkouts import Given, add_checkout, newer
from .claims import read_claims
from .errors import InvalidClaims, NotKnown, PaymentInProgress
from .parts import Parts

__all__ = ["Link", "find_link", "generate"]

MIN_EXPIRES_IN, MAX_EXPIRES_IN = 60, 2_592_000
_QUICKER = 10


class Link(Struct, frozen=True, kw_only=True):
    """An order's link and the token behind it."""

    checkout: Checkout
    token: str
    url: str


async def generate(
    parts: Parts, brand: Brand, raw: Mapping[str, object], expires_in: int, *, seller: Salesperson | None = None
) -> Link:
    """Make a link for an order; for an unpaid one made before, a newer link in its place.

    Args:
        raw: the claims of api.md §2 without `iat` and `exp`, or a cart whose `amount` follows from its items.
        expires_in: seconds, 60 to 2592000.
        seller: the salesperson who makes it and is credited with the order.

    Raises:
        InvalidClaims: naming the field.
        NotKnown: a salesperson asks for an order that is not theirs.
        AlreadyPaid: the order is paid.
        OrderExists: an upsell has the order id.

    """
    if not MIN_EXPIRES_IN <= expires_in <= MAX_EXPIRES_IN:
        raise InvalidClaims(f"expiresIn: is not within {MIN_EXPIRES_IN} and {MAX_EXPIRES_IN} seconds")
    if raw.get("brandId") not in (None, brand.id):
        raise InvalidClaims("brandId: is not the caller's brand")
    claims = read_claims(_with_amount(raw))
    check_currency(brand, claims)
    for _ in range(_QUICKER):
        now = parts.clock.now()
        async with parts.units.reading() as rows:
            before = await rows.checkouts.by_order(brand.id, claims.order_id)
            domain = await rows.domains.primary(brand.id)
        if seller is not None and before is not None and before.salesperson_id != seller.id:
            raise NotKnown("orderId: is not one of yours")
        # An `iat` has whole seconds: a second link within one must still be the newer one.
        issued_at = max(now // 1000, before.issued_at + 1 if before else 0)
        access = Access(brand=brand, claims=claims, issued_at=issued_at, expires_at=now + expires_in * 1000)
        checkout = newer(parts, access, before, Given())
        if seller is not None and before is None:
            checkout = replace(checkout, salesperson_id=seller.id, commission_rate=seller.commission_rate)
        try:
            async with parts.units() as work:
                if before is None:
                    await add_checkout(parts, work, checkout)
                else:
                    checkout = await work.checkouts.replace(before, replace(checkout, code=parts.ids.code()))
                await work.commit()
        except Conflict:
            continue
        return _link(parts, checkout, domain)
    raise PaymentInProgress("orderId: too many links are being made for it at once")


def _with_amount(raw: Mapping[str, object]) -> Mapping[str, object]:
    """Sum up a cart that states no amount; its items have been read into their types before."""
    items = raw.get("lineItems")
    if "amount" in raw or not items:
        return raw
    lines = msgspec.convert(items, tuple[LineItem, ...])
    parts = [msgspec.convert(raw.get(name, 0), int) for name in ("shipping", "tax", "discount")]
    total = sum(line.quantity * line.unit_price for line in lines) + parts[0] + parts[1] - parts[2]
    return {**raw, "amount": total}


async def find_link(parts: Parts, code: str) -> Link | None:
    """Find the link of a code; None where there is none, or a newer one has taken its place."""
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_code(code)
        domain = await rows.domains.primary(checkout.brand_id) if checkout else None
    return _link(parts, checkout, domain) if checkout else None


def _link(parts: Parts, checkout: Checkout, domain: Domain | None) -> Link:
    base = f"https://{domain.host}" if domain else parts.base_url
    return Link(checkout=checkout, token=issue_token(parts, checkout), url=f"{base}/c/{checkout.code}")
