"""/api/upsell: offers to the customer of a paid order, answered by whoever holds the session's id."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from paylinks_core import upsell_answers, upsells
from paylinks_core.asking import Brought

from ..errors import HttpRefusal
from .desk import Desk
from .upsell_shapes import (
    AnswerBody,
    CreateSessionBody,
    OfferAccepted,
    OfferAcceptedAnswer,
    OfferDeclined,
    OfferDeclinedAnswer,
    OfferPriced,
    OfferState,
    SessionCreated,
    SessionCreatedAnswer,
    SessionShown,
    SessionShownAnswer,
    shown,
    wanted_of,
)

__all__ = ["accept", "create_session", "decline", "show_session"]


@post(
    "/api/upsell/create-session",
    access="server",
    permission="checkouts.create",
    status_code=201,
    tags=["Upsell flow"],
)
async def create_session(
    request: Request[Any, Any, Any], data: JSONBody[CreateSessionBody], desk: NamedDependency[Desk]
) -> Response[SessionCreatedAnswer]:
    """Make offers to the customer of a paid order; the same call again finds the same session."""
    brand = await desk.guards.server(request)
    session, made = await upsells.create_session(desk.parts, brand, wanted_of(data))
    created = SessionCreated(
        session_id=session.id,
        status=session.state,
        current_offer=shown(session.current),
        offers=tuple(OfferState(id=offer.id, status=offer.status) for offer in session.offers),
        has_more_offers=sum(offer.status == "pending" for offer in session.offers) > 1,
        upsell_url=f"{desk.parts.base_url}/upsell/{session.id}",
        expires_at=session.expires_at,
    )
    return Response(SessionCreatedAnswer(data=created), status_code=201 if made else 200)


@post("/api/upsell/accept", status_code=200, tags=["Upsell flow"], access="capability")
async def accept(
    request: Request[Any, Any, Any], data: JSONBody[AnswerBody], desk: NamedDependency[Desk]
) -> OfferAcceptedAnswer:
    """Accept an offer and charge the saved method, once per session and offer, however often it is called."""
    session_id = await desk.guards.capability(request, _required(data.session_id))
    brought = Brought(ip_address=desk.guards.address(request))
    done = await upsell_answers.accept(desk.parts, session_id, data.offer_id, brought)
    session, offer, payment = done.session, done.offer, done.payment
    answered = offer.status in ("accepted", "declined")
    return OfferAcceptedAnswer(
        data=OfferAccepted(
            session_id=session.id,
            offer_id=offer.id,
            status=_status(done),
            transaction_id=payment.transaction_id if payment else None,
            order_id=session.order_id,
            amount=offer.price,
            currency=session.currency,
            has_more_offers=session.current is not None,
            next_offer=shown(session.current) if answered else None,
            next_action=done.action,
            completion_redirect_url=session.completion_redirect_url if session.current is None else None,
        )
    )


@post("/api/upsell/decline", status_code=200, tags=["Upsell flow"], access="capability")
async def decline(
    request: Request[Any, Any, Any], data: JSONBody[AnswerBody], desk: NamedDependency[Desk]
) -> OfferDeclinedAnswer:
    """Decline an offer and go on to the next."""
    session_id = await desk.guards.capability(request, _required(data.session_id))
    done = await upsell_answers.decline(desk.parts, session_id, data.offer_id)
    session = done.session
    return OfferDeclinedAnswer(
        data=OfferDeclined(
            session_id=session.id,
            offer_id=done.offer.id,
            status=done.offer.status,
            has_more_offers=session.current is not None,
            next_offer=shown(session.current),
            completion_redirect_url=session.completion_redirect_url if session.current is None else None,
        )
    )


@get("/api/upsell/session/{session_id:str}", tags=["Upsell flow"], access="capability")
async def show_session(
    request: Request[Any, Any, Any], session_id: FromPath[str], desk: NamedDependency[Desk]
) -> SessionShownAnswer:
    """Tell how far a session has come."""
    told = await upsells.show(desk.parts, await desk.guards.capability(request, session_id))
    session = told.session
    return SessionShownAnswer(
        data=SessionShown(
            session_id=session.id,
            status=session.state,
            original_order_id=told.original.order_id,
            order_id=session.order_id,
            provider=session.provider,
            currency=session.currency,
            current_offer=shown(session.current) if session.state == "active" else None,
            offers=tuple(
                OfferPriced(id=offer.id, name=offer.name, price=offer.price, status=offer.status)
                for offer in session.offers
            ),
            accepted_total=told.accepted_total,
            expires_at=session.expires_at,
        )
    )


def _required(session_id: str | None) -> str:
    if not session_id:
        raise HttpRefusal(400, "invalid_request", "Missing sessionId", details="sessionId: is required")
    return session_id


def _status(done: upsells.Answer) -> str:
    if done.offer.status in ("accepted", "declined"):
        return done.offer.status
    return "requires_action" if done.action is not None else "processing"
