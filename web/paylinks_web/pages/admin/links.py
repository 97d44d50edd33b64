"""/admin/links: making a pay link, and then copying it, showing its QR code or mailing it."""

from typing import Any

import segno
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec.structs import replace

from paylinks_core import link_mails, links
from paylinks_core.errors import InvalidClaims, NotKnown
from paylinks_core.identification import read_email
from paylinks_core.links import Link
from paylinks_ports.errors import PaylinksError

from ...routes.arrivals import afterwards
from ...routes.desk import Desk
from .forms import UNTROUBLED, Form, Trouble, read_amount, read_form, trouble_of
from .orders import titles_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["LIVES", "claims_of", "life_of", "mail", "make", "new", "picture_of", "show"]

LIVES = ((3_600, "1 hour"), (86_400, "1 day"), (604_800, "7 days"), (2_592_000, "30 days"))
_TEXTS = ("orderId", "currency", "productName", "productDescription", "provider", "successUrl")
_CUSTOMER = ("email", "firstName", "lastName")


@shows("/admin/links", "checkouts.create")
async def new(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Ask what is to be paid."""
    return _form(desk, await enter(request, desk))


@takes("/admin/links", "checkouts.create")
async def make(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make a link; for an unpaid order a newer one takes the place of the older one."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        link = await links.generate(desk.parts, visit.brand, claims_of(form), life_of(form))
    except PaylinksError as error:
        return _form(desk, visit, trouble_of(error, form))
    return go(f"/admin/links/{link.checkout.code}")


@shows("/admin/links/{code:str}", "checkouts.create")
async def show(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show a link."""
    visit = await enter(request, desk)
    return _shown(visit, await _find(desk, visit, code))


@takes("/admin/links/{code:str}", "checkouts.create")
async def mail(request: Request[Any, Any, Any], code: FromPath[str], desk: NamedDependency[Desk]) -> Response[Any]:
    """Mail a link to the customer."""
    visit, form = await enter(request, desk), await read_form(request)
    link = await _find(desk, visit, code)
    try:
        recipient = read_email(form.text("email"))
        actor = replace(visit.caller.actor, brand_id=visit.brand.id)
        letter = await link_mails.write(desk.entrance, visit.brand, link, recipient, actor)
    except PaylinksError as error:
        return _shown(visit, link, trouble_of(error, form))
    answer = go(f"/admin/links/{code}", "mailed")
    answer.background = afterwards(desk.entrance.mailer.send, letter)
    return answer


def claims_of(form: Form) -> dict[str, object]:
    """Read the claims of an order that a form states.

    Raises:
        InvalidInput: its amount is none.

    """
    claims: dict[str, object] = {name: form.text(name) for name in _TEXTS if form.text(name)}
    claims["currency"] = form.text("currency").upper()
    claims["amount"] = read_amount(form, "amount", form.text("currency").upper())
    customer = {name: form.text(f"customer.{name}") for name in _CUSTOMER if form.text(f"customer.{name}")}
    if customer:
        claims["customer"] = customer
    return claims


def life_of(form: Form) -> int:
    """Read how many seconds a link shall live.

    Raises:
        InvalidClaims: it is none of what is offered.

    """
    for seconds, _ in LIVES:
        if form.text("expiresIn") == str(seconds):
            return seconds
    raise InvalidClaims("expiresIn: is none of those offered")


def picture_of(link: Link) -> str:
    """Draw a link's QR code, as a data URI."""
    return segno.make(link.url, micro=False, error="m", boost_error=False, mask=2).svg_data_uri(scale=5)


async def _find(desk: Desk, visit: Visit, code: str) -> Link:
    link = await links.find_link(desk.parts, code)
    if link is None or link.checkout.brand_id != visit.brand.id:
        raise NotKnown("code: there is no such link")
    return link


def _form(desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    suggested = desk.parts.ids.code()
    return visit.render(
        "link_form.html",
        trouble,
        brand=visit.brand,
        lives=LIVES,
        providers=titles_of(desk),
        suggested=f"order-{suggested}",
    )


def _shown(visit: Visit, link: Link, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    return visit.render("link.html", trouble, link=link, picture=picture_of(link))
