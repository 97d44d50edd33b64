"""/admin/webhooks: where a brand wants its events, and each event's way there."""

from typing import Any, get_args

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core import endpoints
from paylinks_core.deliveries import Deliverer
from paylinks_core.endpoints import EndpointChange
from paylinks_core.errors import InvalidInput
from paylinks_ports.errors import PaylinksError
from paylinks_ports.records.events import EventType
from paylinks_ports.storage import Window

from ...routes.admin.webhook_views import detail_of
from ...routes.desk import Desk
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .orders import window_of
from .visit import Visit, enter, go, pages_of, shows, takes

__all__ = ["act", "create", "index", "retry", "show", "show_delivery"]

_DESCRIPTION = 500
_ADDRESS = 2048


@shows("/admin/webhooks", "webhooks.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the brand's endpoints."""
    return await _list(request, desk, await enter(request, desk))


@takes("/admin/webhooks", "webhooks.write")
async def create(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make an endpoint, and show its secret this once."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        endpoint, secret = await endpoints.create_endpoint(
            desk.parts, visit.caller.actor, desk.house.sender, visit.brand, _change_of(form, enabled=True)
        )
    except PaylinksError as error:
        return await _list(request, desk, visit, trouble_of(error, form))
    return _secret(visit, secret, f"/admin/webhooks/{endpoint.id}")


@shows("/admin/webhooks/{endpoint_id:str}", "webhooks.read")
async def show(
    request: Request[Any, Any, Any], endpoint_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show an endpoint and what was sent there."""
    return await _one(request, desk, await enter(request, desk), endpoint_id)


@takes("/admin/webhooks/{endpoint_id:str}", "webhooks.write")
async def act(
    request: Request[Any, Any, Any], endpoint_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Change an endpoint, try it out, give it another secret, or forget it."""
    visit, form = await enter(request, desk), await read_form(request)
    here = f"/admin/webhooks/{endpoint_id}"
    try:
        match form.text("do"):
            case "test":
                taken = await endpoints.add_test(desk.parts, visit.brand, endpoint_id)
                await Deliverer(desk.parts, desk.house.sender).send_taken(taken)
                return go(f"/admin/deliveries/{taken.id}")
            case "rotate":
                _, secret = await endpoints.rotate_secret(desk.parts, visit.caller.actor, visit.brand, endpoint_id)
                return _secret(visit, secret, here)
            case "delete":
                await endpoints.delete_endpoint(desk.parts, visit.caller.actor, visit.brand, endpoint_id)
                return go("/admin/webhooks", "removed")
            case "change":
                change = _change_of(form, enabled=form.text("enabled") == "on")
                await endpoints.change_endpoint(
                    desk.parts, visit.caller.actor, desk.house.sender, visit.brand, endpoint_id, change
                )
                return go(here, "saved")
            case _:
                raise InvalidInput("do: is required")
    except PaylinksError as error:
        return await _one(request, desk, visit, endpoint_id, trouble_of(error, form))


@shows("/admin/deliveries/{delivery_id:str}", "webhooks.read")
async def show_delivery(
    request: Request[Any, Any, Any], delivery_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show a delivery with what was sent and answered last."""
    return await _delivery(desk, await enter(request, desk), delivery_id)


@takes("/admin/deliveries/{delivery_id:str}", "webhooks.write")
async def retry(
    request: Request[Any, Any, Any], delivery_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Send a delivery once more, now."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        await endpoints.send_again(desk.parts, visit.brand, delivery_id)
    except PaylinksError as error:
        return await _delivery(desk, visit, delivery_id, trouble_of(error, form))
    return go(f"/admin/deliveries/{delivery_id}", "retried")


def _change_of(form: Form, *, enabled: bool) -> EndpointChange:
    wanted = form.all("events")
    known = tuple(one for one in get_args(EventType) if one in wanted)
    return EndpointChange(
        url=form.text("url")[:_ADDRESS],
        events=("*",) if "*" in wanted else known,
        description=form.text("description")[:_DESCRIPTION],
        enabled=enabled,
    )


async def _list(
    request: Request[Any, Any, Any], desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED
) -> Response[bytes]:
    window = window_of(request)
    found = await endpoints.page_endpoints(desk.parts, visit.brand, window)
    return visit.render(
        "webhooks.html",
        trouble,
        endpoints=found.rows,
        types=get_args(EventType),
        pages=pages_of("/admin/webhooks", visit.query, window, found.total),
    )


async def _one(
    request: Request[Any, Any, Any], desk: Desk, visit: Visit, endpoint_id: str, trouble: Trouble = UNTROUBLED
) -> Response[bytes]:
    window: Window = window_of(request)
    async with desk.parts.units.reading() as rows:
        endpoint = await endpoints.find_endpoint(rows, visit.brand, endpoint_id)
    found = await endpoints.page_deliveries(desk.parts, visit.brand, endpoint_id, window)
    return visit.render(
        "webhook.html",
        trouble,
        endpoint=endpoint,
        types=get_args(EventType),
        deliveries=found.rows,
        pages=pages_of(f"/admin/webhooks/{endpoint_id}", visit.query, window, found.total),
    )


async def _delivery(desk: Desk, visit: Visit, delivery_id: str, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    async with desk.parts.units.reading() as rows:
        delivery, event = await endpoints.find_delivery(rows, visit.brand, delivery_id)
    return visit.render("delivery.html", trouble, delivery=delivery, detail=detail_of(delivery, event))


def _secret(visit: Visit, secret: str, onward: str) -> Response[bytes]:
    return visit.render(
        "secret.html",
        title="Keep this secret",
        text="Your server checks with it that an event comes from us. It is shown this once.",
        secrets=(("Signing secret", secret),),
        onward=onward,
    )
