"""/admin/settings/{integration}/lists: a marketing system's lists and segments, and the brand's own names for them."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core.audiences import list_audiences, name_audiences
from paylinks_core.settings import find_announced
from paylinks_ports.errors import PaylinksError

from ...routes.desk import Desk
from .forms import UNTROUBLED, Trouble, read_form, trouble_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["rename", "show"]

_PATH = "/admin/settings/{integration:str}/lists"
_NAME = "name."


@shows(_PATH, "settings.read")
async def show(
    request: Request[Any, Any, Any], integration: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Fetch the lists."""
    return await _lists(desk, await enter(request, desk), integration)


@takes(_PATH, "settings.write")
async def rename(
    request: Request[Any, Any, Any], integration: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Give lists other names; an empty one takes the list's own name back."""
    visit, form = await enter(request, desk), await read_form(request)
    names = {name.removeprefix(_NAME): text.strip() for name, text in form.texts.items() if name.startswith(_NAME)}
    try:
        await name_audiences(desk.parts, visit.caller.actor, visit.brand, integration, names)
    except PaylinksError as error:
        return await _lists(desk, visit, integration, trouble_of(error, form))
    return go(f"/admin/settings/{integration}/lists", "saved")


async def _lists(desk: Desk, visit: Visit, integration: str, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    found, names = await list_audiences(desk.parts, visit.brand, integration)
    title = find_announced(desk.parts, "integration", integration).title
    return visit.render("lists.html", trouble, id=integration, title=title, lists=found, names=names)
