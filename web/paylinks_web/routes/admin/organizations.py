"""/api/admin/organizations and /api/admin/brands."""

from typing import Any

from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Struct, UnsetType

from paylinks_core import brands as brand_verbs
from paylinks_core import organizations, places
from paylinks_core.brands import BrandChange
from paylinks_ports.records.tenants import Brand, Organization

from ...answers import Success
from ...guards import signed_in
from ..desk import Desk
from ..paging import Pagination, part_of

__all__ = ["brands", "change_brand", "create", "create_brand", "index"]


class OrganizationView(Struct, frozen=True, kw_only=True, rename="camel"):
    """An organization."""

    id: str
    name: str
    slug: str
    created_at: int


class OrganizationAnswer(Success, frozen=True, kw_only=True):
    """An organization."""

    data: OrganizationView


class OrganizationsAnswer(Success, frozen=True, kw_only=True):
    """The organizations of a person."""

    data: tuple[OrganizationView, ...]
    pagination: Pagination


class OrganizationBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new organization."""

    name: str
    slug: str | None = None


class BrandView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A brand."""

    id: str
    organization_id: str
    name: str
    slug: str
    theme: dict[str, str]
    allowed_origins: tuple[str, ...]
    default_provider: str | None
    routes_payments: bool
    allowed_currencies: tuple[str, ...]
    test: bool
    created_at: int


class BrandAnswer(Success, frozen=True, kw_only=True):
    """A brand."""

    data: BrandView


class BrandsAnswer(Success, frozen=True, kw_only=True):
    """The brands that a person sees."""

    data: tuple[BrandView, ...]
    pagination: Pagination


class BrandBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A new brand."""

    name: str
    slug: str | UnsetType = UNSET
    theme: dict[str, str] | UnsetType = UNSET
    allowed_origins: tuple[str, ...] | UnsetType = UNSET
    default_provider: str | UnsetType | None = UNSET
    routes_payments: bool | UnsetType = UNSET
    allowed_currencies: tuple[str, ...] | UnsetType = UNSET
    test: bool | UnsetType = UNSET


class BrandChangesBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    theme: dict[str, str] | UnsetType = UNSET
    allowed_origins: tuple[str, ...] | UnsetType = UNSET
    default_provider: str | UnsetType | None = UNSET
    routes_payments: bool | UnsetType = UNSET
    allowed_currencies: tuple[str, ...] | UnsetType = UNSET
    test: bool | UnsetType = UNSET


def _organization(one: Organization) -> OrganizationView:
    return OrganizationView(id=one.id, name=one.name, slug=one.slug, created_at=one.created_at)


def _brand(one: Brand) -> BrandView:
    return BrandView(
        id=one.id,
        organization_id=one.organization_id,
        name=one.name,
        slug=one.slug,
        theme=one.theme,
        allowed_origins=one.allowed_origins,
        default_provider=one.default_provider,
        routes_payments=one.routes_payments,
        allowed_currencies=one.allowed_currencies,
        test=one.test,
        created_at=one.created_at,
    )


@get(
    "/api/admin/organizations",
    access="session",
    permission="organizations.read",
    guards=[signed_in],
    tags=["Organizations"],
)
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> OrganizationsAnswer:
    """List the organizations that one belongs to."""
    seen = await places.list_places(desk.parts, await desk.guards.session(request))
    found, pagination = part_of(request, seen.organizations)
    return OrganizationsAnswer(data=tuple(_organization(one) for one in found), pagination=pagination)


@post(
    "/api/admin/organizations",
    access="session",
    permission="organizations.write",
    guards=[signed_in],
    tags=["Organizations"],
)
async def create(
    request: Request[Any, Any, Any], data: JSONBody[OrganizationBody], desk: NamedDependency[Desk]
) -> OrganizationAnswer:
    """Make another organization, which one owns."""
    caller = await desk.guards.session(request)
    made = await organizations.create_organization(desk.parts, caller, data.name, data.slug)
    return OrganizationAnswer(data=_organization(made))


@get("/api/admin/brands", access="session", permission="brands.read", guards=[signed_in], tags=["Brands"])
async def brands(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> BrandsAnswer:
    """List the brands that one sees."""
    seen = await places.list_places(desk.parts, await desk.guards.session(request))
    found, pagination = part_of(request, seen.brands)
    return BrandsAnswer(data=tuple(_brand(one) for one in found), pagination=pagination)


@post("/api/admin/brands", access="session", permission="brands.write", guards=[signed_in], tags=["Brands"])
async def create_brand(
    request: Request[Any, Any, Any], data: JSONBody[BrandBody], desk: NamedDependency[Desk]
) -> BrandAnswer:
    """Make a brand."""
    caller = await desk.guards.session(request)
    given = BrandChange(**{name: getattr(data, name) for name in data.__struct_fields__ if name != "name"})
    return BrandAnswer(data=_brand(await brand_verbs.create_brand(desk.parts, caller, data.name, given)))


@put(
    "/api/admin/brands/{brand_id:str}",
    access="session",
    permission="brands.write",
    guards=[signed_in],
    tags=["Brands"],
)
async def change_brand(
    request: Request[Any, Any, Any],
    brand_id: FromPath[str],
    data: JSONBody[BrandChangesBody],
    desk: NamedDependency[Desk],
) -> BrandAnswer:
    """Change a brand."""
    caller = await desk.guards.session(request)
    given = BrandChange(**{name: getattr(data, name) for name in data.__struct_fields__})
    changed = await brand_verbs.change_brand(desk.parts, caller.actor, brand_id, given, caller=caller)
    return BrandAnswer(data=_brand(changed))
