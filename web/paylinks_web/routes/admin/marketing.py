"""/api/admin/{klaviyo, maropost, attentive}/lists, and likewise for whatever further marketing system is installed.

Handlers are made at start-up, so this module's annotations must be real ones.
"""

from typing import Any

from litestar import Request, get, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import Struct

from paylinks_core.audiences import Audience, list_audiences, name_audiences

from ...answers import Success
from ...guards import signed_in
from ...plugins import InstalledIntegration, Plugins
from ..desk import Desk
from .callers import admitted

__all__ = ["marketing_handlers"]


class Lists(Struct, frozen=True, kw_only=True):
    """The lists or segments of a marketing system; `mappings` are the brand's own names by list id."""

    lists: tuple[Audience, ...]
    mappings: dict[str, str]
    count: int


class ListsAnswer(Success, frozen=True, kw_only=True):
    """The lists or segments of a marketing system."""

    data: Lists


class ListNamesBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other names by list id; an empty one takes the list's own name back, and what is left out stays."""

    mappings: dict[str, str]


class UpdatedNames(Struct, frozen=True, kw_only=True):
    """How many names were changed."""

    updated: int


class UpdatedNamesAnswer(Success, frozen=True, kw_only=True):
    """How many names were changed."""

    data: UpdatedNames


def marketing_handlers(plugins: Plugins) -> list[HTTPRouteHandler]:
    """Make two routes for every installed marketing system."""
    return [handler for name, one in sorted(plugins.marketing.items()) for handler in _mount(name, one)]


def _mount(name: str, installed: InstalledIntegration) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    title = installed.integration.title

    async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> ListsAnswer:
        brand, _ = await admitted(request, desk)
        lists, mappings = await list_audiences(desk.parts, brand, name)
        return ListsAnswer(data=Lists(lists=lists, mappings=mappings, count=len(lists)))

    async def rename(
        request: Request[Any, Any, Any], data: JSONBody[ListNamesBody], desk: NamedDependency[Desk]
    ) -> UpdatedNamesAnswer:
        brand, actor = await admitted(request, desk)
        updated = await name_audiences(desk.parts, actor, brand, name, data.mappings)
        return UpdatedNamesAnswer(data=UpdatedNames(updated=updated))

    show.__name__, rename.__name__ = f"{name}_lists", f"{name}_names"
    show.__doc__ = f"List {title}'s lists or segments, with the brand's own names for them."
    rename.__doc__ = f"Give {title}'s lists or segments names of the brand's own."
    path, tags = f"/api/admin/{name}/lists", ["Marketing integrations"]
    word = name.capitalize()
    return (
        get(
            path,
            tags=tags,
            operation_id=f"{word}Lists",
            access="session",
            permission="marketing.read",
            guards=[signed_in],
        )(show),
        put(
            path,
            tags=tags,
            operation_id=f"{word}Names",
            access="session",
            permission="marketing.write",
            guards=[signed_in],
        )(rename),
    )
