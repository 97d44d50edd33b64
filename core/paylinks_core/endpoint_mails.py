"""Who is told that a webhook endpoint was switched off: everyone who may switch it on again."""

from paylinks_ports.records.events import Endpoint
from paylinks_ports.storage import Window

from .entrance import Entrance
from .mailed_links import mail_for

__all__ = ["tell_admins"]

_MOST = 50  # mails about one endpoint


async def tell_admins(entrance: Entrance, endpoint: Endpoint) -> None:
    """Mail the owners and admins of an endpoint's organization that nothing is sent there any more, and why.

    Raises:
        StorageUnavailable: who they are can't be read; it is on the console's page all the same.

    """
    async with entrance.parts.units.reading() as rows:
        brand = await rows.brands.get(endpoint.brand_id)
        if brand is None:  # rows are never deleted
            return
        found = await rows.memberships.page(brand.organization_id, Window(limit=1000))
    admins = [one for one in found.rows if one.role in ("owner", "admin") and one.accepted_at is not None]
    for admin in admins[:_MOST]:
        mail = mail_for(
            entrance,
            admin.email,
            f"{brand.name}: a webhook endpoint was switched off",
            f"Nothing is sent to {endpoint.url} any more. {endpoint.disabled_reason or ''}".strip(),
            "Once it answers again, switch it on and send what it has missed:",
            f"{entrance.parts.base_url}/admin/webhooks",
        )
        await entrance.mailer.send(mail)
