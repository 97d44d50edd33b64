"""/api/admin/users: the people of an organization."""

from typing import Any

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from paylinks_core import members
from paylinks_ports.records.people import Membership, Role

from ...answers import Success
from ...guards import signed_in
from ..arrivals import afterwards
from ..desk import Desk
from ..paging import Pagination, pagination_of, read_window

__all__ = ["change", "create", "index", "remove", "show"]


class UserView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A person of the organization; `pending`: invited, and not accepted yet."""

    id: str
    email: str
    name: str
    role: Role
    brand_ids: tuple[str, ...]
    pending: bool
    created_at: int


class UserAnswer(Success, frozen=True, kw_only=True):
    """A person of the organization."""

    data: UserView


class UsersAnswer(Success, frozen=True, kw_only=True):
    """The people of the organization."""

    data: tuple[UserView, ...]
    pagination: Pagination


class RemovedUser(Struct, frozen=True, kw_only=True):
    """Who is gone."""

    id: str


class RemovedUserAnswer(Success, frozen=True, kw_only=True):
    """Who is gone."""

    data: RemovedUser


class UserBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A new person; without a password an invitation is mailed."""

    email: str
    name: str
    role: Role
    brand_ids: tuple[str, ...] = ()
    password: str | None = None


class UserChanges(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    role: Role | None = None
    brand_ids: tuple[str, ...] | None = None
    name: str | None = None


def _view(one: Membership) -> UserView:
    return UserView(
        id=one.user_id,
        email=one.email,
        name=one.name,
        role=one.role,
        brand_ids=one.brand_ids,
        pending=one.accepted_at is None,
        created_at=one.created_at,
    )


@get("/api/admin/users", access="session", permission="users.read", guards=[signed_in], tags=["Users"])
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> UsersAnswer:
    """List the people of the organization."""
    caller, window = await desk.guards.session(request), read_window(request)
    found = await members.list_members(desk.parts, caller, window)
    return UsersAnswer(data=tuple(_view(one) for one in found.rows), pagination=pagination_of(window, found.total))


@post("/api/admin/users", access="session", permission="users.write", guards=[signed_in], tags=["Users"])
async def create(
    request: Request[Any, Any, Any], data: JSONBody[UserBody], desk: NamedDependency[Desk]
) -> Response[UserAnswer]:
    """Make a person belong to the organization, or invite one."""
    caller = await desk.guards.session(request)
    membership, mail = await members.create_member(
        desk.entrance,
        caller,
        email=data.email,
        name=data.name,
        role=data.role,
        brand_ids=data.brand_ids,
        password=data.password,
    )
    posting = afterwards(desk.entrance.mailer.send, mail) if mail else None
    answer = UserAnswer(data=_view(membership))
    return Response(answer, status_code=201, background=posting, media_type="application/json")


@get("/api/admin/users/{user_id:str}", access="session", permission="users.read", guards=[signed_in], tags=["Users"])
async def show(request: Request[Any, Any, Any], user_id: FromPath[str], desk: NamedDependency[Desk]) -> UserAnswer:
    """Show one."""
    caller = await desk.guards.session(request)
    return UserAnswer(data=_view(await members.find_member(desk.parts, caller, user_id)))


@put("/api/admin/users/{user_id:str}", access="session", permission="users.write", guards=[signed_in], tags=["Users"])
async def change(
    request: Request[Any, Any, Any],
    user_id: FromPath[str],
    data: JSONBody[UserChanges],
    desk: NamedDependency[Desk],
) -> UserAnswer:
    """Change what a person is in the organization."""
    caller = await desk.guards.session(request)
    changed = await members.change_member(
        desk.parts, caller, user_id, role=data.role, brand_ids=data.brand_ids, name=data.name
    )
    return UserAnswer(data=_view(changed))


@delete(
    "/api/admin/users/{user_id:str}",
    status_code=200,
    access="session",
    permission="users.write",
    guards=[signed_in],
    tags=["Users"],
)
async def remove(
    request: Request[Any, Any, Any], user_id: FromPath[str], desk: NamedDependency[Desk]
) -> RemovedUserAnswer:
    """Take a person out of the organization."""
    caller = await desk.guards.session(request)
    await members.remove_member(desk.parts, caller, user_id)
    return RemovedUserAnswer(data=RemovedUser(id=user_id))
