"""A signed-in person on a page of the console: where they look at, what they may, and the page around what they see."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from msgspec import Struct, field

from paylinks_core.errors import NotKnown
from paylinks_core.permissions import Permission, allows
from paylinks_core.places import Places, list_places
from paylinks_core.sessions import Caller
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import Window

from ...guards import signed_in
from ...routes.desk import Desk
from ..rendering import page
from .forms import UNTROUBLED, Trouble

__all__ = ["Pages", "Visit", "enter", "go", "pages_of", "shows", "takes"]

_SEE_OTHER: Literal[303] = 303

Declare: TypeAlias = Callable[[Callable[..., object]], HTTPRouteHandler]

_SECTIONS: tuple[tuple[str, str, str, Permission], ...] = (
    ("/admin", "Overview", "overview", "orders.read"),
    ("/admin/orders", "Orders", "orders", "orders.read"),
    ("/admin/links", "New pay link", "links", "checkouts.create"),
    ("/admin/upsells", "Upsells", "upsells", "orders.read"),
    ("/admin/settings", "Settings", "settings", "settings.read"),
    ("/admin/domains", "Domains", "domains", "domains.read"),
    ("/admin/webhooks", "Webhooks", "webhooks", "webhooks.read"),
    ("/admin/inbox", "Received events", "inbox", "orders.read"),
    ("/admin/salespeople", "Salespeople", "salespeople", "salespeople.read"),
    ("/admin/users", "Users", "users", "users.read"),
    ("/admin/api-keys", "API keys", "keys", "api_keys.read"),
    ("/admin/brands", "Brands", "brands", "brands.read"),
    ("/admin/audit-log", "Audit log", "audit", "audit.read"),
)

_DONE: Mapping[str, str] = {
    "added": "Added.",
    "invited": "The invitation is on its way.",
    "mailed": "The pay link is on its way.",
    "removed": "Removed.",
    "resolved": "Your decision is written down.",
    "retried": "It is sent again.",
    "revoked": "The key is revoked. Nothing can call with it any more.",
    "saved": "Saved.",
    "switched": "You look at another brand now.",
    "two-factor-off": "Two-factor authentication is off.",
    "refund-succeeded": "The money is given back.",
    "refund-pending": "The refund is on its way; the provider has not confirmed it yet.",
    "refund-unknown": "Nobody knows yet what became of the refund. It counts as given back until it is settled.",
    "refund-failed": "The provider did not give the money back. The refund below says why.",
}
_BAD = frozenset({"refund-failed", "refund-unknown"})


class Visit(Struct, frozen=True, kw_only=True):
    """Who is there, and what is around what they see."""

    path: str
    query: Mapping[str, str]
    caller: Caller
    places: Places

    @property
    def looked_at(self) -> Brand | None:
        """The brand that is looked at, where there is one."""
        return next((one for one in self.places.brands if one.id == self.caller.brand_id), None)

    @property
    def brand(self) -> Brand:
        """The brand that is looked at.

        Raises:
            NotKnown: there is none that the person may see.

        """
        if (brand := self.looked_at) is None:
            raise NotKnown("brandId: there is no brand that you see")
        return brand

    def may(self, permission: Permission) -> bool:
        """Say whether the person has a permission."""
        return allows(self.caller.role, permission)

    def render(
        self,
        template: str,
        trouble: Trouble = UNTROUBLED,
        *,
        cookies: tuple[Cookie, ...] = (),
        status: int = 200,
        **values: Any,  # noqa: ANN401 - whatever the template names
    ) -> Response[bytes]:
        """Render a page of the console, with what was wrong with its form where something was."""
        word = self.query.get("done", "")
        sections = [section for section in _SECTIONS if self.may(section[3])]
        current = max((one[0] for one in sections if _within(self.path, one[0])), key=len, default="")
        answer = page(
            f"admin/{template}",
            trouble.status or status,
            visit=self,
            sections=sections,
            current=current,
            done=_DONE.get(word) if not trouble.status else None,
            done_bad=word in _BAD,
            trouble=trouble,
            **values,
        )
        answer.cookies.extend(cookies)
        return answer


class Pages(Struct, frozen=True, kw_only=True):
    """Where a list stands, and the addresses of its neighbours."""

    first: int
    last: int
    total: int
    search: str
    newer: str | None
    older: str | None
    filters: Mapping[str, str] = field(default_factory=dict)


def _within(path: str, section: str) -> bool:
    return path == section or (section != "/admin" and path.startswith(f"{section}/"))


async def enter(request: Request[Any, Any, Any], desk: Desk) -> Visit:
    """Let in who may see the page.

    Raises:
        SignInRequired, Forbidden, ReauthenticationRequired, HttpRefusal, RateLimited: as for `Guards.session`.

    """
    caller = await desk.guards.session(request)
    places = await list_places(desk.parts, caller)
    return Visit(path=request.url.path, query=dict(request.query_params), caller=caller, places=places)


def shows(path: str, permission: Permission) -> Declare:
    """Declare a page for people with a permission."""
    return get(path, permission=permission, guards=[signed_in])


def takes(path: str, permission: Permission) -> Declare:
    """Declare where a page's forms go: its own address, so that a reload leads to the page."""
    return post(path, permission=permission, guards=[signed_in], status_code=_SEE_OTHER)


def go(path: str, done: str | None = None, cookies: tuple[Cookie, ...] = ()) -> Redirect:
    """Lead on after a form; `done` names what the next page says."""
    return Redirect(f"{path}?done={done}" if done else path, status_code=_SEE_OTHER, cookies=list(cookies))


def pages_of(visit_path: str, query: Mapping[str, str], window: Window, total: int) -> Pages:
    """Say where a list stands; its neighbours keep its filters."""
    kept = {name: text for name, text in query.items() if text and name not in ("page", "done")}
    number = window.offset // window.limit + 1

    def address(other: int) -> str:
        return f"{visit_path}?{urlencode(kept | {'page': str(other)})}"

    last = min(window.offset + window.limit, total)
    return Pages(
        first=min(window.offset + 1, total),
        last=last,
        total=total,
        search=query.get("search", ""),
        newer=address(number - 1) if number > 1 else None,
        older=address(number + 1) if window.offset + window.limit < total else None,
        filters=kept,
    )
