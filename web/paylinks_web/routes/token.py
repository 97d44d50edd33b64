"""/api/token: checkout tokens and their short links, for a brand's own server."""

from typing import Annotated, Any

import msgspec
import segno
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from paylinks_core import links
from paylinks_core.errors import InvalidClaims
from paylinks_ports.money import MAX_AMOUNT
from paylinks_ports.records.checkouts import Claims

from ..answers import Success
from .desk import Desk

__all__ = ["GenerateAnswer", "GenerateBody", "claims_of", "generate", "show_link"]


class GenerateBody(Claims, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The claims of an order, or a cart whose amount follows from its items."""

    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] = 0
    expires_in: Annotated[int, Meta(ge=links.MIN_EXPIRES_IN, le=links.MAX_EXPIRES_IN)] = 3600


class GeneratedLink(Struct, frozen=True, kw_only=True, rename="camel"):
    """A pay link; `qr_code` is an SVG image as a data URI, `expires_at` Unix milliseconds."""

    token: str
    code: str
    checkout_url: str
    qr_code: str
    order_id: str
    amount: int
    currency: str
    expires_at: int


class GenerateAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A new pay link."""

    data: GeneratedLink


@post("/api/token/generate", access="server", permission="checkouts.create", tags=["Core checkout"])
async def generate(
    request: Request[Any, Any, Any], data: JSONBody[GenerateBody], desk: NamedDependency[Desk]
) -> GenerateAnswer:
    """Make a pay link for an order; a newer one takes the place of an older one."""
    brand = await desk.guards.server(request)
    link = await links.generate(desk.parts, brand, await claims_of(data, desk), data.expires_in)
    return show_link(link)


async def claims_of(data: GenerateBody, desk: Desk) -> dict[str, object]:
    """Read what is claimed of an order for which a link is asked.

    Raises:
        InvalidClaims: its webhook address is one that nothing is ever sent to.

    """
    if data.webhook_url and (refusal := await desk.house.sender.refusal(data.webhook_url)):
        raise InvalidClaims(f"webhookUrl: {refusal}")
    claims: dict[str, object] = msgspec.to_builtins(data)
    claims.pop("expiresIn", None)
    return claims


def show_link(link: links.Link) -> GenerateAnswer:
    """Show a new link."""
    checkout = link.checkout
    return GenerateAnswer(
        data=GeneratedLink(
            token=link.token,
            code=checkout.code,
            checkout_url=link.url,
            # A fixed mask: choosing the prettiest of eight would cost more than all the rest of the call.
            qr_code=segno.make(link.url, micro=False, error="m", boost_error=False, mask=2).svg_data_uri(scale=4),
            order_id=checkout.order_id,
            amount=checkout.claims.amount,
            currency=checkout.claims.currency,
            expires_at=checkout.expires_at,
        )
    )
