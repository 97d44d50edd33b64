"""Who changes a brand's settings: the one place where these routes let somebody in."""

from typing import Any

from litestar import Request

from paylinks_core.audit import Actor
from paylinks_ports.records.tenants import Brand

from ..desk import Desk

__all__ = ["admitted"]


async def admitted(request: Request[Any, Any, Any], desk: Desk) -> tuple[Brand, Actor]:
    """Let in who may see and change a brand's settings; give the brand, and who it is for the audit log.

    Raises:
        InvalidApiKey, HttpRefusal: nobody who may.
        RateLimited: too often.

    """
    brand = await desk.guards.server(request)
    actor = Actor(
        organization_id=brand.organization_id,
        brand_id=brand.id,
        id=brand.id,
        kind="api_key" if "authorization" in request.headers else "operator",
        ip=desk.guards.address(request),
    )
    return brand, actor
