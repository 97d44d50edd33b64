"""Who changes a brand's settings: the one place where these routes let somebody in."""

from typing import Any

from litestar import Request

from paylinks_core.audit import Actor
from paylinks_ports.records.tenants import Brand

from ...guards import actor_of
from ..desk import Desk

__all__ = ["admitted"]


async def admitted(request: Request[Any, Any, Any], desk: Desk) -> tuple[Brand, Actor]:
    """Let in who is signed in with the route's permission; give the brand, and who it is for the audit log.

    Raises:
        SignInRequired, Forbidden, ReauthenticationRequired, NotKnown, HttpRefusal, RateLimited: as `Guards.admin`.

    """
    brand = await desk.guards.admin(request)
    return brand, actor_of(request)
