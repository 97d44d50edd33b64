"""/c/{code} and /checkout/{token}: the hosted checkout as plain pages and forms. `checkout_calls` serves its script."""

from collections.abc import Mapping
from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from paylinks_core import checkouts, completion
from paylinks_core.access import Access, read_token
from paylinks_core.asking import Brought
from paylinks_core.errors import (
    AlreadyPaid,
    AmountMismatch,
    CardDeclined,
    NotInitialized,
    NotKnown,
    OutcomeUnknown,
    PaymentInProgress,
    PaymentTokenRequired,
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
from paylinks_ports.providers import demo_word
from paylinks_ports.records.payments import Payment

from ..addresses import own_page
from ..errors import HttpRefusal, error_answer
from ..routes.desk import Desk
from .forms import Filled, filled_by, filled_from
from .leaving import leave
from .locales import locale_of
from .rendering import page
from .view import Choice, View, view_of_checkout, view_of_token

__all__ = ["OUTCOMES", "Place", "back", "pay", "pay_token", "place_of", "returned", "show", "show_token"]

OUTCOMES: Mapping[str, str] = {
    "demo": "The payment succeeds",
    "demo_decline": "The card is declined",
    "demo_soft_decline": "Not enough money on the card",
    "demo_3ds": "The bank asks for a step",
    "demo_processing": "It takes a moment",
    "demo_timeout": "The answer gets lost",
    "demo_error": "The provider is away",
}
_STATUS = {"expired": 410}
_SEE_OTHER: Literal[303] = 303


@get("/c/{code:str}")
async def show(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show the checkout of a pay link."""
    return _render(request, await _by_code(desk.parts, code))


@get("/checkout/{token:str}")
async def show_token(
    request: Request[Any, Any, Any], token: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show the checkout of a token."""
    access = await read_token(desk.parts, token)
    return _render(request, await view_of_token(desk.parts, access, token))


@post(["/c/{place:str}", "/upsell/{place:str}"], status_code=_SEE_OTHER)
async def returned(request: Request[Any, Any, Any], place: FromPath[str]) -> Redirect:  # noqa: ARG001 - it is in the path
    """Lead a customer whom a bank's page sends back by a form to the page itself; what the form says is not read."""
    return Redirect(request.url.path, status_code=_SEE_OTHER)


@get(["/c/{place:str}/pay", "/checkout/{place:str}/pay"])
async def back(request: Request[Any, Any, Any], place: FromPath[str]) -> Redirect:  # noqa: ARG001 - it is in the path
    """Lead who opens a form's own address, as after a reload, to the page with the form."""
    return Redirect(request.url.path.removesuffix("/pay"), status_code=_SEE_OTHER)


@post("/c/{code:str}/pay", status_code=_SEE_OTHER)
async def pay(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Response[Any]:
    """Pay through the provider that the form names, then lead back to the page."""
    try:
        place = await place_of(request, desk, code=code)
    except ExpiredToken:
        return Redirect(f"/c/{code}", status_code=_SEE_OTHER)  # which tells what became of it
    return await _pay(request, desk, place)


@post("/checkout/{token:str}/pay", status_code=_SEE_OTHER)
async def pay_token(
    request: Request[Any, Any, Any], token: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Pay by token, then lead to the short link, so that the token leaves the address bar."""
    return await _pay(request, desk, await place_of(request, desk, token=token))


class Place(Struct, frozen=True, kw_only=True):
    """A checkout page, and the proven right to act on it."""

    token: str
    access: Access
    view: View


async def place_of(
    request: Request[Any, Any, Any], desk: Desk, *, code: str | None = None, token: str | None = None
) -> Place:
    """Admit a call from a checkout's page; the code or token itself is what proves the right to pay.

    Raises:
        NotKnown, Superseded, InvalidToken, ExpiredToken: there is no such page.
        HttpRefusal: the form is of another site's page.
        RateLimited: too often.

    """
    if code is not None:
        link = await find_link(desk.parts, code)
        if link is None:
            raise NotKnown("there is no such link")
        token = link.token
    if not own_page(request.headers, desk.parts.base_url):
        raise HttpRefusal(403, "origin_not_allowed", "This page may not pay")
    access = await desk.guards.token(request, token or "")
    view = await (view_of_token(desk.parts, access, token or "") if code is None else _by_code(desk.parts, code))
    return Place(token=token or "", access=access, view=view)


async def _by_code(parts: Parts, code: str) -> View:
    view = await view_of_checkout(parts, code)
    if view is None:
        raise NotKnown("there is no such link")
    return view


async def _pay(  # noqa: PLR0911 - one for each thing that stands in the way
    request: Request[Any, Any, Any], desk: Desk, place: Place
) -> Response[Any]:
    form, view = await request.form(), place.view
    if view.stage == "action" and view.payment is not None:
        return await _go_on(request, desk, place, view.payment)
    if view.stage not in ("open", "declined"):
        return await _onward(desk.parts, place.access)
    choice = view.choice(str(form.get("provider", "")) or view.chosen or "")
    filled = filled_by({name: form[name] for name in form})
    if choice is None:
        notice = "This way to pay is not available for this order. Please choose another."
        return _render(request, view, 400, notice=notice, filled=filled)
    view = replace(view, chosen=choice.name)
    if not choice.payable or choice.module:
        why = "needs JavaScript, which is off in this browser" if choice.module else "is not possible on this page"
        return _render(request, view, 409, notice=f"Paying with {choice.title} {why}.", filled=filled)
    if filled.errors:
        return _render(request, view, 400, filled=filled)
    try:
        return await _pay_with(request, desk, replace(place, view=view), choice, filled)
    except Superseded:
        raise
    except PaylinksError as error:
        notice = _notice(error, choice.title)
        return _render(request, view, error_answer(error, "")[0].status, notice=notice, filled=filled)


async def _pay_with(
    request: Request[Any, Any, Any], desk: Desk, place: Place, choice: Choice, filled: Filled
) -> Response[Any]:
    """Play the payment in demo mode; otherwise lead to the provider's own page."""
    outcome = str((await request.form()).get("outcome", ""))
    brought = Brought(ip_address=desk.guards.address(request))
    word = outcome if outcome in OUTCOMES else "demo"
    try:
        given = replace(filled.given, brought=brought)
        opened = await checkouts.initialize(desk.parts, place.access, choice.name, given)
        if not choice.demo:
            return _leave(request, place.view, opened.started.browser.get("checkoutUrl"))
        payload = completion.Payload(provider=choice.name, payment_token=word, brought=brought)
        await completion.complete(desk.parts, place.access, payload)
    except (AlreadyPaid, AmountMismatch, CardDeclined, NotInitialized, OutcomeUnknown):
        pass  # it is remembered, or the order has changed meanwhile, so the page tells it
    return await _onward(desk.parts, place.access)


async def _go_on(request: Request[Any, Any, Any], desk: Desk, place: Place, payment: Payment) -> Response[Any]:
    """Take the bank's step: in demo mode it is this button, otherwise a page of the bank's."""
    parts, access = desk.parts, place.access
    try:
        token = "demo" if payment.demo else None
        payload = completion.Payload(provider=payment.provider, payment_token=token)
        done = await completion.complete(parts, access, payload)
    except (AlreadyPaid, AmountMismatch, CardDeclined, NotInitialized, OutcomeUnknown, PaymentTokenRequired):
        return await _onward(parts, access)  # as above
    except Superseded:
        raise
    except PaylinksError as error:
        notice = _notice(error, parts.providers[payment.provider].title)
        return _render(request, place.view, error_answer(error, "")[0].status, notice=notice)
    if done.action is not None and done.payment.state == "action_required":
        return _leave(request, place.view, done.action.url)
    return await _onward(parts, access)


def _leave(request: Request[Any, Any, Any], view: View, url: str | None) -> Response[bytes]:
    needed = "This step needs JavaScript, which is off in this browser. Nothing has been charged so far."
    return leave(request, view.look, url) or _render(request, view, 409, notice=needed)


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


def _render(
    request: Request[Any, Any, Any],
    view: View,
    status: int | None = None,
    *,
    notice: str | None = None,
    filled: Filled | None = None,
) -> Response[bytes]:
    wished = demo_word(view.claims.metadata.get("demo", ""))
    return page(
        "checkout.html",
        status or _STATUS.get(view.stage, 200),
        leads_to=view.claims.success_url,
        hosts=view.hosts,
        locale=locale_of(request.headers),
        look=view.look,
        view=view,
        claims=view.claims,
        filled=filled or filled_from(view.claims),
        outcomes=OUTCOMES,
        wished=wished,
        notice=notice,
    )
