"""The routes of the running application as the document sees them: method, path, words, types and who may call."""

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import get_args, get_origin

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

__all__ = ["Operation", "list_operations"]

_SUMMARY_ENDS = re.compile(r"[;:,.](?=\s|$)")
_PROVIDER = "{provider}"
_PARAMETER = re.compile(r"\{(\w+)\}")


class Operation(Struct, frozen=True, kw_only=True):
    """One call of the API.

    Args:
        path: as the document spells it, `/api/upsell/session/{sessionId}`.
        name: of the handler, where two paths would be called alike.
        answers: the types of its success, of which it is one; none for a call that sends a browser on.
        secret: its answer holds a secret, so no `Idempotency-Key` is taken.

    """

    method: str
    path: str
    name: str
    tag: str
    text: str
    access: str
    permission: str | None
    status: int
    body: type[Struct] | None
    answers: tuple[type[Struct], ...]
    secret: bool

    @property
    def id(self) -> str:
        """Name the call after its method and path, for programs that are made from the document."""
        words = re.findall(r"[A-Za-z0-9]+", self.path.removeprefix("/api"))
        return self.method + "".join(word[0].upper() + word[1:] for word in words)

    @property
    def summary(self) -> str:
        """Say in a line what the call does."""
        return _SUMMARY_ENDS.split(self.text, maxsplit=1)[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Name the variable parts of the path."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def writes(self) -> bool:
        """Say whether the call may change something."""
        return self.method != "get"

    @property
    def takes_key(self) -> bool:
        """Say whether an `Idempotency-Key` is claimed; a provider's events have ids of their own."""
        return self.method == "post" and self.access != "signature" and not self.secret

    @property
    def is_list(self) -> bool:
        """Say whether the answer is a page of a list."""
        return any("pagination" in one.__struct_fields__ for one in self.answers)


def list_operations(app: Litestar, providers: Mapping[str, str]) -> Iterator[Operation]:
    """List every call that is no page; what is mounted for all providers is listed for each, under its title."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if not handler.resolve_include_in_schema():
                continue
            path = _PARAMETER.sub(lambda found: "{" + _camel(found[1]) + "}", route.path_format)
            if _PROVIDER not in path:
                yield from _read(handler, path, "a provider")
                continue
            for name, title in providers.items():
                yield from _read(handler, path.replace(_PROVIDER, name), title)


def _read(handler: HTTPRouteHandler, path: str, provider: str) -> Iterator[Operation]:
    body = handler.parsed_data_field
    text = " ".join((handler.fn.__doc__ or "").split("\n\n")[0].split()).replace("a provider", provider)
    for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
        yield Operation(
            method=method.lower(),
            path=path,
            name=handler.handler_name,
            tag=next(iter(handler.tags or ()), ""),
            text=text,
            access=handler.opt["access"],
            permission=handler.opt.get("permission"),
            status=handler.status_code,
            body=body.annotation if body is not None else None,
            answers=_answers(handler.parsed_return_field.annotation),
            secret=bool(handler.opt.get("secret_answer")),
        )


def _answers(annotation: object) -> tuple[type[Struct], ...]:
    """Take the Structs out of what a handler gives back."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Response else annotation
    choices = get_args(inner) if isinstance(inner, UnionType) else (inner,)
    return tuple(one for one in choices if isinstance(one, type) and issubclass(one, Struct))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
