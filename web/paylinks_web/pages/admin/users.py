"""/admin/users: the people of an organization."""

from typing import Any, get_args

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core import members
from paylinks_core.errors import InvalidInput
from paylinks_core.permissions import strength
from paylinks_ports.errors import PaylinksError
from paylinks_ports.records.people import Role

from ...routes.arrivals import afterwards
from ...routes.desk import Desk
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .orders import window_of
from .visit import Visit, enter, go, pages_of, shows, takes

__all__ = ["act", "create", "index", "show"]


@shows("/admin/users", "users.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the people of the organization."""
    return await _list(request, desk, await enter(request, desk))


@takes("/admin/users", "users.write")
async def create(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Invite a person."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        _, mail = await members.create_member(
            desk.entrance,
            visit.caller,
            email=form.text("email"),
            name=form.text("name"),
            role=_role_of(form),
            brand_ids=form.all("brandIds"),
            password=None,
        )
    except PaylinksError as error:
        return await _list(request, desk, visit, trouble_of(error, form))
    answer = go("/admin/users", "invited")
    answer.background = afterwards(desk.entrance.mailer.send, mail) if mail else None
    return answer


@shows("/admin/users/{user_id:str}", "users.read")
async def show(request: Request[Any, Any, Any], user_id: FromPath[str], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show one."""
    return await _one(desk, await enter(request, desk), user_id)


@takes("/admin/users/{user_id:str}", "users.write")
async def act(request: Request[Any, Any, Any], user_id: FromPath[str], desk: NamedDependency[Desk]) -> Response[Any]:
    """Change what a person is in the organization, or take them out of it."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        if form.text("do") == "remove":
            await members.remove_member(desk.parts, visit.caller, user_id)
            return go("/admin/users", "removed")
        await members.change_member(
            desk.parts,
            visit.caller,
            user_id,
            role=_role_of(form),
            brand_ids=form.all("brandIds"),
            name=form.text("name"),
        )
    except PaylinksError as error:
        return await _one(desk, visit, user_id, trouble_of(error, form))
    return go(f"/admin/users/{user_id}", "saved")


def _role_of(form: Form) -> Role:
    for role in get_args(Role):
        if role == form.text("role"):
            found: Role = role
            return found
    raise InvalidInput("role: is required")


def _roles(visit: Visit) -> tuple[Role, ...]:
    return tuple(role for role in get_args(Role) if strength(role) <= strength(visit.caller.role))


async def _list(
    request: Request[Any, Any, Any], desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED
) -> Response[bytes]:
    window = window_of(request)
    found = await members.list_members(desk.parts, visit.caller, window)
    pages = pages_of("/admin/users", visit.query, window, found.total)
    return visit.render("users.html", trouble, members=found.rows, pages=pages, roles=_roles(visit))


async def _one(desk: Desk, visit: Visit, user_id: str, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    member = await members.find_member(desk.parts, visit.caller, user_id)
    return visit.render("user.html", trouble, member=member, roles=_roles(visit))
