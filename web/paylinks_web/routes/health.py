"""/health: whether the process lives, and whether it can serve."""

from litestar import get
from litestar.di import NamedDependency
from msgspec import Struct

from ..answers import Success
from .desk import Desk

__all__ = ["live", "ready"]


class Health(Struct, frozen=True, kw_only=True):
    """A state in one word."""

    status: str


class HealthAnswer(Success, frozen=True, kw_only=True):
    """A state in one word."""

    data: Health


@get("/health", access="public", tags=["Health"])
async def live() -> HealthAnswer:
    """Tell that the process lives; it asks nobody."""
    return HealthAnswer(data=Health(status="live"))


@get("/health/ready", access="public", tags=["Health"])
async def ready(desk: NamedDependency[Desk]) -> HealthAnswer:
    """Tell that the database answers and its schema is this program's; 503 otherwise."""
    await desk.parts.units.ping()
    return HealthAnswer(data=Health(status="ready"))
