"""/api/openapi.json and /api/postman.json: the API described for programs, made when first asked for."""

from typing import Any

from litestar import MediaType, Request, Response, get

from ..answers import encode
from ..openapi import describe

__all__ = ["openapi"]


@get("/api/openapi.json", access="public", include_in_schema=False)
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the OpenAPI document."""
    return Response(encode(describe(request.app)), media_type=MediaType.JSON)
