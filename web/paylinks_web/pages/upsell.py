"""/upsell/{sessionId}: offers after an order, as plain pages and forms; its script answers through the API."""

from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from paylinks_core import upsell_answers
from paylinks_core.asking import Brought
from paylinks_core.errors import (
    CardDeclined,
    NoSavedMethod,
    NotCurrentOffer,
    OutcomeUnknown,
    PaymentInProgress,
    ProviderDisabled,
    ProviderNotAllowed,
    ProviderNotConfigured,
    SessionExpired,
    UnknownProvider,
)
from paylinks_ports.errors import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable

from ..addresses import own_page
from ..errors import HttpRefusal, error_answer
from ..routes.desk import Desk
from .leaving import leave
from .locales import locale_of
from .rendering import page
from .upsell_view import UpsellView, view_of_session

__all__ = ["accept", "back", "decline", "show"]

_SEE_OTHER: Literal[303] = 303
_EXPIRED = 410


@get("/upsell/{session_id:str}")
async def show(
    request: Request[Any, Any, Any], session_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show the offer that waits for an answer."""
    return _render(request, await view_of_session(desk.parts, session_id))


@get(["/upsell/{session_id:str}/accept", "/upsell/{session_id:str}/decline"])
async def back(session_id: FromPath[str]) -> Redirect:
    """Lead who opens a form's own address, as after a reload, to the page with the form."""
    return Redirect(f"/upsell/{session_id}", status_code=_SEE_OTHER)


@post("/upsell/{session_id:str}/accept", status_code=_SEE_OTHER)
async def accept(
    request: Request[Any, Any, Any], session_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Accept the offer that the form names."""
    offer_id = await _admit(request, desk, session_id)
    brought = Brought(ip_address=desk.guards.address(request))
    try:
        done = await upsell_answers.accept(desk.parts, session_id, offer_id, brought)
    except PaylinksError as error:
        return await _told(request, desk, session_id, error)
    if done.action is not None and done.payment is not None and not done.payment.demo:
        left = leave(request, (await view_of_session(desk.parts, session_id)).look, done.action.url)
        if left is not None:
            return left
    return await _onward(desk, session_id)


@post("/upsell/{session_id:str}/decline", status_code=_SEE_OTHER)
async def decline(
    request: Request[Any, Any, Any], session_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Decline the offer that the form names."""
    offer_id = await _admit(request, desk, session_id)
    try:
        await upsell_answers.decline(desk.parts, session_id, offer_id)
    except PaylinksError as error:
        return await _told(request, desk, session_id, error)
    return await _onward(desk, session_id)


async def _admit(request: Request[Any, Any, Any], desk: Desk, session_id: str) -> str | None:
    """Refuse forms of other sites' pages, even of the brand's: those call the API."""
    if not own_page(request.headers, desk.parts.base_url):
        raise HttpRefusal(403, "origin_not_allowed", "This page may not answer")
    await desk.guards.capability(request, session_id)
    offer_id = (await request.form()).get("offerId")
    return str(offer_id) if offer_id else None


async def _onward(desk: Desk, session_id: str) -> Redirect:
    view = await view_of_session(desk.parts, session_id)
    return Redirect(view.onward if view.stage == "completed" else view.path, status_code=_SEE_OTHER)


async def _told(
    request: Request[Any, Any, Any], desk: Desk, session_id: str, error: PaylinksError
) -> Response[bytes] | Redirect:
    """Tell what did not work; what is remembered, the page itself tells."""
    match error:
        case CardDeclined() | OutcomeUnknown() | NotCurrentOffer() | SessionExpired():
            return await _onward(desk, session_id)
        case NoSavedMethod():
            notice = "This order kept no card that could be charged again. Nothing was charged."
        case PaymentInProgress():
            notice = "This offer has been accepted already, and its payment is not over yet. Please wait a moment."
        case ProviderUnavailable():
            notice = "The payment provider could not be reached. Nothing was charged; please try again."
        case CredentialsRejected() | ProviderRefused():
            notice = "The payment provider did not accept this. Nothing was charged; please tell the shop."
        case ProviderDisabled() | ProviderNotAllowed() | ProviderNotConfigured() | UnknownProvider():
            notice = "This offer can't be paid any more. Nothing was charged; you can decline it and go on."
        case _:
            raise error
    status = error_answer(error, "")[0].status
    return _render(request, await view_of_session(desk.parts, session_id), status, notice=notice)


def _render(
    request: Request[Any, Any, Any], view: UpsellView, status: int | None = None, *, notice: str | None = None
) -> Response[bytes]:
    return page(
        "upsell.html",
        status or (_EXPIRED if view.stage == "expired" else 200),
        leads_to=view.session.completion_redirect_url,
        locale=locale_of(request.headers),
        look=view.look,
        view=view,
        notice=notice,
    )
