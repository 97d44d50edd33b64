"""/admin/brands: the shops of an organization, and how each looks."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core import brands as brand_verbs
from paylinks_core import places
from paylinks_core.brands import BrandChange
from paylinks_core.errors import NotKnown
from paylinks_ports.errors import PaylinksError
from paylinks_ports.records.tenants import Brand

from ...routes.desk import Desk
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["change", "create", "index", "show"]

_THEME = ("logo", "accent", "support")


@shows("/admin/brands", "brands.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the brands that one sees."""
    visit = await enter(request, desk)
    return visit.render("brands.html")


@takes("/admin/brands", "brands.write")
async def create(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make a brand, and look at it."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        brand = await brand_verbs.create_brand(desk.parts, visit.caller, form.text("name"), BrandChange())
    except PaylinksError as error:
        return visit.render("brands.html", trouble_of(error, form))
    await places.switch_brand(desk.parts, visit.caller, brand.id)
    return go(f"/admin/brands/{brand.id}", "added")


@shows("/admin/brands/{brand_id:str}", "brands.read")
async def show(
    request: Request[Any, Any, Any], brand_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show one."""
    return _one(await enter(request, desk), brand_id)


@takes("/admin/brands/{brand_id:str}", "brands.write")
async def change(
    request: Request[Any, Any, Any], brand_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Change a brand."""
    visit, form = await enter(request, desk), await read_form(request)
    brand = _find(visit, brand_id)
    try:
        await brand_verbs.change_brand(
            desk.parts, visit.caller.actor, brand_id, _changes_of(form, brand), caller=visit.caller
        )
    except PaylinksError as error:
        return _one(visit, brand_id, trouble_of(error, form))
    return go(f"/admin/brands/{brand_id}", "saved")


def _changes_of(form: Form, brand: Brand) -> BrandChange:
    kept = {name: text for name, text in brand.theme.items() if name not in _THEME}
    given = {name: form.text(f"theme.{name}") for name in _THEME if form.text(f"theme.{name}")}
    return BrandChange(
        name=form.text("name"),
        slug=form.text("slug"),
        theme=kept | given,
        allowed_origins=tuple(form.text("allowedOrigins").split()),
        test=form.text("test") == "on",
    )


def _find(visit: Visit, brand_id: str) -> Brand:
    for brand in visit.places.brands:
        if brand.id == brand_id:
            return brand
    raise NotKnown("brandId: there is no such brand")


def _one(visit: Visit, brand_id: str, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    return visit.render("brand.html", trouble, brand=_find(visit, brand_id))
