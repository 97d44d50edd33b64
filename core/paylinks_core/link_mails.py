"""Mail with a pay link: written for one customer, within a limit, and noted in the audit log."""

from paylinks_ports.records.mails import Mail
from paylinks_ports.records.tenants import Brand

from . import audit
from .entrance import Entrance
from .errors import AlreadyPaid, Throttled
from .links import Link
from .mailed_links import mail_for

__all__ = ["write"]

_MAILS = 30  # a minute of one organization, so that nobody floods others through it


async def write(entrance: Entrance, brand: Brand, link: Link, recipient: str, actor: audit.Actor) -> Mail:
    """Write a mail that asks its reader to pay; the caller sends it.

    Args:
        entrance: what mail is written with.
        brand: in whose name.
        link: which one; the mail tells its amount.
        recipient: a checked address.
        actor: who sends it.

    Raises:
        AlreadyPaid: the order is paid.
        Throttled: too many within a minute.

    """
    if link.checkout.state == "paid":
        raise AlreadyPaid
    wait = await entrance.throttle.take(f"link-mails:{brand.organization_id}", _MAILS)
    if wait is not None:
        raise Throttled(wait)
    claims = link.checkout.claims
    what = f" for {claims.product_name}" if claims.product_name else ""
    subject = f"{brand.name}: your payment of {claims.money}"
    asks = f"{brand.name} asks you to pay {claims.money}{what}. Please open this page:"
    letter = mail_for(entrance, recipient, subject, asks, link.url, f"Your order: {claims.order_id}")
    parts = entrance.parts
    async with parts.units() as work:
        await audit.record(parts, work, actor, "link.mailed", link.checkout.id, {"orderId": claims.order_id})
        await work.commit()
    return letter
