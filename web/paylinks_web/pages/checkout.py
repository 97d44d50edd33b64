"""/c/{code} and /checkout/{token}: the hosted checkout. It pays in demo mode; the providers' own fields come later."""

from typing import Any, Literal, get_args

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from paylinks_core import checkouts, completion
from paylinks_core.access import Access, read_token
from paylinks_core.errors import (
    AlreadyPaid,
    AmountMismatch,
    CardDeclined,
    NotKnown,
    OutcomeUnknown,
    PaymentInProgress,
    ProviderDisabled,
    ProviderNotAllowed,
    ProviderNotConfigured,
    Superseded,
    UnknownProvider,
)
from paylinks_core.links import find_link
from paylinks_core.parts import Parts
from paylinks_ports.errors import (
    CredentialsRejected,
    ExpiredToken,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
)
from paylinks_ports.providers import DemoWord

from ..addresses import own_page
from ..errors import HttpRefusal, error_answer
from ..routes.desk import Desk
from .rendering import page
from .view import View, view_of_checkout, view_of_token

__all__ = ["back", "pay", "pay_token", "show", "show_token"]

_OUTCOMES: dict[str, str] = {
    "demo": "The payment succeeds",
    "demo_decline": "The card is declined",
    "demo_soft_decline": "The card has not enough money on it",
    "demo_3ds": "The bank asks for a confirmation",
    "demo_processing": "It takes a moment, then succeeds",
    "demo_timeout": "The provider's answer is lost on the way",
    "demo_error": "The provider can't be reached",
}
_STATUS = {"expired": 410}
_SEE_OTHER: Literal[303] = 303


@get("/c/{code:str}")
async def show(code: FromPath[str], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show the checkout of a pay link."""
    return _render(await _by_code(desk.parts, code))


@get("/checkout/{token:str}")
async def show_token(token: FromPath[str], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show the checkout of a token."""
    access = await read_token(desk.parts, token)
    view = await view_of_token(desk.parts, access, token)
    return _render(view)


@get(["/c/{place:str}/pay", "/checkout/{place:str}/pay"])
async def back(request: Request[Any, Any, Any], place: FromPath[str]) -> Redirect:  # noqa: ARG001 - it is in the path
    """Lead who opens a form's own address, as after a reload, to the page with the form."""
    return Redirect(request.url.path.removesuffix("/pay"), status_code=_SEE_OTHER)


@post("/c/{code:str}/pay", status_code=_SEE_OTHER)
async def pay(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Response[Any]:
    """Pay through the provider that the form names, then lead back to the page."""
    link = await find_link(desk.parts, code)
    if link is None:
        raise NotKnown("there is no such link")
    try:
        access = await _admit(request, desk, link.token)
    except ExpiredToken:
        return Redirect(f"/c/{code}", status_code=_SEE_OTHER)  # which tells what became of it
    return await _pay(request, desk, access, await _by_code(desk.parts, code))


@post("/checkout/{token:str}/pay", status_code=_SEE_OTHER)
async def pay_token(
    request: Request[Any, Any, Any], token: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Pay by token, then lead to the short link, so that the token leaves the address bar."""
    access = await _admit(request, desk, token)
    return await _pay(request, desk, access, await view_of_token(desk.parts, access, token))


async def _by_code(parts: Parts, code: str) -> View:
    view = await view_of_checkout(parts, code)
    if view is None:
        raise NotKnown("there is no such link")
    return view


async def _admit(request: Request[Any, Any, Any], desk: Desk, token: str) -> Access:
    """Refuse forms of other sites' pages; the code or token itself is what proves the right to pay."""
    if not own_page(request.headers, desk.parts.base_url):
        raise HttpRefusal(403, "origin_not_allowed", "This page may not pay")
    return await desk.guards.token(request, token)


async def _pay(request: Request[Any, Any, Any], desk: Desk, access: Access, view: View) -> Response[Any]:
    form = await request.form()
    provider = view.payment.provider if view.stage == "action" and view.payment else str(form.get("provider", ""))
    if view.stage in ("open", "declined"):
        choice = view.choice(provider or view.chosen or "")
        if choice is None:
            return _render(view, 400, notice="This way to pay is not available for this order. Please choose another.")
        if not choice.demo:
            return _render(view, 409, notice=f"This page can't take payments with {choice.title} yet.")
        provider = choice.name
    elif view.stage != "action" or view.payment is None or not view.payment.demo:
        return await _onward(desk.parts, access)
    outcome = str(form.get("outcome", ""))
    word = outcome if outcome in _OUTCOMES else None
    try:
        if view.stage != "action":
            await checkouts.initialize(desk.parts, access, provider, checkouts.Given())
        payload = completion.Payload(provider=provider, payment_token=word)
        await completion.complete(desk.parts, access, payload)
    except (AlreadyPaid, AmountMismatch, CardDeclined, OutcomeUnknown):
        pass  # it is remembered, so the page tells it
    except Superseded:
        raise
    except PaylinksError as error:
        title = desk.parts.providers[provider].title
        return _render(view, error_answer(error, "")[0].status, notice=_notice(error, title))
    return await _onward(desk.parts, access)


async def _onward(parts: Parts, access: Access) -> Redirect:
    """Lead a customer who has paid to the shop, every other one to the page that tells how it stands."""
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(access.brand.id, access.claims.order_id)
    if checkout is None:
        raise NotKnown("there is no such order")
    paid_to = checkout.claims.success_url if checkout.state == "paid" else None
    return Redirect(paid_to or f"/c/{checkout.code}", status_code=_SEE_OTHER)


def _notice(error: PaylinksError, title: str) -> str:
    match error:
        case ProviderUnavailable():
            return f"{title} could not be reached. Nothing was charged; please try again."
        case CredentialsRejected() | ProviderRefused():
            return f"{title} did not accept this payment. Nothing was charged; please tell the shop."
        case PaymentInProgress():
            return "An earlier payment for this order is still open. Please wait a moment, then open the link again."
        case ProviderDisabled() | ProviderNotAllowed() | ProviderNotConfigured() | UnknownProvider():
            return "This way to pay is not available any more. Please choose another."
    raise error


def _render(view: View, status: int | None = None, *, notice: str | None = None) -> Response[bytes]:
    wished = view.claims.metadata.get("demo", "")
    return page(
        "checkout.html",
        status or _STATUS.get(view.stage, 200),
        leads_to=view.claims.success_url,
        view=view,
        claims=view.claims,
        outcomes=_OUTCOMES,
        outcome=wished if wished in get_args(DemoWord) else "demo",
        notice=notice,
    )
