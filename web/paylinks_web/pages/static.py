"""The files that pages load, read once; an address holds a hash of the content, so browsers keep it for good."""

import hashlib
from functools import cache
from pathlib import Path

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from paylinks_core.errors import NotKnown

__all__ = ["file", "static_url"]

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_DIGITS = 16


class _File(Struct, frozen=True, kw_only=True):
    content: bytes
    digest: str
    media_type: str


@cache
def _files() -> dict[str, _File]:
    files = {}
    for path in sorted(_FOLDER.iterdir()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:_DIGITS]
        files[path.name] = _File(content=content, digest=digest, media_type=_TYPES[path.suffix])
    return files


def static_url(name: str) -> str:
    """Give the address of a file as it is now."""
    return f"/static/{_files()[name].digest}/{name}"


@get("/static/{digest:str}/{name:str}")
async def file(digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Serve a file that pages load.

    Raises:
        NotKnown: there is none of that name.

    """
    found = _files().get(name)
    if found is None:
        raise NotKnown("there is no such file")
    # While processes of two versions serve, a page of one may ask the other for a file: it gets what is there, and asks
    # again next time.
    keep = "public, max-age=31536000, immutable" if digest == found.digest else "no-cache"
    return Response(found.content, headers={"Cache-Control": keep}, media_type=found.media_type)
