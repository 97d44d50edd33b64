"""/api/openapi.json and /api/postman.json: the API described for programs, made when first asked for."""

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from ..answers import encode
from ..guards import counted
from ..openapi import describe
from ..postman import collect
from .desk import Desk

__all__ = ["document_handlers"]


def document_handlers() -> list[HTTPRouteHandler]:
    """List the routes."""
    return [openapi, postman]


@get("/api/openapi.json", access="public", guards=[counted], include_in_schema=False)
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the OpenAPI document."""
    return Response(encode(describe(request.app)), media_type=MediaType.JSON)


@get("/api/postman.json", access="public", guards=[counted], include_in_schema=False)
async def postman(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Give the Postman collection."""
    made = collect(describe(request.app), desk.house.config.base_url)
    answer: Response[bytes] = Response(encode(made), media_type=MediaType.JSON)
    answer.headers["Content-Disposition"] = 'attachment; filename="paylinks.postman_collection.json"'
    return answer
