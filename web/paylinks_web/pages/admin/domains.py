"""/admin/domains: a brand's own domains, what is left to do in the DNS for each, and whether it is done."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from paylinks_core import domains
from paylinks_core.errors import InvalidInput
from paylinks_ports.errors import PaylinksError

from ...routes.admin.domains import view_of
from ...routes.desk import Desk
from .forms import UNTROUBLED, Trouble, read_form, trouble_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["act", "create", "index"]

_HERE = "/admin/domains"


@shows(_HERE, "domains.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the brand's domains, asking the DNS anew as far as there is time."""
    return await _list(desk, await enter(request, desk))


@takes(_HERE, "domains.write")
async def create(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Claim a domain."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        await domains.add_domain(desk.parts, visit.caller.actor, visit.brand, form.text("domain"))
    except PaylinksError as error:
        return await _list(desk, visit, trouble_of(error, form))
    return go(_HERE, "added")


@takes(f"{_HERE}/change", "domains.write")
async def act(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Ask the DNS about a domain now, make it the primary one, or give it up."""
    visit, form = await enter(request, desk), await read_form(request)
    host, actor = form.text("domain"), visit.caller.actor
    try:
        match form.text("do"):
            case "verify":
                await domains.check_domain(desk.parts, visit.brand, host)
                return go(_HERE)
            case "prefer":
                await domains.prefer_domain(desk.parts, actor, visit.brand, host)
                return go(_HERE, "saved")
            case "remove":
                await domains.remove_domain(desk.parts, actor, visit.brand, host)
                return go(_HERE, "removed")
            case _:
                raise InvalidInput("do: is required")
    except PaylinksError as error:
        return await _list(desk, visit, trouble_of(error, form))


async def _list(desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    found = await domains.list_domains(desk.parts, visit.brand)
    return visit.render("domains.html", trouble, domains=[view_of(desk.parts, one) for one in found])
