"""/api/providers/{provider}/{word}: what each plugin announces as an operation, mounted with everything around it.

Handlers are made at start-up, so this module's annotations must be real ones.
"""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import Struct

from paylinks_core.asking import Brought
from paylinks_core.errors import NotKnown
from paylinks_core.operations import access_by_body, access_by_token, operate
from paylinks_ports.operations import Operation, OperationBody

from ..answers import Success
from ..guards import counted
from ..plugins import Plugins
from .desk import Desk

__all__ = ["provider_handlers"]


def provider_handlers(plugins: Plugins) -> list[HTTPRouteHandler]:
    """Make a route for every operation of every installed plugin, and one that answers for all others."""
    mounted = [_mount(name, operation) for name, one in plugins.payment.items() for operation in one.operations]
    return [*mounted, unknown]


@post("/api/providers/{rest:path}", status_code=200, access="public", guards=[counted], include_in_schema=False)
async def unknown() -> None:
    """Answer for providers and words that no installed plugin announces."""
    raise NotKnown("no installed plugin offers this operation")


def _mount(provider: str, operation: Operation) -> HTTPRouteHandler:
    title = "".join(part.capitalize() for part in (provider, *operation.name.split("-")))
    answer_type: type[Struct] = msgspec.defstruct(
        f"{title}Answer",
        [("data", operation.answer_type)],
        bases=(Success,),
        frozen=True,
        kw_only=True,
        rename="camel",
        module=__name__,
        namespace={"__doc__": operation.summary},
    )

    async def handler(request: Request[Any, Any, Any], data: OperationBody, desk: NamedDependency[Desk]) -> Struct:
        if data.token is not None:
            access = await access_by_token(desk.parts, data)
            await desk.guards.admit(request, access)
        else:
            brand = await desk.guards.server(request)
            access = await access_by_body(desk.parts, brand, operation, data)
        brought = Brought(ip_address=_ip_address(data) or desk.guards.address(request))
        outcome = await operate(desk.parts, access, provider, operation, data, brought)
        return answer_type(data=operation.answer(outcome))

    handler.__annotations__["data"] = JSONBody[operation.body]  # type: ignore[misc,name-defined]  # known at start only
    handler.__annotations__["return"] = answer_type
    handler.__name__ = f"{provider}_{operation.name.replace('-', '_')}"
    handler.__doc__ = operation.summary
    return post(
        f"/api/providers/{provider}/{operation.name}",
        status_code=200,
        access="server",
        permission="payments.charge",
        tags=["Payment providers"],
        operation_id=f"{title}",
    )(handler)


def _ip_address(body: OperationBody) -> str | None:
    """Take the customer's address from the brand's own server, where the operation has a field for it."""
    stated: str | None = getattr(body, "ip_address", None)
    return stated
