"""/admin/api-keys: the keys that a brand's own servers call with."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from paylinks_core import api_keys
from paylinks_core.identification import check_name
from paylinks_core.permissions import KEY_PERMISSIONS
from paylinks_ports.errors import PaylinksError

from ...routes.desk import Desk
from ...routes.paging import part_of
from .forms import UNTROUBLED, Trouble, read_form, trouble_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["act", "index"]


@shows("/admin/api-keys", "api_keys.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the keys of the brand."""
    return await _list(request, desk, await enter(request, desk))


@takes("/admin/api-keys", "api_keys.write")
async def act(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make a key, and show it this once; or revoke one."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        if form.text("do") == "revoke":
            await api_keys.revoke_key(desk.parts, visit.caller, visit.brand.id, form.text("keyId"))
            return go("/admin/api-keys", "revoked")
        made = await api_keys.create_key(
            desk.parts,
            visit.caller,
            visit.brand.id,
            name=check_name(form.text("name"), "name"),
            mode="test" if form.text("mode") == "test" else "live",
            scopes=form.all("scopes"),
        )
    except PaylinksError as error:
        return await _list(request, desk, visit, trouble_of(error, form))
    return visit.render(
        "secret.html",
        title="Keep both of these",
        text="Your server calls with the key, and may sign checkout tokens with the secret. They are shown this once.",
        secrets=(("API key", made.key), ("Signing secret", made.signing_secret)),
        onward="/admin/api-keys",
    )


async def _list(
    request: Request[Any, Any, Any], desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED
) -> Response[bytes]:
    keys, pagination = part_of(request, await api_keys.list_keys(desk.parts, visit.brand.id))
    return visit.render("api_keys.html", trouble, keys=keys, total=pagination.total, scopes=sorted(KEY_PERMISSIONS))
