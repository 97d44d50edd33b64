"""/api/auth/magic-link, /api/auth/google and /api/auth/facebook: signing in without a password."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.response import Redirect

from paylinks_core import mailed_links, oauth
from paylinks_core.errors import NoOrganization, SignInRefused
from paylinks_core.identification import read_email
from paylinks_ports.errors import ExpiredToken, InvalidToken
from paylinks_ports.records.people import SignInProviderName

from ...guards import anyone
from ..arrivals import afterwards, send_on
from ..desk import Desk
from .accounts import EmailBody, Message, MessageAnswer

__all__ = ["request_magic_link", "sign_in_handlers", "verify_magic_link"]

_MAILED = "Check your email for the magic link."
_NAMES: tuple[SignInProviderName, ...] = ("google", "facebook")


@post("/api/auth/magic-link", status_code=200, access="public", guards=[anyone], tags=["User authentication"])
async def request_magic_link(
    request: Request[Any, Any, Any], data: JSONBody[EmailBody], desk: NamedDependency[Desk]
) -> Response[MessageAnswer]:
    """Mail a link for signing in, if there is such an account; the answer does not tell."""
    desk.guards.own_page_only(request)
    posting = afterwards(mailed_links.request_magic_link, desk.entrance, read_email(data.email))
    answer = MessageAnswer(data=Message(message=_MAILED))
    return Response(answer, status_code=200, background=posting, media_type="application/json")


@get("/api/auth/magic-link/verify", status_code=302, access="public", guards=[anyone], tags=["User authentication"])
async def verify_magic_link(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Redirect:
    """Sign in by a mailed link, which works once."""
    try:
        token, address = request.query_params.get("token", ""), desk.guards.address(request)
        admission = await mailed_links.enter(desk.entrance, token, address)
    except ExpiredToken:
        return _refused("expired_token")
    except (InvalidToken, SignInRefused):
        return _refused("invalid_token")
    except NoOrganization:
        return _refused("no_org")
    return await send_on(request, desk, admission)


def _refused(word: str) -> Redirect:
    return Redirect(f"/login?error={word}", status_code=302)


def sign_in_handlers() -> list[HTTPRouteHandler]:
    """Make the routes of every sign-in provider."""
    return [made for name in _NAMES for made in _mount(name)]


def _mount(name: SignInProviderName) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    title = name.capitalize()

    async def depart(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Redirect:
        del request
        departure = await oauth.depart(desk.entrance, name)
        cookie = desk.guards.cookies.put("sign_in", departure.browser)
        return Redirect(departure.address, status_code=302, cookies=[cookie])

    async def come_back(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Redirect:
        asked = request.query_params
        try:
            admission = await oauth.come_back(
                desk.entrance,
                name,
                code=asked.get("code"),
                state=asked.get("state"),
                browser=desk.guards.cookies.read(request, "sign_in"),
            )
        except SignInRefused as error:
            answer = _refused(error.word)
        except NoOrganization:
            answer = _refused("no_org")
        else:
            answer = await send_on(request, desk, admission)
        answer.cookies.append(desk.guards.cookies.clear("sign_in"))
        return answer

    depart.__doc__ = f"Send the browser to {title} to sign in."
    come_back.__doc__ = f"Take the browser back from {title}."
    tags = ["User authentication"]
    options: dict[str, Any] = {"status_code": 302, "access": "public", "guards": [anyone], "tags": tags}
    path = f"/api/auth/{name}"
    return (
        get(path, operation_id=f"{title}SignIn", **options)(depart),
        get(f"{path}/callback", operation_id=f"{title}Callback", **options)(come_back),
    )
