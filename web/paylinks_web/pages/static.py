"""The files that pages load, read once; an address holds a hash of the content, so browsers keep it for good."""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from paylinks_core.errors import NotKnown
from paylinks_ports.browser import BrowserPart

from ..routes.desk import Desk

__all__ = ["browser_module", "file", "module_url", "static_url"]

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_DIGITS = 16


class _File(Struct, frozen=True, kw_only=True):
    content: bytes
    packed: bytes
    media_type: str


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:_DIGITS]


@cache
def _files() -> Mapping[str, _File]:
    files = {}
    for path in sorted(_FOLDER.iterdir()):
        content = path.read_bytes()
        files[path.name] = _File(content=content, packed=_packed(content), media_type=_TYPES[path.suffix])
    return files


@cache
def _version() -> str:
    """Give one hash for all files, so that modules that import each other do so under the same address."""
    return _digest(*(one.content for one in _files().values()))


def static_url(name: str) -> str:
    """Give the address of a file as it is now.

    Raises:
        FileNotFoundError: a template names one that is not there.

    """
    if name not in _files():
        raise FileNotFoundError(name)
    return f"/static/{_version()}/{name}"


@get("/static/{digest:str}/{name:str}")
async def file(request: Request[Any, Any, Any], digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Serve a file that pages load.

    Raises:
        NotKnown: there is none of that name.

    """
    found = _files().get(name)
    if found is None:
        raise NotKnown("there is no such file")
    return _answer(request, found, current=digest == _version())


@cache
def _module(part: BrowserPart) -> tuple[str, _File]:
    content = part.source().encode()
    return _digest(content), _File(content=content, packed=_packed(content), media_type=_TYPES[".js"])


def module_url(provider: str, part: BrowserPart) -> str:
    """Give the address of a provider's browser module as it is now."""
    return f"/browser/{_module(part)[0]}/{provider}.js"


@get("/browser/{digest:str}/{name:str}")
async def browser_module(
    request: Request[Any, Any, Any], digest: FromPath[str], name: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Serve a plugin's browser module.

    Raises:
        NotKnown: no provider of that name has one.

    """
    provider = desk.parts.providers.get(name.removesuffix(".js"))
    if provider is None or provider.browser is None or provider.browser.module is None:
        raise NotKnown("there is no such file")
    now, found = _module(provider.browser)
    return _answer(request, found, current=digest == now)


def _answer(request: Request[Any, Any, Any], found: _File, *, current: bool) -> Response[bytes]:
    # While processes of two versions serve, a page of one may ask the other for a file: it gets what is there, and asks
    # again next time.
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
        "Vary": "Accept-Encoding",
    }
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = found.packed
    return Response(content, headers=headers, media_type=found.media_type)
